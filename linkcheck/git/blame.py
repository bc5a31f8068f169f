"""When each line of a file was added, by `git blame` of the last commit.

Neither the work tree's file nor its attributes are read by git, so that no filter that a repository names is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from linkcheck.git import process

_MOST_LINES = 2_000
_LONGEST_S = 300.0  # a long history of a long file
_HEADER = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) \d+ (\d+)(?: \d+)?")
_TIME = b"author-time "
_LAST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


def added(path: Path, wanted: Mapping[int, str]) -> dict[int, date | None]:
    """The day (UTC) on which each of the `wanted` lines, by number, was added; None if it is not committed.

    Lines are found by their text, blanks at the ends ignored, so that they may have moved since. Raises GitError: no
    repository, no commit, no git.
    """
    folder, name = path.parent, path.name
    committed = _committed(folder, name)
    places = dict[str, int]()
    for number, text in enumerate(committed, 1):
        places.setdefault(text.strip(), number)
    found = {number: places.get(text.strip()) for number, text in wanted.items()}
    days = _days(folder, name, sorted({place for place in found.values() if place})[:_MOST_LINES])
    return {number: days.get(place) if place else None for number, place in found.items()}


def _committed(folder: Path, name: str) -> list[str]:
    """The lines of a file in the last commit, none if it is not there."""
    process.run(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if not process.run(folder, "ls-tree", "-z", "HEAD", "--", name):
        return []
    data = process.run(folder, "cat-file", "blob", f"HEAD:./{name}")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding, errors="replace").split("\n")


def _days(folder: Path, name: str, places: list[int]) -> dict[int, date]:
    if not places:
        return {}
    ranges = [part for place in places for part in ("-L", f"{place},{place}")]
    options = ("--line-porcelain", "--no-textconv", "-w", "-M")
    printed = process.run(folder, "blame", *options, *ranges, "HEAD", "--", name, timeout_s=_LONGEST_S)
    return dict(_parsed(printed))


def _parsed(printed: bytes) -> Iterator[tuple[int, date]]:
    """The lines of `git blame --line-porcelain`: a header, fields, and the text behind a tab."""
    place = 0
    for line in printed.split(b"\n"):
        if found := _HEADER.fullmatch(line):
            place = int(found[2])
        elif line.startswith(_TIME):
            seconds = line.removeprefix(_TIME)
            if seconds.isdigit() and len(seconds) < 13 and int(seconds) < _LAST:
                yield place, datetime.fromtimestamp(int(seconds), UTC).date()
