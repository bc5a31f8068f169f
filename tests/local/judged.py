"""A folder of files, and what is said of the links of one of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from linkcheck import read
from linkcheck.local.checker import Checker
from linkcheck.model import Unchecked


def written(top: Path, files: dict[str, str | bytes], *, is_checkout: bool = True) -> Path:
    """`top` with `files` in it; a checkout has a `.git`, though none that git would take for a repository."""
    if is_checkout:
        (top / ".git").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        file = top / name
        if name.endswith("/"):
            file.mkdir(parents=True, exist_ok=True)
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return top


class Judged(NamedTuple):
    """`mended` is the list with its first repair applied, '' without one."""

    state: str
    rule: str
    reason: str
    mended: str
    advice: str

    @property
    def short(self) -> str:
        return f"{self.state}[{self.rule}]" if self.rule else self.state


WEB = Judged("web", "", "", "", "")  # what is left to a request


def judged_all(top: Path, name: str, checker: Checker | None = None) -> list[Judged]:
    """What is said of each link of a list in `top`."""
    path = top / name
    data = path.read_bytes()
    checker = checker or Checker(top)
    found = [checker.judge(link) for link in read.read(data, os.fspath(path)).links]
    return [_judged(one, data) if one else WEB for one in found]


def judged(top: Path, markdown: str, name: str = "README.md", checker: Checker | None = None) -> Judged:
    """What is said of the one link in `markdown`, written to the list `name`."""
    written(top, {name: markdown}, is_checkout=False)
    [one] = judged_all(top, name, checker)
    return one


def short(top: Path, url: str, name: str = "README.md", checker: Checker | None = None) -> str:
    """`state[rule]` of an inline link in the list `name`, or 'web'."""
    return judged(top, f"# List\n\n[t]({url})\n", name, checker).short


def _judged(one: Unchecked, data: bytes) -> Judged:
    mended = ""
    if one.repair:
        start, end = one.repair.span
        mended = (data[:start] + one.repair.text.encode() + data[end:]).decode()
    return Judged(one.state, one.rule, one.reason, mended, one.advice)


OK, NO_FILE, NO_PLACE = "ok[file-there]", "dead[missing-file]", "dead[missing-fragment]"
SKIPPED, SKIPPED_IN_PAGE = "skipped[relative-link]", "skipped[in-page-link]"
