"""What a change changed: which files, under which names, with which contents before and after.

Paths are relative to the top of the work tree, with `/`; bytes that are not UTF-8 are kept as `os.fsdecode` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from linkcheck.git import process
from linkcheck.git.process import REGULAR, GitError, NoGitError
from linkcheck.model import Value, replace

ON_DISK = ""
_MOST_NAMES = 100  # pairs of more files are compared by their object names only
_MOST_PARENTS = 64
_LEAST_ALIKE = 90  # per cent of a file that make it a copy of another: short files are half alike by chance
_HEADS = "GITHEAD_"
_LACKS_CONTENTS = ("promisor remote", "lazy fetching disabled")  # promisor-remote.c, packfile.c of git 2.39
_DIFF = (
    "diff", "--raw", "-z", "--no-abbrev", "--find-copies", f"-l{_MOST_NAMES}", "--ignore-submodules=dirty",
    "--no-ext-diff", "--no-textconv", "--no-relative", "-O/dev/null",
)  # fmt: skip


class File(Value, frozen=True):
    """One file before and after the change; a path is '' where there was none.

    `old` and `new` are the object names of its contents, ON_DISK for the file in the work tree, and None where it is
    no regular file, or not there.
    """

    before: str
    after: str
    old: str | None
    new: str | None
    is_copy: bool = False


class Place(Value, frozen=True):
    """The top of a work tree, and git's own folder of it; both absolute."""

    top: Path
    git: Path


def place(folder: Path) -> Place:
    """The work tree that `folder` belongs to, or that git's own environment names. Raises GitError.

    GIT_DIR alone, as hooks of linked worktrees have it, would make any current folder the top of the work tree. A
    repository's own configuration (`core.worktree`) may not name a tree elsewhere.
    """
    is_named = "GIT_WORK_TREE" in os.environ
    here = folder if is_named else _root(folder)
    try:
        found = process.run(here, "rev-parse", "--is-inside-work-tree", "--show-cdup", "--git-dir")
    except GitError as error:
        if "not a git repository" in error.what:
            raise NoGitError("this is no git repository", where=str(folder), code=error.code) from error
        raise
    is_inside, _, rest = os.fsdecode(found).partition("\n")
    if is_inside != "true":
        raise NoGitError("this is no work tree of a git repository (a bare one has none)", where=str(folder))
    up, _, git = rest.removesuffix("\n").partition("\n")
    top = Path(os.path.realpath(here / up))
    if not is_named and top != here:
        raise GitError("the repository's configuration names a work tree elsewhere", where=str(top))
    return Place(top, here / git)


def _root(folder: Path) -> Path:
    """The nearest folder at or above `folder` with a `.git`, else `folder`; links resolved."""
    here = Path(os.path.realpath(folder))
    return next((one for one in (here, *here.parents) if os.path.lexists(one / ".git")), here)


def staged(place: Place) -> list[tuple[File, ...]]:
    """What the index changes: against HEAD, and in a merge against each other parent. Raises GitError.

    Without a first commit everything is new. GIT_INDEX_FILE is minded: it names the index of a partial commit.
    """
    parents: list[tuple[str, ...]] = [(), *((one,) for one in _merged(place.git))]
    return [_compared(place.top, "--cached", *parent) for parent in parents]


def _merged(git: Path) -> list[str]:
    """The commits that a merge in progress brings in: git-merge(1) keeps them in MERGE_HEAD, one a line, and while its
    own hooks run in names of variables (builtin/merge.c, git 2.39)."""
    try:
        with (git / "MERGE_HEAD").open("rb") as file:
            lines = file.read(100 * _MOST_PARENTS).split()
    except OSError:
        lines = []
    lines += [name.removeprefix(_HEADS).encode() for name in os.environ if name.startswith(_HEADS)]
    return [line.decode() for line in dict.fromkeys(lines) if _is_name(line)][:_MOST_PARENTS]


def since(top: Path, revision: str) -> tuple[File, ...]:
    """What the work tree changes against the merge base of `revision` and HEAD, untracked files included. Raises
    GitError."""
    base = merge_base(top, commit(top, revision), "HEAD", revision)
    changed = _compared(top, base, config=_no_filters(top))
    untracked = process.run(top, "ls-files", "--others", "--exclude-standard", "-z")
    names = [os.fsdecode(name) for name in untracked.split(b"\0") if name and not name.endswith(b"/")]
    new = (File("", name, None, ON_DISK) for name in names if not (top / name).is_symlink())
    return (*(replace(file, new=file.new and ON_DISK) for file in changed), *new)


