"""What `linkcheck links` prints."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from linkcheck.plan import sort
from linkcheck.read import read
from linkcheck.report import links
from tests import shared

SCHEMA = json.loads((shared.ROOT / "linkcheck/report/linkcheck-links-1.schema.json").read_text(encoding="utf-8"))
LIST = """# Papers

- [One](https://a.example/1) and [Two](https://a.example/2): words, see [three](https://a.example/3).
- Four [[pdf]](https://a.example/4) \x1b[31m \u202e

![](https://a.example/badge.svg) [mail](mailto:a@b.example)

[bad](http:/a.example) [unused]: https://a.example/5

<https://a.example/6>
"""


def text_of(*documents: str) -> str:
    found = [read(text.encode(), f"{at}.md") for at, text in enumerate(documents)]
    return "".join(links.as_json(found, ((link, sort(link)) for one in found for link in one.links)))


def told(*documents: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text_of(*documents))
    return found


@pytest.mark.parametrize("documents", [(), ("",), ("no links",), (LIST,), (LIST, LIST)])
def test_links_keep_their_schema(documents: tuple[str, ...]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(told(*documents), SCHEMA)


def test_every_link_names_its_entry() -> None:
    found = told(LIST, "[Seven](https://a.example/7) - of the second list")
    titles = {one["url"]: found["entries"][one["entry"]]["title"] for one in found["links"] if one["entry"] is not None}
    assert titles["https://a.example/1"] == titles["https://a.example/3"] == "One and Two"
    assert titles["https://a.example/4"] == "Four"
    assert titles["https://a.example/7"] == "Seven"
    assert found["entries"][-1] == {
        "path": "1.md", "line": 1, "title": "Seven", "description": "of the second list", "section": [],
    }  # fmt: skip
    assert [one["main"] for one in found["links"]][:3] == [True, True, False]


def test_what_could_harm_a_terminal_is_escaped() -> None:
    shown = text_of(LIST)
    assert "\\u001b" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    "unit",
    ["[t](https://a.example/x) words ", "[t](https://a.example/x), ", "long words [[pdf]](https://a.example/x) "],
)
@pytest.mark.parametrize("shape", ["- {}", "{}", "| a |\n|---|\n| {} |", "# {}", "- a\n  - b\n    - {}"])
def test_an_entry_of_many_links_is_said_once(unit: str, shape: str) -> None:
    text = shape.format(unit * 3_000)
    assert len(text_of(text)) < 20 * len(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[t](<https://a.example/a b>)", "l.md:1:6: https://a.example/a b invalid[malformed-link]: the URL holds a blank\n"
                                         "  help: did you mean https://a.example/a%20b ?\n"),
        ("[x](https://me:pass word@e.test/)", "l.md:1:5: https://me:***@e.test/ invalid[malformed-link]: the URL holds a blank\n"
                                              "  help: did you mean [x](https://me:***@e.test/) ?\n"),
    ],
)  # fmt: skip
def test_a_blank_in_a_url_is_shown_and_a_password_is_not(text: str, shown: str) -> None:
    document = read(text.encode(), "l.md")
    [link] = document.links
    assert "".join(links.as_lines([(link, sort(link))])) == shown
    assert "pass" not in "".join(links.as_json([document], [(link, sort(link))]))
