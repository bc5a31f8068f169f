"""The Markdown report."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from linkcheck.model import Confidence, Document, Notice, State, Verdict
from tests.answers import checked, report
from tests.report.test_formats import FORMATS, hostile


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
