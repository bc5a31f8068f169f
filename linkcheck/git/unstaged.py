"""Whether a file is as git has it in the index, so that a change to it can be undone.

Compared by content, without `git status`, which runs the filters that a repository names.
"""

from __future__ import annotations

from hashlib import sha1, sha256
from pathlib import Path

from linkcheck.git import process

_SHA256_DIGITS = 64


def is_unstaged(path: Path, data: bytes) -> bool:
    """Whether `data`, the content of the file `path`, is not in the index: changed, not added, or in conflict. Line
    ends may differ, which git can convert. Raises GitError: no repository, no git."""
    staged = process.run(path.parent, "ls-files", "--stage", "-z", "--", path.name)
    entries = [entry for entry in staged.split(b"\0") if entry]
    if len(entries) != 1:
        return True
    blob = entries[0].split(b"\t")[0].split(b" ")[1].decode()
    return blob not in (_blob(data, len(blob)), _blob(data.replace(b"\r\n", b"\n"), len(blob)))


def _blob(data: bytes, digits: int) -> str:
    """The name of a blob (gitformat-pack; Git manual, git-hash-object)."""
    content = b"blob %d\0" % len(data) + data
    return (sha256(content) if digits == _SHA256_DIGITS else sha1(content, usedforsecurity=False)).hexdigest()
