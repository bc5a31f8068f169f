"""What every format keeps, and what each one says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from linkcheck.model import (
    Author,
    Checked,
    Confidence,
    Document,
    Entry,
    Flag,
    Metadata,
    Notice,
    State,
    Verdict,
)
from linkcheck.report import by_document, messages, named, names
from linkcheck.sites import discover
from tests import shared
from tests.answers import NOW, checked, link, report

FORMATS = {name: named(name) for name in names()}
CSL = {kind: csl for site in discover() for kind, csl in site.csl.items()}
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


# -- text ------------------------------------------------------------------------------------


def test_text_is_one_line_a_place_as_compilers_write_it() -> None:
    verdict = Verdict(State.DEAD, "http-not-found", "HTTP 404 twice", Confidence.LIKELY, "take it out")
    places = (link(line=12, column=3), link(line=15, column=1))
    shown = FORMATS["text"].render(report(checked(verdict=verdict, links=places)))
    assert shown.splitlines() == [
        "l.md:12:3: dead[http-not-found] https://a.example/x: HTTP 404 twice",
        "l.md:15:1: dead[http-not-found] https://a.example/x: HTTP 404 twice",
        "  help: take it out",
        "1 link: 1 dead",
    ]


def test_what_could_not_be_judged_is_grouped_by_host() -> None:
    found = [checked(State.BLOCKED, f"https://a.example/{n}", rule="http-refused", reason="HTTP 403") for n in range(3)]
    shown = FORMATS["text"].render(report(*found, checked(State.UNREACHABLE, "https://b.example/x")))
    assert "a.example (3 links): HTTP 403" in shown
    assert shown.splitlines()[-1] == "4 links: 3 blocked, 1 unreachable"


def test_flags_and_trouble_are_told() -> None:
    verdict = Verdict(State.OK, "http-ok", "HTTP 200", flags={Flag.INSECURE: "its certificate has expired"})
    shown = FORMATS["text"].render(report(checked(verdict=verdict, trouble="the reader of arxiv failed")))
    assert "note[insecure] https://a.example/x: its certificate has expired" in shown
    assert "warning: the reader of arxiv failed" in shown


# -- a run that ended early ------------------------------------------------------------------


UNSEEN = checked(State.SKIPPED, "https://u.example/x", rule="not-looked-at")


@pytest.mark.parametrize(
    ("unseen", "is_interrupted", "words_of_it"),
    [
        (0, False, ""),
        (0, True, "the run was interrupted"),
        (1, True, "1 of 3 links was not looked at: the run was interrupted"),
        (2, True, "2 of 4 links were not looked at: the run was interrupted"),
        (2, False, "2 of 4 links were not looked at: the time was up (--budget)"),
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


# -- markdown --------------------------------------------------------------------------------


def test_the_markdown_report_says_first_what_to_do() -> None:
    dead = Verdict(State.DEAD, "http-not-found", "HTTP 404 twice", Confidence.LIKELY, "find its new address")
    moved = Verdict(State.MOVED, "moved-permanently", "redirects", replacement="https://n.example/(x)")
    invalid = Verdict(State.INVALID, "malformed-link", "the scheme is missing", replacement="https://a.example/`")
    document = Document("lists/`l.md", (), notices=(Notice("l.md", 3, "front matter cannot be read"),))
    shown = FORMATS["markdown"].render(
        report(
            checked(State.OK), checked(verdict=dead, url="https://d.example/x"), checked(verdict=moved), checked(State.RESTRICTED),
            checked(verdict=invalid, url="a.example/`"), checked(State.UNREACHABLE, "https://u.example/x"), documents=(document,),
        )
    )  # fmt: skip
    order = ["# Links in", "2 links to fix", "## To fix", "find its new address", "## Moved", "https://n.example/%28x%29",
             "## Could not be judged", "u.example", "## Not for everybody", "## Warnings", "front matter", "## Counts"]  # fmt: skip
    places = [shown.index(part) for part in order]
    assert places == sorted(places)
    assert "`` a.example/` ``" in shown
    assert "- Do: write `` https://a.example/` ``" in shown


def test_hostile_words_stay_words_in_markdown() -> None:
    import cmarkgfm

    html = cmarkgfm.github_flavored_markdown_to_html(FORMATS["markdown"].render(report(hostile())))
    tree = LexborHTMLParser(html)
    assert tree.css("script, img") == []
    assert all((node.attributes.get("href") or "").startswith("https://a.example/") for node in tree.css("a"))
    assert "<code>@team</code>" in html


def test_nothing_to_do_is_said() -> None:
    shown = FORMATS["markdown"].render(report(checked()))
    assert "No link fails, 1 in all" in shown
    assert "To fix" not in shown


# -- json ------------------------------------------------------------------------------------


def test_json_keeps_its_schema() -> None:
    document = Document("l.md", (), notices=(Notice("l.md", 1, "not UTF-8"),))
    found = json.loads(FORMATS["json"].render(report(*everything(), documents=(document,))))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(found, SCHEMA)
    assert found["summary"]["failing"] == 4
    assert found["summary"]["warnings"][0]["text"] == "not UTF-8"


def test_json_tells_what_was_seen() -> None:
    metadata = Metadata(title="T", authors=(Author("Ann Lee"),), duration_s=60)
    one = checked(status=200, final_url="https://b.example/y", metadata=metadata)
    (found,) = json.loads(FORMATS["json"].render(report(one)))["links"]
    assert (found["final_url"], found["status"], found["title"]) == ("https://b.example/y", 200, "T")
    assert found["metadata"] == {"kind": "page", "title": "T", "authors": ["Ann Lee"], "duration_s": 60}
    assert found["locations"][0] | {"span": None} == {
        "path": "l.md", "line": 1, "column": 5, "span": None, "text": "A", "section": [],
    }  # fmt: skip


def test_where_nobody_answered_there_is_no_final_url() -> None:
    (found,) = json.loads(FORMATS["json"].render(report(checked())))["links"]
    assert (found["final_url"], found["status"]) == (None, None)


# -- yaml ------------------------------------------------------------------------------------


def references(*found: Checked) -> list[dict[str, Any]]:
    return list(yaml.safe_load(FORMATS["yaml"].render(report(*found, csl=CSL)))["references"])


def rich() -> Checked:
    metadata = Metadata(
        kind="arxiv", title="Attention: all you need", authors=(Author("Ann Lee", "Lee", "Ann"), Author("ATLAS")),
        published="2017-06-12", modified="2023-08-02", description="Words.", site_name="arXiv", doi="10.48550/arXiv.1706.10000",
        details={"id": "1706.10000", "latest_version": 7, "categories": ["cs.CL", "cs.LG"], "withdrawn": False},
        provenance={"title": "arxiv-api"},
    )  # fmt: skip
    entry = Entry("Attention", "The transformer.", ("Papers",), 12)
    place = link(
        "https://arxiv.org/abs/1706.10000", line=12, section=("Papers",), entry=entry, is_main=True, title="Attention"
    )
    return checked(url="https://arxiv.org/abs/1706.10000", links=(place,), metadata=metadata, item="arxiv 1706.10000")


def test_a_record_is_csl_with_ours_under_custom() -> None:
    (found,) = references(rich())
    assert found["id"] == "arxiv-1706.10000"
    assert (found["type"], found["number"], found["version"]) == ("article", "arXiv:1706.10000", "7")
    assert found["author"] == [{"family": "Lee", "given": "Ann"}, {"literal": "ATLAS"}]
    assert found["issued"] == {"date-parts": [[2017, 6, 12]]}
    custom = found["custom"]
    assert (custom["state"], custom["line"], custom["section"], custom["checked"]) == (
        "ok",
        12,
        ["Papers"],
        "2026-11-23",
    )
    assert custom["list"] == {"title": "Attention", "description": "The transformer."}
    assert custom["arxiv"]["id"] == "1706.10000"
    assert custom["provenance"] == {"title": "arxiv-api"}


@pytest.mark.parametrize(
    ("seconds", "shown"), [(6980, "1:56:20"), (1016, "16:56"), (59, "0:59"), (0, None), (None, None)]
)
def test_running_time(seconds: int | None, shown: str | None) -> None:
    (found,) = references(checked(metadata=Metadata(kind="youtube-video", title="T", duration_s=seconds)))
    assert found.get("dimensions") == shown


@pytest.mark.parametrize(
    ("date", "parts"), [("2020", [2020]), ("2020-05", [2020, 5]), ("2020-05-17T10:00:00Z", [2020, 5, 17]), ("", None)]
)
def test_dates_keep_their_precision(date: str, parts: list[int] | None) -> None:
    (found,) = references(checked(metadata=Metadata(title="T", published=date)))
    assert found.get("issued") == ({"date-parts": [parts]} if parts else None)


def test_ids_are_unique_and_come_from_urls_alone() -> None:
    one, other = checked(url="https://www.a.example/x?y=1"), checked(url="https://a.example/x/y/1")
    assert [r["id"] for r in references(one, other, one)] == [
        "a.example-x-y-1",
        "a.example-x-y-1-2",
        "a.example-x-y-1-3",
    ]
    assert references(checked(State.INVALID, url="://"))[0]["id"] == "link"


def test_in_page_and_mail_links_are_no_references() -> None:
    skipped = [checked(State.SKIPPED, url) for url in ("#top", "mailto:a@b.example", "docs/a.md")]
    assert references(*skipped, checked(State.SKIPPED, "https://a.example/x")) != []
    assert FORMATS["yaml"].render(report(*skipped)).endswith("references: []\n")


@pytest.mark.parametrize(
    "title", ["no", "1706.10000", "2019-04-25", "- a: b", "# x", "'", '"', "a: b", "null", "~", "é中🔵", "0"]
)
def test_strings_stay_strings(title: str) -> None:
    assert references(checked(metadata=Metadata(title=title)))[0]["title"] == title


@shared.needs_shared
def test_every_record_is_valid_csl() -> None:
    schema = json.loads((shared.DATA / "fixtures/schemas/csl-data.json").read_text(encoding="utf-8"))
    video = Metadata(
        kind="youtube-video", title="V", duration_s=61, published="2023-01-17T09:00:00-07:00", site_name="YouTube"
    )
    jsonschema.validate(
        references(*everything(), rich(), checked(metadata=video, status=200, final_url="https://b.example/y")), schema
    )


@pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed (Debian: apt-get install pandoc)")
def test_pandoc_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "l.yaml"
    file.write_text(
        FORMATS["yaml"].render(report(rich(), checked(metadata=Metadata(title="A page")), csl=CSL)), encoding="utf-8"
    )
    command = ["pandoc", "--from=markdown", "--to=plain", "--citeproc", f"--bibliography={file}"]
    done = subprocess.run(command, input="---\nnocite: '@*'\n---\n", capture_output=True, text=True, check=True)
    assert "Attention: All You Need" in done.stdout
    assert "Lee" in done.stdout
    assert "A Page" in done.stdout


# -- shared words ----------------------------------------------------------------------------


def test_a_part_of_a_report_has_its_own_places_only() -> None:
    both = checked(links=(link(path="a.md"), link(path="b.md")))
    whole = report(both, checked(links=(link(path="b.md"),)), documents=(Document("a.md", ()), Document("b.md", ())))
    parts = {document.path: part for document, part in by_document(whole)}
    assert [[place.path for place in one.links] for one in parts["a.md"].checked] == [["a.md"]]
    assert [[place.path for place in one.links] for one in parts["b.md"].checked] == [["b.md"], ["b.md"]]
    assert parts["a.md"].documents == whole.documents[:1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "`plain`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a``b`c", "```a``b`c```"),
    ],
)  # fmt: skip
def test_code_spans_hold_backticks(text: str, shown: str) -> None:
    assert messages.code(text) == shown


def test_text_is_bounded() -> None:
    assert len(messages.clean("x" * 1000)) == messages.MAX_TEXT
    assert messages.url("https://a.example/a b\x1b") == "https://a.example/a%20b%1B"


def test_times_are_utc_and_end_in_z() -> None:
    assert NOW.isoformat().endswith("+00:00")
    assert json.loads(FORMATS["json"].render(report()))["summary"]["started"] == "2026-11-23T06:00:00Z"
