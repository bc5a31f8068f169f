"""The progress bar: on a terminal, and nowhere else."""

from __future__ import annotations

import os
import struct
import subprocess
from pathlib import Path

import pytest

from linkcheck.cli.progress import bar
from tests.cli.test_run import write
from tests.conftest import LINKCHECK
from tests.web import Web, environment
from tests.web import behaviours as b


def test_a_terminal_gets_a_progress_bar(web: Web, tmp_path: Path) -> None:
    pty, fcntl, termios = (pytest.importorskip(name) for name in ("pty", "fcntl", "termios"))
    write(tmp_path, *(web.on("a.test", f"/{n}", b.slow(0.1, b.page())) for n in range(8)))
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.set_blocking(outer, False)
    done = subprocess.run(
        [LINKCHECK, "run", "l.md", "--no-files", *web.flags], cwd=tmp_path, env=environment(web, TERM="xterm"), stderr=inner,
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    shown = os.read(outer, 65_536).decode()
    os.close(inner)
    os.close(outer)
    assert "8/8" in shown or "/8" in shown
    assert done.stdout == "8 links: 8 ok\n"


def test_there_is_none_elsewhere() -> None:
    with bar() as shown:
        assert shown is None
