"""The repository that a folder belongs to: what lies inside it came from others, and may reach no further."""

from __future__ import annotations

import os
from pathlib import Path

_MARKS = (".git", ".hg", ".jj")  # folders; in a worktree or a submodule of Git a file


def root(folder: Path) -> Path | None:
    """The nearest folder at or above `folder` that is a repository's root."""
    for here in (folder, *folder.parents):
        if any(os.path.lexists(here / mark) for mark in _MARKS):
            return here
    return None


def holds(repository: Path, path: Path) -> bool:
    """Whether `path` is a place in `repository`, once links and `..` are followed, and not in what Git keeps there."""
    top, place = Path(os.path.realpath(repository)), Path(os.path.realpath(path))
    return place.is_relative_to(top) and not any(part.lower() in _MARKS for part in place.relative_to(top).parts)


def leads_out(path: Path) -> bool:
    """Whether links lead from `path`, which lies in a repository, to where that one does not hold it.

    The repository itself may be what a link of another one, further up, leads to.
    """
    place, target = os.path.abspath(path), os.path.realpath(path)  # noqa: PTH100 (resolve follows links)
    repository = root(Path(place).parent) if place != target else None
    if repository is None:
        return False
    return _leaves(repository, Path(place), Path(target)) or leads_out(repository)


def _leaves(repository: Path, place: Path, target: Path) -> bool:
    as_named = Path(os.path.realpath(repository), place.relative_to(repository))
    return target != as_named and not holds(repository, target)
