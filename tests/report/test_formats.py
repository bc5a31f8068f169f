"""What every format keeps, and what each one says."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
import yaml

from linkcheck.model import (
    Author,
    Checked,
    Confidence,
    Entry,
    Metadata,
    State,
    Verdict,
)
from linkcheck.report import messages, named, names
from tests import shared
from tests.answers import checked, link, report

FORMATS = {name: named(name) for name in names()}
HOSTILE = (
    "\x1b[31mRed\x07 \u202eevil\u200b `code` [x](javascript:a) <script>alert(1)</script> @team #1 |\n::error::x\r\nnext"
)
SCHEMA = json.loads((shared.ROOT / "linkcheck/report/linkcheck-report-1.schema.json").read_text(encoding="utf-8"))


def hostile() -> Checked:
    verdict = Verdict(State.DEAD, "http-not-found", HOSTILE, Confidence.LIKELY, HOSTILE, "https://a.example/`<x>")
    found = Metadata(
        title=HOSTILE, authors=(Author(HOSTILE), Author(HOSTILE, HOSTILE, HOSTILE)), description=HOSTILE, site_name=HOSTILE,
        language=HOSTILE, doi=HOSTILE, details={"comment": HOSTILE, HOSTILE: [HOSTILE]},
    )  # fmt: skip
    entry = Entry(HOSTILE, HOSTILE, (HOSTILE,), 1)
    place = link(
        f"https://a.example/{HOSTILE}", text=HOSTILE, title=HOSTILE, section=(HOSTILE,), entry=entry, is_main=True
    )
    return checked(url=f"https://a.example/{HOSTILE}", verdict=verdict, metadata=found, links=(place,), trouble=HOSTILE)


def everything() -> tuple[Checked, ...]:
    one = [checked(state, f"https://h{n}.example/x") for n, state in enumerate(State)]
    return (*one, hostile())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("found", [(), everything()], ids=["nothing", "everything"])
def test_every_format_renders_harmless_text(name: str, found: tuple[Checked, ...]) -> None:
    text = FORMATS[name].render(report(*found, is_interrupted=True))
    assert text.endswith("\n")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\u200b]", text)
    assert not re.search(r"^::", text, re.MULTILINE)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert FORMATS[name].render(report(*everything())) == FORMATS[name].render(report(*everything()))


# -- a run that ended early ------------------------------------------------------------------


UNSEEN = checked(State.SKIPPED, "https://u.example/x", rule="not-looked-at")


@pytest.mark.parametrize(
    ("unseen", "is_interrupted", "words_of_it"),
    [
        (0, False, ""),
        (0, True, "the run was interrupted"),
        (1, True, "1 of 3 links was not checked: the run was interrupted"),
        (2, True, "2 of 4 links were not checked: the run was interrupted"),
        (2, False, "2 of 4 links were not checked: the time was up (--budget)"),
    ],
)
def test_a_run_that_ended_early_says_what_is_missing(unseen: int, is_interrupted: bool, words_of_it: str) -> None:
    excluded = checked(State.SKIPPED, "https://x.example/", rule="excluded")
    found = report(checked(), excluded, *[UNSEEN] * unseen, is_interrupted=is_interrupted)
    assert messages.missing(found) == words_of_it
    text, markdown, listed, told = (FORMATS[name].render(found) for name in ("text", "markdown", "yaml", "json"))
    assert (f"partial: {words_of_it}" in text.splitlines()) == bool(words_of_it)
    assert ("**This report is partial:**" in markdown.splitlines()[2]) == bool(words_of_it)
    assert "No link fails" in markdown or unseen
    assert "None of the other links fails" in markdown or not unseen
    assert yaml.safe_load(listed).get("partial", "") == (words_of_it if is_interrupted else "")
    summary = json.loads(told)["summary"]
    assert (summary["not_looked_at"], summary["interrupted"]) == (unseen, is_interrupted)
    jsonschema.validate(json.loads(told), SCHEMA)


def test_what_was_found_before_the_end_is_to_be_fixed_all_the_same() -> None:
    shown = FORMATS["markdown"].render(report(checked(State.DEAD), UNSEEN, is_interrupted=True))
    assert "**1 link to fix**, 2 in all" in shown
    assert "No link fails" not in shown
