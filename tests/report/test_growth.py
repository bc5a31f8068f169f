"""Reports grow no faster than the lists: what many links share is not repeated for each of them."""

from __future__ import annotations

import time

import pytest

from linkcheck.model import Checked, Document, State, Unchecked, Verdict
from linkcheck.plan import plan
from linkcheck.read import read
from linkcheck.report import by_document, named, names
from tests.answers import NOW, report

LINK = "[t](https://a.example/{n}) "
UNITS = {
    "mentioned": LINK + "words, ",
    "main": LINK + "and ",
    "badges": "words [[pdf]](https://a.example/{n}) ",
    "places of one": "[t](https://a.example/) ",
    "malformed": "[t] (https://a.example/{n}) ",
    "skipped": "[t](#{n}) ",
    "much alike": "<https://a.example/" + "x" * 80 + "/{n}> ",
}
SHAPES = {
    "paragraph": "# A title\n\n{}",
    "item": "- {}",
    "row": "| a |\n|---|\n| {} |",
    "heading": "# {}",
    "nested": "- a\n  - b\n    - c {}",
}


def checked(document: Document) -> tuple[Checked, ...]:
    """Every link of the document, dead at length."""
    verdict = Verdict(State.DEAD, "some-rule", "words " * 100, advice="words")
    found = []
    for one in plan([document], ()).in_order:
        if isinstance(one, Unchecked):
            found.append(
                Checked(
                    one.link.url,
                    (one.link,),
                    Verdict(one.state, one.rule, one.reason, advice=one.repair.text if one.repair else ""),
                )
            )
        else:
            found.append(Checked(one.links[0].url, one.links, verdict, one.url, at=NOW))
    return tuple(found)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_list_is_at_most_twice_the_report(unit: str, shape: str) -> None:
    sizes: dict[str, list[int]] = {name: [] for name in names()}
    for number in (400, 800):
        text = SHAPES[shape].format("".join(UNITS[unit].format(n=n) for n in range(10_000, 10_000 + number)))
        document = read(text.encode(), "l.md")
        whole = report(*checked(document), documents=(document,))
        for name, found in sizes.items():
            found.append(len(named(name).render(whole)))
    assert {name: found for name, found in sizes.items() if found[1] > 2.1 * found[0]} == {}


def test_an_entry_that_many_links_share_is_described_for_the_first_of_them() -> None:
    text = "- " + " and ".join(f"[t{n}](https://a.example/{n})" for n in range(8)) + ": a description"
    document = read(text.encode(), "l.md")
    shown = named("yaml").render(report(*checked(document), documents=(document,)))
    assert shown.count("description: a description\n") == 5


def test_a_link_in_many_places_is_told_with_the_first_of_them() -> None:
    document = read(b"[t](https://a.example/)\n\n" * 1_000, "l.md")
    shown = named("text").render(report(*checked(document), documents=(document,))).splitlines()
    assert shown[0].startswith("l.md:1:5: dead[some-rule] https://a.example/: ")
    assert shown[99].startswith("l.md:199:5: ")
    assert shown[100:102] == ["  and in 900 more places", "  help: words"]
    assert shown[-1] == "1 link: 1 dead"


def test_many_urls_of_one_beginning_have_ids_of_their_own() -> None:
    """Numbers are not looked for from 2 on each time: that took a minute for these."""
    stem = "https://a.example/" + "x" * 80
    document = read("".join(f"<{stem}{n}>\n" for n in range(20_000)).encode(), "l.md")
    whole, started = report(*checked(document), documents=(document,)), time.process_time()
    shown = named("yaml").render(whole)
    assert time.process_time() - started < 20
    ids = [line for line in shown.splitlines() if line.startswith("- id: ")]
    assert len(set(ids)) == 20_000
    assert ids[-1].endswith("-20000")


def test_many_documents_are_told_apart_in_one_pass() -> None:
    documents = tuple(read(b"<https://a.example/%d> <https://b.example/>\n" % n, f"{n}.md") for n in range(3_000))
    found = tuple(one for document in documents for one in checked(document))
    started = time.process_time()
    parts = list(by_document(report(*found, documents=documents)))
    assert time.process_time() - started < 5
    assert {len(part.checked) for _, part in parts} == {2}
