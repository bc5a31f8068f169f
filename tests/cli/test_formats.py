"""Which formats there are to choose."""

from __future__ import annotations

import pytest

from linkcheck import report
from linkcheck.cli import formats


def test_the_default_comes_first_and_all_can_be_printed() -> None:
    assert list(formats.FormatNames()) == ["text", "json", "markdown", "yaml"]
    assert len(formats.FormatNames()) == 4
    assert "xml" not in formats.FormatNames()


def test_a_format_that_is_there_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "names", lambda: ["csv", "json", "text"])
    assert list(formats.choices()["format"]) == ["text", "csv", "json"]
    assert "csv" in formats.FormatNames()


def test_what_is_written_can_be_told_by_its_suffix() -> None:
    suffixes = [form.suffix for form in report.written()]
    assert all(suffixes)
    assert len(set(suffixes)) == len(suffixes)


def test_the_rules_whose_verdicts_can_be_changed() -> None:
    names = formats.choices()["rule"]
    assert len(names) == len(list(names)) > 40
    assert "http-gone" in names
    assert "malformed-link" in names
    assert "not-added" not in names
    assert "internal-error" not in names


def test_the_rules_of_anchors_can_be_chosen() -> None:
    names = formats.choices()["slugs"]
    assert len(names) == len(list(names)) > 8
    assert "mkdocs" in names
    assert "word" not in names
