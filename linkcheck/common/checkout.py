"""The repository that a folder belongs to. Its files are untrusted: they may not lead out of it."""

from __future__ import annotations

import os
from pathlib import Path

_MARKERS = (".git", ".hg", ".jj")  # folders; `.git` is a file in a worktree or a submodule


def root(folder: Path) -> Path | None:
    """The nearest folder at or above `folder` that is a repository's root."""
    for here in (folder, *folder.parents):
        if any(os.path.lexists(here / marker) for marker in _MARKERS):
            return here
    return None


def holds(repository: Path, path: Path) -> bool:
    """Whether `path`, with links and `..` resolved, is in `repository` and not in its `.git` or the like."""
    top, place = Path(os.path.realpath(repository)), Path(os.path.realpath(path))
    return place.is_relative_to(top) and not any(part.lower() in _MARKERS for part in place.relative_to(top).parts)


def leads_out(path: Path) -> bool:
    """Whether symbolic links lead from `path`, which lies in a repository, out of that repository.

    The repository may itself be the target of a link in another one further up; that is checked too.
    """
    place, target = os.path.abspath(path), os.path.realpath(path)  # noqa: PTH100 (resolve follows links)
    repository = root(Path(place).parent) if place != target else None
    if repository is None:
        return False
    return _leaves(repository, Path(place), Path(target)) or leads_out(repository)


def _leaves(repository: Path, place: Path, target: Path) -> bool:
    as_named = Path(os.path.realpath(repository), place.relative_to(repository))
    return target != as_named and not holds(repository, target)
