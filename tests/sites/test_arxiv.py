"""arXiv on recorded answers, and on made ones where none is recorded."""

from __future__ import annotations

import json

import pytest

from linkcheck import urls
from linkcheck.model import Answer, Author, Flag, Observation, Presence, Request, Url
from linkcheck.sites.arxiv import BATCH, SITE, _author
from tests import shared
from tests.answers import observation

ENTRY = """<entry><id>http://arxiv.org/abs/{id}</id><title>A
  title</title><updated>2023-08-02T00:41:18Z</updated><published>2017-06-12T17:57:34Z</published>
  <summary> Some  words. </summary><arxiv:comment>{comment}</arxiv:comment><author><name>Ann van der Berg</name></author>
  <category term="cs.CL"/><arxiv:primary_category term="cs.CL"/></entry>"""


def feed(*entries: tuple[str, str]) -> bytes:
    body = "".join(ENTRY.format(id=identifier, comment=comment) for identifier, comment in entries)
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">{body}</feed>'.encode()
    )


def asked(*items: str) -> Request:
    (request,) = SITE.ask(items)
    return request


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/", "https://arxiv.org/list/cs.CL/recent", "https://arxiv.org/abs/1805.0001",
        "https://arxiv.org/abs/0808.05394", "https://arxiv.org/abs/1713.00001", "https://arxiv.org/abs/0613.0001",
        "https://arxiv.org/abs/foo/9901001", "https://arxiv.org/abs/hep-th/9913001", "https://arxiv.org/a/x_1",
        "https://arxiv.org/abs/1706.03762v0", "https://arxiv.org/search?q=1706.03762", "https://ar5iv.org/abs/1706.03762",
        "https://notarxiv.org/abs/1706.03762", "https://doi.org/10.1000/x", "https://arxiv.org.evil.example/abs/1706.03762",
    ],
)  # fmt: skip
def test_no_paper(url: str) -> None:
    normal = urls.normalise(url)
    assert normal
    assert SITE.item(normal) is None


def test_a_thousand_papers_are_five_requests() -> None:
    items = [f"1706.{n:05d}" for n in range(1000)]
    requests = SITE.ask(items)
    assert len(requests) == 1000 // BATCH
    assert max(len(r.url) for r in requests) < 6000
    assert "max_results=200" in requests[0].url


def test_versions_of_one_paper_are_one_question() -> None:
    request = asked("1706.03762v1", "1706.03762", "1301.3781")
    assert "id_list=1706.03762,1301.3781&max_results=2" in request.url
    assert request.items == ("1706.03762v1", "1706.03762", "1301.3781")


def test_what_the_api_lists_is_there() -> None:
    request = asked("1706.03762", "1706.03762v1", "1706.03762v9", "1301.3781")
    found = SITE.read(observation(request, body=feed(("1706.03762v7", "")))).findings

    plain, old, future, missing = (found[item] for item in request.items)
    assert (plain.presence, plain.certain, dict(plain.flags)) == (Presence.PRESENT, True, {})
    assert old.flags == {Flag.SUPERSEDED: "v1 is linked, v7 is the latest"}
    assert old.metadata
    assert old.metadata.details["requested_version"] == 1
    assert (future.presence, future.is_missing, future.ask_page) == (None, True, True)
    assert future.replacement == "https://arxiv.org/abs/1706.03762"
    assert (missing.presence, missing.is_missing, missing.ask_page) == (None, True, True)


def test_metadata() -> None:
    (finding,) = SITE.read(observation(asked("1706.03762"), body=feed(("1706.03762v7", "15 pages")))).findings.values()
    found = finding.metadata
    assert found
    assert (found.kind, found.title, found.published, found.modified) == (
        "arxiv",
        "A title",
        "2017-06-12",
        "2023-08-02",
    )
    assert found.authors == (Author("Ann van der Berg", family="van der Berg", given="Ann"),)
    assert (found.description, found.doi) == ("Some words.", "10.48550/arXiv.1706.03762")
    assert found.details["latest_version"] == 7
    assert found.details["comment"] == "15 pages"
    assert "journal_ref" not in found.details


@pytest.mark.parametrize(
    "comment",
    ["15 pages", "accepted; the other submission was withdrawn from nowhere else" * 0, "on withdrawal effects"],
)
def test_not_withdrawn(comment: str) -> None:
    (finding,) = SITE.read(observation(asked("1706.03762"), body=feed(("1706.03762v7", comment)))).findings.values()
    assert (dict(finding.flags), finding.ask_page) == ({}, False)


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn by the author due to an error in Lemma 2",
        "Withdrawn because of an error",
        "paper withdrawn",
        "This article has been retracted",
    ],
)
def test_withdrawn_papers_are_flagged_and_their_page_is_asked(comment: str) -> None:
    (finding,) = SITE.read(observation(asked("1706.03762"), body=feed(("1706.03762v3", comment)))).findings.values()
    assert finding.flags == {Flag.WITHDRAWN: comment}
    assert (finding.presence, finding.ask_page) == (Presence.PRESENT, True)


@pytest.mark.parametrize("status", [400, 414])
def test_a_refused_batch_is_asked_again_in_halves(status: int) -> None:
    request = asked("1706.00001", "1706.00002v2", "1706.00003")
    halves = SITE.read(observation(request, status)).more
    assert [half.items for half in halves] == [("1706.00001",), ("1706.00002v2", "1706.00003")]
    assert SITE.read(observation(asked("1706.00001"), status)).more == ()


