"""Torture, as curl's tests do it: a run in which every call to the system fails in turn, one at a time.

Whatever fails: no traceback, the exit code is right, nothing alive is called dead, what earlier runs knew is still known,
and the next run is as if nothing had been. The suite takes the first, the middle and the last call of each kind, and one
error for it; `make torture` (TORTURE=all) every call.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from linkcheck.memory import history, lines
from tests.shared import ROOT
from tests.web import Web, environment
from tests.web import behaviours as b
from tests.web.reading_list import stand_in

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the faults are put into POSIX calls")

IS_WHOLE = os.environ.get("TORTURE") == "all"
WORKERS = 2
SECONDS = 120.0  # for one run, on any machine: it takes one
FAILING = {"dead", "gone", "invalid"}
FLAGS = ("--second-look", "0.1", "--max-age", "0", "--timeout", "5", "--format", "json", "--memory", "memory")
WRITES = ("file.", "os.", "sqlite.", "fcntl.")  # what may leave something to the next run
OLD_S = 3 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Fault:
    """The call of this number of its kind fails with this error."""

    kind: str = ""
    number: int = 0
    error: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}:{self.error}"


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    stdout: str
    stderr: str

    @property
    def states(self) -> dict[str, str]:
        return {link["url"]: link["state"] for link in json.loads(self.stdout)["links"]}


class Rack:
    """A list in a web, and a folder as an earlier run has left it."""

    def __init__(self, web: Web, folder: Path) -> None:
        self.web, self.folder = web, folder
        self.before = folder / "before"
        self.before.mkdir()
        stand_in(web)
        self.dead = web.on("a.test", "/dead", b.answer(404))
        web.on("soft.test", "*", b.page("<title>Page not found</title><p>Sorry."))
        web.names["unknown.test"] = "nxdomain"
        self.links = {
            web.on("a.test", "/", b.page()): "ok",
            web.on("c.test", "/old", b.redirect(301, web.on("c.test", "/new", b.page()))): "moved",
            self.dead: "dead",
            web.on("slow.test", "/", b.slow(0.2, b.page())): "ok",
            web.on("gzip.test", "/", b.gzipped()): "ok",
            "https://arxiv.org/abs/1706.03762": "ok",
            "https://soft.test/a": "gone",
            "https://unknown.test/": "dead",
        }
        text = "".join(f"- [Link {n}]({url})\n" for n, url in enumerate(self.links))
        (self.before / "l.md").write_text(f"# Links\n\n{text}", encoding="utf-8")
        first = self.run(self.before)
        assert first.states == self.links, first.stderr
        self.known = self.remembered(self.before)
        assert self.known[0] == set(self.links) == self.known[1]

    def run(self, folder: Path, fault: Fault | None = None, **more: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile.faults", "run", "l.md", *self.web.flags, *FLAGS], cwd=folder,
            env=environment(self.web, LINKCHECK_NO_MEMORY="false", PYTHONPATH=str(ROOT), FAULT=str(fault or ""), **more),
            capture_output=True, encoding="utf-8", timeout=SECONDS, check=False,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout, done.stderr)

    def copy(self, name: str) -> Path:
        folder = self.folder / name
        shutil.copytree(self.before, folder)
        return folder

    def counts(self) -> Counter[str]:
        """How often a run without a fault makes each kind of call."""
        counts = self.folder / "counts.json"
        done = self.run(self.copy("counted"), FAULT_COUNTS=str(counts))
        assert (done.code, done.states) == (1, self.links), done.stderr
        return Counter(json.loads(counts.read_text()))

    def remembered(self, folder: Path) -> tuple[set[str], set[str]]:
        """The URLs that the history and the database know."""
        written = (folder / "reports" / history.FILE).read_bytes().splitlines()[1:]
        (base,) = (folder / "memory").glob("*.sqlite3")
        with closing(sqlite3.connect(base)) as opened:
            assert opened.execute("pragma integrity_check").fetchone() == ("ok",)
            facts = {url for (url,) in opened.execute("select url from facts")}
        return {lines.load(line).url for line in written}, facts

    def torment(self, fault: Fault) -> str:
        """What is wrong after a run with `fault`, and after the next one without; '' where nothing is."""
        folder = self.copy(str(fault).replace(":", "-"))
        try:
            done = self.run(folder, fault)
            self._judge(done, folder)
            if IS_WHOLE or fault.kind.startswith(WRITES):
                age(folder)
                self._judge_next(self.run(folder), folder)
        except (AssertionError, ValueError, sqlite3.Error, subprocess.TimeoutExpired) as error:
            return f"{fault}: {type(error).__name__}: {error}"
        shutil.rmtree(folder)
        return ""

    def _judge(self, done: Outcome, folder: Path) -> None:
        said = f"exit {done.code}: {done.stderr[-1500:]}"
        assert "Traceback" not in done.stderr, said
        assert "internal error" not in done.stderr, said
        assert done.code in (0, 1, 2, 3), said
        if done.code in (2, 3):
            assert "error: " in done.stderr, said
        if done.code in (0, 1):
            states = done.states
            assert list(states) == list(self.links), states
            assert done.code == int(bool(FAILING & set(states.values()))), (states, said)
            self._judge_states(states, said)
            for name in ("l.yaml", "l.md"):
                report, old = folder / "reports" / name, self.before / "reports" / name
                assert report.stat().st_mtime_ns != old.stat().st_mtime_ns, f"{name} was not written: {said}"
        written = folder / "reports/l.yaml"
        listed = yaml.safe_load(written.read_bytes())["references"]
        self._judge_states({one["URL"]: one["custom"]["state"] for one in listed}, said)
        assert len(listed) == len(self.links), said
        assert (folder / "reports/l.md").read_text(encoding="utf-8").startswith("# Links"), said
        lines, facts = self.remembered(folder)
        assert self.known[0] <= lines, (self.known[0] - lines, said)
        assert self.known[1] <= facts, (self.known[1] - facts, said)

    def _judge_states(self, states: dict[str, str], said: str) -> None:
        wrong = {url: state for url, state in states.items() if state in FAILING and self.links[url] not in FAILING}
        assert not wrong, (wrong, said)

    def _judge_next(self, done: Outcome, folder: Path) -> None:
        assert (done.code, done.states) == (1, self.links), (done.states, done.stderr)
        assert done.stderr == "", done.stderr
        assert [
            path.name for path in folder.rglob("*") if path.name.endswith((".tmp", ".new")) or ".partial." in path.name
        ] == []
        assert self.remembered(folder) == self.known


def age(folder: Path) -> None:
    """Make temporary files old, as they are when the next run comes."""
    then = time.time() - OLD_S
    for left in (folder / "reports").glob(".linkcheck-*"):
        os.utime(left, (then, then))


def faults(counts: Counter[str]) -> Iterator[Fault]:
    """First, middle and last call of each kind with an error each; or every call, with the errors in turn."""
    from tests.hostile.faults import errors_of

    for kind, number in sorted(counts.items()):
        errors = errors_of(kind)
        numbers = range(1, number + 1) if IS_WHOLE else sorted({1, (number + 1) // 2, number})
        for at, one in enumerate(numbers):
            yield Fault(kind, one, errors[at % len(errors)])


@pytest.fixture
def rack(web: Web, tmp_path: Path) -> Rack:
    return Rack(web, tmp_path)


def test_no_failure_of_the_system_costs_more_than_what_failed(rack: Rack) -> None:
    counts = rack.counts()
    cases = list(faults(counts))
    assert len(cases) > 40, cases
    with ThreadPoolExecutor(WORKERS) as pool:
        wrong = [words for words in pool.map(rack.torment, cases) if words]
    assert not wrong, f"{len(wrong)} of {len(cases)}:\n" + "\n\n".join(wrong)
