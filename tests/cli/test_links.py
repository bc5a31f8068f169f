"""`linkcheck links`: what would be looked at, without any request."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import LINKCHECK, Program
from tests.web import Web


def test_links_prints_what_would_be_looked_at(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / "l.md").write_text("# S\n\n- [T](https://A.test/x#y) - D. [p](#p)\n\n[b](http:/b.test)\n")
    done = linkcheck("links", "l.md", "--format", "json")
    told = json.loads(done.stdout)
    main, anchor, broken = told["links"]
    assert done.returncode == 0
    assert told["entries"][0] == {"path": "l.md", "line": 3, "title": "T", "description": "D. p", "section": ["S"]}
    assert main == {
        "url": "https://A.test/x#y", "normal": "https://a.test/x", "path": "l.md", "line": 3, "column": 7, "span": [11, 29],
        "kind": "inline", "text": "T", "title": "T", "section": ["S"], "entry": 0,
        "main": True, "image": False,
    }  # fmt: skip
    assert (anchor["state"], anchor["rule"], anchor["normal"]) == ("dead", "missing-fragment", None)
    assert (broken["state"], broken["repair"]) == ("invalid", "http://b.test")
    assert (
        "invalid[malformed-link]: http: is not followed by two slashes\n  help: did you mean http://b.test ?"
        in linkcheck("links", "l.md").stdout
    )
    assert web.log == []


@pytest.mark.parametrize("shape", ["many lines", "one line"])
def test_a_large_file_is_read(linkcheck: Program, tmp_path: Path, shape: str) -> None:
    if shape == "one line":
        text = " ".join(f"[t{n}](https://a.test/{n % 100})" for n in range(150_000))
    else:
        text = "".join(f"- words and words, {'more ' * 80}\n" for _ in range(120_000)) + "- [x](https://a.test/x)\n"
    (tmp_path / "big.md").write_text(text)
    done = linkcheck("links", "big.md", timeout=120)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == (150_000 if shape == "one line" else 1)


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "l.md").write_text("".join(f"- [t](https://a.test/{n})\n" for n in range(20_000)))
    done = subprocess.run(
        f"'{LINKCHECK}' links l.md | head -1", shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "l.md:1:7: https://a.test/0\n"
    assert done.stderr == ""


def test_a_format_that_links_does_not_have(linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / "l.md").write_text("<https://a.test/>\n")
    done = linkcheck("links", "l.md", "--format", "markdown")
    assert (done.returncode, done.stdout) == (2, "")
    assert "invalid choice: 'markdown'" in done.stderr
    (tmp_path / "linkcheck.toml").write_text('format = "markdown"\n')  # for `linkcheck run`
    assert linkcheck("links", "l.md").stdout == "l.md:1:2: https://a.test/\n"
