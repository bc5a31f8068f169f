"""urls.py against the web-platform tests and the public suffix list's own tests."""

from __future__ import annotations

from typing import Any

import ada_url
import pytest

from linkcheck import urls
from tests import shared

pytestmark = shared.needs_shared

WPT = [row for row in shared.rows("oracle/wpt_url/urltestdata.json") if "input" in row]


@pytest.mark.parametrize("row", WPT, ids=lambda r: ascii(r["input"])[:60])
def test_web_platform_test(row: dict[str, Any]) -> None:
    """Our normal form of the input is our normal form of the standard's own answer."""
    expected = None if row.get("failure") else urls.normalise(row["href"])
    assert urls.normalise(row["input"], base=row.get("base")) == expected


@pytest.mark.parametrize("row", WPT, ids=lambda r: ascii(r["input"])[:60])
def test_the_library_gives_the_standards_serialisation(row: dict[str, Any]) -> None:
    if row.get("failure"):
        with pytest.raises(ValueError):
            ada_url.URL(row["input"], *filter(None, [row.get("base")]))
    else:
        assert ada_url.URL(row["input"], *filter(None, [row.get("base")])).href == row["href"]


@pytest.mark.parametrize(
    "row", [r for r in WPT if str(r.get("href")).startswith(("http:", "https:"))], ids=lambda r: ascii(r["input"])[:60]
)
def test_host_and_path_are_those_of_the_library(row: dict[str, Any]) -> None:
    url = urls.normalise(row["input"], row.get("base"))
    assert url is not None
    whole = ada_url.URL(url)
    assert (urls.host(url), urls.origin_host(url)) == (whole.hostname.strip("[]"), whole.host)
    assert urls.path_of(url) == whole.pathname


@pytest.mark.parametrize(
    "row", [r for r in shared.rows("oracle/wpt_url/toascii.json") if "input" in r], ids=lambda r: ascii(r["input"])[:60]
)
def test_international_host(row: dict[str, Any]) -> None:
    found = urls.normalise(f"https://{row['input']}/x")
    host = found.removeprefix("https://").partition("/")[0] if found else None
    expected = row["output"]
    assert host == expected or (expected == "" and host is None)


def suffix_rows() -> list[tuple[str, str]]:
    file = shared.DATA / "oracle/psl/tests.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [tuple(line.split()) for line in lines if line and not line.startswith("//")]  # type: ignore[misc]


@pytest.mark.parametrize(("name", "expected"), suffix_rows())
def test_registrable_domain(name: str, expected: str) -> None:
    if name == "null" or name.startswith("."):
        return
    assert urls.registrable_domain(name) == (name if expected == "null" else expected)


@pytest.mark.parametrize(
    "row",
    [
        r
        for r in shared.rows("oracle/rfc3986.jsonl")
        if str(r.get("kind", "")).startswith(("normalise", "dot_segments"))
    ],
    ids=str,
)
def test_equivalent_forms_of_rfc3986_are_one_url(row: dict[str, Any]) -> None:
    text, expected = row.get("input", ""), row.get("expected", "")
    if not str(text).startswith("http") or not isinstance(expected, str):
        pytest.skip("not an http URL")
    assert urls.normalise(text) == urls.normalise(expected)