def test_an_error_entry_spoils_the_batch_whatever_the_status() -> None:
    body = feed().replace(
        b"</feed>", b"<entry><id>https://arxiv.org/api/errors#x</id><title>Error</title></entry></feed>"
    )
    answer = SITE.read(observation(asked("1706.00001", "1706.00002"), body=body))
    assert (len(answer.more), answer.findings) == (2, {})
    assert SITE.read(observation(asked("1706.00001"), body=body)).more == ()


def test_a_cut_answer_says_nothing() -> None:
    assert SITE.read(observation(asked("1706.03762"), body=feed(("1706.03762v7", "")), complete=False)).findings == {}


LAUGHS = (
    '<!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>&b;</title></feed>'
)


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_feed_that_declares_entities_is_refused_in_any_encoding(coding: str) -> None:
    body = f'<?xml version="1.0" encoding="{coding}"?>{LAUGHS}'.encode(coding)
    with pytest.raises(Exception, match="DTDForbidden"):
        SITE.read(observation(asked("1706.03762"), body=body))


@pytest.mark.parametrize("body", [b"<!DOCTYPE x><feed/>", b"<html/>", b"<feed", b""])
def test_what_is_no_feed_is_the_readers_trouble(body: bytes) -> None:
    with pytest.raises(Exception, match=r"Atom|DTD|no element|unclosed|syntax"):
        SITE.read(observation(asked("1706.03762"), body=body))


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("Aidan N. Gomez", "Gomez", "Aidan N."),
        ("Laurens van der Maaten", "van der Maaten", "Laurens"),
        ("Martin Luther King Jr.", "King Jr.", "Martin Luther"),
        ("ATLAS Collaboration", "", ""),
        ("Plato", "", ""),
    ],
)
def test_names(name: str, family: str, given: str) -> None:
    assert _author(name) == Author(name, family=family, given=given)


# -- recorded --------------------------------------------------------------------------------


def recorded(name: str, *items: str) -> Observation:
    envelope = json.loads((shared.DATA / "fixtures/arxiv/atom" / name).read_text(encoding="utf-8"))
    return observation(asked(*items), envelope["status_code"], envelope["body"])


@shared.needs_shared
@pytest.mark.parametrize(
    ("name", "item", "title", "authors", "date"),
    [
        ("id_1605.08386_s0_m100_199195aa31ad.json", "1605.08386", "Heat-bath random walks with Markov bases",
         ["Caprice Stanley", "Tobias Windisch"], "2016-05-26"),
        ("id_2104.12255v1_s0_m100_6ae69987ffe1.json", "2104.12255v1", "0", ["Quan Thoi Minh Nguyen"], "2021-04-20"),
        ("id_astro-ph_0601001_s0_m100_3150dca9dc76.json", "astro-ph/0601001",
         "Frequency of Hot Jupiters and Very Hot Jupiters from the OGLE-III Transit Surveys Toward the Galactic Bulge and Carina",
         ["Andrew Gould", "Susan Dorsher", "B. Scott Gaudi"], "2006-01-02"),
        ("id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af.json", "1707.08567",
         "Proceedings of Workshop AEW10: Concepts in Information Theory and Communications",
         ["Kees A. Schouhamer Immink", "Stan Baggen", "Ferdaous Chaabane"], "2017-07-27"),
    ],
)  # fmt: skip
def test_recorded_answer(name: str, item: str, title: str, authors: list[str], date: str) -> None:
    finding = SITE.read(recorded(name, item)).findings[item]
    assert finding.presence is Presence.PRESENT
    assert finding.metadata
    assert (finding.metadata.title, finding.metadata.published) == (title, date)
    assert [a.name for a in finding.metadata.authors][: len(authors)] == authors


@shared.needs_shared
def test_recorded_silence_denies_nothing() -> None:
    assert SITE.read(recorded("id_0000.0000_s0_m100_8b51d9633a68.json", "1706.03762")).findings == {}


@shared.needs_shared
def test_a_recorded_refusal_asks_again() -> None:
    assert len(SITE.read(recorded("id_abc_s0_m100_b79c8dcf6bc3.json", "1706.03762", "1301.3781")).more) == 2


@shared.needs_shared
def test_a_hundred_recorded_papers_all_have_their_fields() -> None:
    from linkcheck.sites import arxiv

    body = json.loads((shared.DATA / "fixtures/arxiv/atom/q_testing_s0_m100_cfe7536492ca.json").read_text())["body"]
    papers = arxiv._papers(body.encode())
    assert len(papers) == 100
    assert all(
        p.metadata.title and p.metadata.authors and p.metadata.published and p.metadata.description for p in papers
    )
    assert any("journal_ref" in p.metadata.details for p in papers)


def test_an_answer_is_read_in_bounded_time() -> None:
    """The first took 2.8 s, the second 0.5 GB, the third, as a link of a list, 0.8 s."""
    import time

    started = time.process_time()
    body = feed(("1706.03762v1", "it " * 1_000_000))
    (found,) = SITE.read(observation(asked("1706.03762"), 200, body)).findings.values()
    assert found.presence is Presence.PRESENT
    assert time.process_time() - started < 1
    assert SITE.read(observation(asked("1706.03762"), 200, b"<a>" * 2_000_000)) == Answer()
    assert SITE.item(Url("https://arxiv.org/abs/" + "/anc/" * 100_000 + "%0Ax")) is None
    assert SITE.item(Url("https://arxiv.org/src/1706.03762/anc/x%0Ay")) == "1706.03762"
    assert time.process_time() - started < 2
