"""What docs/extending.md promises: a site, a reader, a format and a rule of another distribution, one file each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LINKCHECK, Program
from tests.shared import ROOT
from tests.test_plugins import install
from tests.web import Web, environment
from tests.web import behaviours as b

EXAMPLES = ROOT / "docs" / "extending"
ENTRY_POINTS = """
[linkcheck.sites]
shelf = shelf_site
[linkcheck.readers]
shelf = shelf_reader:READER
[linkcheck.formats]
csv = shelf_csv
[linkcheck.rules]
shelf = shelf_rule
"""
BROKEN = """
[linkcheck.sites]
raises = broken_site
missing = no_such_module_here
[linkcheck.readers]
taken = taken_reader
[linkcheck.formats]
other = broken_format
[linkcheck.rules]
nowhere = broken_rule
"""
TAKEN = """
from linkcheck.contracts import Reader
from linkcheck.model import Document
READER = Reader("mine", (".md",), lambda data, path: Document(path, ()))
"""


@pytest.fixture
def shelf(tmp_path: Path, web: Web) -> dict[str, str]:
    """A distribution of four files, the sources that docs/extending.md shows; the environment that has it."""
    folder = tmp_path / "packages"
    modules = {path.stem: path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("shelf_*.py"))}
    assert sorted(modules) == ["shelf_csv", "shelf_reader", "shelf_rule", "shelf_site"]
    install(folder, ENTRY_POINTS, **modules)
    web.on("api.shelf.test", "/books", b.answer(200, json.dumps({"7": "A book", "8": None}).encode()))
    web.on("shelf.test", "/7", b.page())
    web.on("shelf.test", "/8", b.page())
    web.on("a.test", "/", b.page())
    web.on("a.test", "/draft/x", b.page())
    return {"PYTHONPATH": str(folder)}


def test_each_is_one_file(shelf: dict[str, str], linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / "l.shelf").write_text(
        "https://shelf.test/7\nhttps://shelf.test/8\nhttps://a.test/\nhttps://a.test/draft/x\n"
    )
    done = linkcheck("run", "l.shelf", "--format", "csv", **shelf)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "url,state,rule,title",
        "https://shelf.test/7,ok,site-confirms,A book",
        "https://shelf.test/8,gone,site-denies,",
        "https://a.test/,ok,http-ok,A page",
        "https://a.test/draft/x,restricted,draft,A page",
    ]
    assert (tmp_path / "reports" / "l.csv").read_text() == done.stdout
    assert "type: book" in (tmp_path / "reports" / "l.yaml").read_text()


def test_they_are_there_in_every_command(shelf: dict[str, str], linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / "l.shelf").write_text("https://shelf.test/7\n")
    assert linkcheck("links", "l.shelf", **shelf).stdout == "l.shelf:1:1: https://shelf.test/7\n"
    assert "restricted" in linkcheck("explain", "draft", **shelf).stdout
    assert "{text,csv,json,markdown,yaml}" in linkcheck("run", "--help", **shelf).stdout.replace("\n", "")
    assert "known to shelf 7" in linkcheck("explain", "https://shelf.test/7", "--no-memory", **shelf).stdout


def test_without_the_distribution_there_is_none(linkcheck: Program, tmp_path: Path) -> None:
    assert linkcheck("explain", "draft").returncode == 2
    (tmp_path / "l.md").write_text("")
    assert linkcheck("run", "l.md", "--format", "csv").returncode == 2


def test_what_is_broken_is_named_and_left_out(linkcheck: Program, tmp_path: Path, web: Web) -> None:
    folder = tmp_path / "packages"
    install(
        folder, BROKEN, broken_site="raise RuntimeError('\\x1b[31m no')", taken_reader=TAKEN,
        broken_format="FORMAT = 7", broken_rule="RULE = None",
    )  # fmt: skip
    (tmp_path / "l.md").write_text(f"<{web.on('a.test', '/', b.page())}>\n")
    done = linkcheck("run", "l.md", "--no-files", PYTHONPATH=str(folder))
    assert done.returncode == 0
    assert done.stdout == "1 link: 1 ok\n"
    told = done.stderr.splitlines()
    assert [line.partition(" of a plug-in is left out: ")[0] for line in told] == [
        "warning: the site 'missing'",
        "warning: the site 'raises'",
        "warning: the reader 'taken'",
        "warning: the format 'other'",
        "warning: the rule 'nowhere'",
    ]
    assert "\x1b" not in done.stderr
    assert os.linesep.join(told).count("Traceback") == 0


@pytest.mark.parametrize("module", [(), ("-m", "linkcheck")], ids=["the command", "python -m"])
def test_a_repository_that_is_checked_cannot_add_one(tmp_path: Path, web: Web, module: tuple[str, ...]) -> None:
    install(tmp_path, "[linkcheck.sites]\nevil = evil\n", evil="open('loaded', 'w')\n")
    (tmp_path / "l.md").write_text("<https://a.test/>\n")
    program = [sys.executable, *module] if module else [LINKCHECK]
    done = subprocess.run(
        [*program, "links", "l.md"], cwd=tmp_path, env=environment(web), capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("l.md:1:2: https://a.test/\n", "")
    assert not (tmp_path / "loaded").exists()
