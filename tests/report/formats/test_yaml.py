"""The enriched list is CSL-YAML."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from linkcheck.contracts import csl_of
from linkcheck.model import Author, Checked, Entry, Metadata, State, Verdict, replace
from linkcheck.sites import discover
from tests import shared
from tests.answers import checked, link, report
from tests.report.test_formats import FORMATS, everything

CSL = csl_of(discover())


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


def test_an_id_holds_no_secret_and_is_that_of_the_normal_form() -> None:
    one = replace(
        checked(url="HTTPS://User:s3cret@WWW.a.example:443/X?token=hunter2"), normal="https://a.example/X?token=hunter2"
    )
    other = replace(checked(url="https://u:s3cret@a.example/x?token=hunter2&b=1"), normal="")
    item = replace(checked(url="https://youtu.be/kCc8FmEb1nY"), item="youtube video kCc8FmEb1nY start=90")
    ids = [found["id"] for found in references(one, other, item)]
    assert ids == ["a.example-x-token", "u-a.example-x-token-b-1", "youtube-video-kCc8FmEb1nY"]


def test_in_page_and_mail_links_are_no_references() -> None:
    skipped = [checked(State.SKIPPED, url) for url in ("#top", "mailto:a@b.example", "docs/a.md")]
    assert references(*skipped, checked(State.SKIPPED, "https://a.example/x")) != []
    assert FORMATS["yaml"].render(report(*skipped)).endswith("references: []\n")


@pytest.mark.parametrize("rule", ["file-there", "missing-file", "missing-fragment"])
def test_paths_are_no_references_but_the_own_pages_of_a_forge_are(rule: str) -> None:
    state = State.OK if rule == "file-there" else State.DEAD
    found = [
        checked(verdict=Verdict(state, rule, "x"), url=url)
        for url in ("docs/a.md", "#x", "https://github.com/a/b/blob/main/c")
    ]
    assert [one["URL"] for one in references(*found)] == ["https://github.com/a/b/blob/main/c"]


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
