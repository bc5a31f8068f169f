"""The victim: the installed program, within limits of memory and time, between two honest links."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LINKCHECK
from tests.web import Web, environment
from tests.web import behaviours as b

MEMORY_MB = 1_000  # of addresses; a run of a few links takes half of it
SECONDS = 60.0  # for any machine; a run takes two
_LIMITED = (
    "import os, resource, sys; resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]) << 20,) * 2); "
    "os.execv(sys.argv[2], sys.argv[2:])"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run printed; `links` are (state, rule) by URL where it printed JSON."""

    code: int
    stdout: str
    stderr: str
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


class Victim:
    """linkcheck in `folder` and `web`, with two honest links."""

    def __init__(self, web: Web, folder: Path) -> None:
        self.web, self.folder = web, folder
        self.honest = [web.on("first.honest.test", "/", b.page()), web.on("second.honest.test", "/", b.page())]

    def call(
        self, *arguments: str, memory_mb: int = MEMORY_MB, seconds: float = SECONDS, stdin: str = "", **more: str
    ) -> Outcome:
        """Any command, as it stands. No traceback is printed and no limit is passed, or the test fails."""
        command = [LINKCHECK, *arguments]
        if os.name != "nt":
            command = [sys.executable, "-c", _LIMITED, str(memory_mb), *command]
        done = subprocess.run(
            command, cwd=self.folder, env=environment(self.web, **more), input=stdin, capture_output=True,
            encoding="utf-8", timeout=seconds, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        assert "internal error" not in done.stderr, done.stderr
        return Outcome(done.returncode, done.stdout, done.stderr)

    def run(
        self, *urls: str, text: str = "", flags: Sequence[str] = (), files: bool = False,
        memory_mb: int = MEMORY_MB, seconds: float = SECONDS,
    ) -> Outcome:  # fmt: skip
        """`linkcheck run` over a list of the first honest link, the `urls` (or the Markdown `text`), and the second;
        with report files where `files`. The honest links are ok, the exit code is 0 or 1."""
        middle = text or "".join(f"- [Link {number}](<{url}>)\n" for number, url in enumerate(urls))
        first, second = (f"- [Honest]({url})\n" for url in self.honest)
        (self.folder / "l.md").write_text(f"# Links\n\n{first}\n{middle}\n\n{second}", encoding="utf-8")
        flags = [*self.web.flags, "--second-look", "0.2", *([] if files else ["--no-files"]), *flags]
        done = self.call(
            "run", "l.md", *flags, "--format", "json", memory_mb=memory_mb, seconds=seconds
        )  # fmt: skip
        assert done.code in (0, 1), done.stderr
        data = json.loads(done.stdout)
        links = {link["url"]: (link["state"], link["rule"]) for link in data["links"]}
        assert [links[url] for url in self.honest] == [("ok", "http-ok")] * 2, links
        return Outcome(done.code, done.stdout, done.stderr, links, data)


@pytest.fixture
def victim(web: Web, tmp_path: Path) -> Victim:
    return Victim(web, tmp_path)