def between(top: Path, first: str, last: str) -> tuple[File, ...]:
    """What the commit `last` changes against the merge base of both. Raises GitError."""
    end = commit(top, last)
    return _compared(top, merge_base(top, commit(top, first), end, first), end)


def commit(folder: Path, revision: str) -> str:
    """The object name of a commit. Raises GitError."""
    unknown = GitError(
        f"git knows no commit {revision!r} here", where=str(folder),
        help="check its name; git fetch gets other branches, git fetch --unshallow what a shallow clone lacks "
        "(actions/checkout: fetch-depth: 0)",
    )  # fmt: skip
    if not revision or revision.startswith("-") or "\0" in revision:
        raise unknown
    try:
        found = process.run(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    except GitError as error:
        if error.code is None:
            raise
        raise unknown from error
    if not _is_name(found):
        raise unknown
    return found.decode()


def merge_base(folder: Path, one: str, other: str, shown: str) -> str:
    """The best common ancestor of two commits; `shown` is what messages call the first. Raises GitError."""
    try:
        return process.run(folder, "merge-base", one, other).decode().strip()
    except GitError as error:
        if error.code != 1:
            raise
        if process.is_shallow(folder):
            raise GitError(
                f"this shallow clone does not reach back to the merge base with {shown!r}", where=str(folder),
                help="git fetch --deepen=100, or git fetch --unshallow (actions/checkout: fetch-depth: 0)",
            ) from error  # fmt: skip
        raise GitError(f"{shown!r} has no commit in common with this branch", where=str(folder)) from error


def _compared(folder: Path, *sides: str, config: Mapping[str, str] | None = None) -> tuple[File, ...]:
    try:
        return tuple(parsed(process.run(folder, *_DIFF, *sides, "--", config=config or {})))
    except GitError as error:
        if any(words in error.what for words in _LACKS_CONTENTS):  # git compares contents to find renames
            what = "this clone lacks contents of the files that were changed"
            raise GitError(what, where=str(folder), help=process.WHOLE_CLONE) from error
        raise


def parsed(raw: bytes) -> Iterator[File]:
    """The files of `git diff --raw -z` (git-diff(1), RAW OUTPUT FORMAT). Raises GitError."""
    fields = iter(raw.split(b"\0")[:-1])
    for head in fields:
        parts = head.split(b" ")
        before = next(fields, b"")
        status = parts[-1][:1]
        after = next(fields, b"") if status in (b"R", b"C") else before
        if len(parts) != 5 or not head.startswith(b":") or _leads_out(before) or _leads_out(after):
            raise GitError("git diff printed what is no list of files")
        old = parts[2].decode() if parts[0].startswith(b":" + REGULAR) and _is_name(parts[2]) else None
        new = parts[3].decode() if parts[1].startswith(REGULAR) and _is_name(parts[3]) else None
        alike = int(parts[4][1:]) if parts[4][1:].isdigit() else 0
        if status == b"A" or (status == b"C" and alike < _LEAST_ALIKE):
            before, old = b"", None
        yield File(
            os.fsdecode(before), "" if status == b"D" else os.fsdecode(after), old, new, bool(before) and status == b"C"
        )


def _leads_out(path: bytes) -> bool:
    """Whether this is no path in a work tree: an index that was forged could name others."""
    return not path or path.startswith(b"/") or b".." in path.split(b"/")


def _is_name(text: bytes) -> bool:
    """Whether this can be an object name: SHA-1 or SHA-256 in hexadecimal digits."""
    return len(text) in (40, 64) and not text.strip(b"0123456789abcdef")


def _no_filters(folder: Path) -> dict[str, str]:
    """Settings without the programs that the repository names for the contents of files (gitattributes(5), `filter`):
    to compare the work tree git would run them."""
    pattern = r"^filter\..*\.(clean|smudge|process|required)$"
    try:
        names = process.run(folder, "config", "-z", "--name-only", "--get-regexp", pattern)
    except GitError as error:
        if error.code != 1:  # 1: there are none
            raise
        return {}
    keys = [os.fsdecode(name) for name in names.split(b"\0") if name]
    return {key: "false" if key.endswith(".required") else "" for key in keys}
