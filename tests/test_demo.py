"""`make demo`: the owner's list with its hosts standing in, everything as it has to be."""

from __future__ import annotations

import pytest
import yaml

from tests.conftest import Program
from tests.shared import ROOT
from tests.web import Web, demo
from tests.web.reading_list import EXPECTED, stand_in


def test_every_title_author_duration_and_state_of_the_owners_list(
    web: Web, linkcheck: Program, tmp_path: object
) -> None:
    stand_in(web)
    done = linkcheck("run", (ROOT / "lists/ml.md").as_posix(), "--format", "text")
    assert done.returncode == 1, done.stderr
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    document = yaml.safe_load((tmp_path / "reports/ml.yaml").read_text(encoding="utf-8"))
    assert [str(r["URL"]) for r in document["references"]] == list(EXPECTED)
    assert demo.mistakes(document) == []


def test_the_demo_shows_the_report_and_the_yaml(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert demo.main([]) == 0
    shown = capfd.readouterr().out
    assert "Attention Is All You Need" in shown
    assert "1 link to fix" in shown
    assert f"all {len(EXPECTED)} links as they have to be" in shown


def test_three_papers_are_one_request(web: Web, linkcheck: Program) -> None:
    stand_in(web)
    linkcheck("run", (ROOT / "lists/ml.md").as_posix(), "--no-files")
    assert len(web.asked("export.arxiv.org")) == 1
    assert web.asked("arxiv.org") == []
