from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web import Web, environment

# Whoever started the tests may ignore signals (a job in the background does): programs that they start would too.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# The longest tests come first, so that none of them is what the others' processes wait for at the end (pytest-xdist).
LONGEST = ("tests/hostile/test_torture.py", "tests/test_install.py", "tests/hostile/test_lists.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


Program = Callable[..., "subprocess.CompletedProcess[str]"]
LINKCHECK = str(Path(sys.executable).parent / "linkcheck")


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as found:
        yield found


@pytest.fixture
def linkcheck(web: Web, tmp_path: Path) -> Program:
    """The installed program, as a subprocess in a folder of its own, inside `web`."""

    def run(
        *arguments: str, stdin: str = "", timeout: float = 60, cwd: Path = tmp_path, **more: str
    ) -> subprocess.CompletedProcess[str]:
        is_fetching = arguments[:1] in (("run",), ("hook",), ("explain",), ("baseline",), ("fix",))
        command = [LINKCHECK, *arguments]
        if is_fetching:
            command[2:2] = [*web.flags, "--second-look", "0.2"]
        return subprocess.run(
            command, cwd=cwd, env=environment(web, **more), input=stdin, capture_output=True, encoding="utf-8",
            timeout=timeout, check=False,
        )  # fmt: skip

    return run
