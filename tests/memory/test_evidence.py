"""A history and a database are evidence: they claim no more than their facts, and no more than we see ourselves."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck import urls
from linkcheck.cli import files
from linkcheck.crawl import Job
from linkcheck.judge import is_consistent, judge
from linkcheck.memory import FILE, Store, facts, history, lines
from linkcheck.model import (
    ALIVE,
    Confidence,
    Document,
    Evidence,
    Fault,
    Finding,
    Hop,
    Identity,
    Link,
    LinkKind,
    Match,
    Metadata,
    Observation,
    Past,
    Presence,
    Probe,
    Record,
    Request,
    Sighting,
    SignatureKind,
    State,
    Url,
    replace,
)
from tests.answers import crawling
from tests.memory.values import NOW, URL, record, rich, write_history

# -- whatever stands in it -----------------------------------------------------------------------

RICH = json.loads(facts.dump(rich()))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["javascript:a", "data:,", "//a", "https://a"]),
    lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(), one, max_size=4),
    max_leaves=8,
)  # fmt: skip
BYTES = st.binary() | st.lists(
    st.sampled_from([b'{"url":', b"[", b"]", b"}", b"\n", b'"', b"\xff", b"1e999", b"NaN", b"9" * 50])
).map(b"".join)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a plain value."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """`value` with `new` at its place."""
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = put(value[path[0]], path[1:], new)
    return copied


def check(one: Record) -> None:
    """What every record is that is read."""
    seen = one.evidence
    assert seen.url == one.url
    for look in seen.looks:
        assert urls.normalise(look.final_url) == look.final_url
        assert 0 <= look.attempts <= 10**12
        assert 0 <= look.elapsed_s <= 10**12
        assert abs(look.at - one.at) < timedelta(days=400 * 365)
    for finding in (seen.site, seen.page):
        assert not finding or not finding.replacement or urls.normalise(finding.replacement)
    assert facts.load(facts.dump(one)) == one


@given(BYTES)
def test_any_bytes_are_no_record(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        facts.load(content)


@given(st.sampled_from(list(places(RICH))), JSON)
def test_any_value_in_any_place_is_refused_or_harmless(place: tuple[Any, ...], value: Any) -> None:
    try:
        found = facts.load(json.dumps(put(RICH, place, value)))
    except ValueError:
        return
    check(found)


@pytest.mark.parametrize(
    "content", [BYTES, st.lists(JSON.map(lambda one: json.dumps(one).encode()), max_size=3).map(b"\n".join)]
)
def test_any_file_is_read(tmp_path: Path, content: st.SearchStrategy[bytes]) -> None:
    path = tmp_path / history.FILE

    @given(content)
    def check_file(content: bytes) -> None:
        path.write_bytes(content)
        found, _, notices, _ = history.read(path, [URL], NOW)
        assert not found
        assert all(notice.path == str(path) and notice.line >= 1 for notice in notices)

    check_file()


def test_a_key_twice_is_one_value() -> None:
    line = facts.dump(record()).replace('"outcome":200', '"outcome":404,"outcome":200', 1)
    assert facts.load(line) == record()
    line = line.replace('{"url"', '{"url":"javascript:a","url"', 1)
    assert facts.load(line) == record()


def test_what_is_not_in_normal_form_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    odd = Url("javascript:alert(1)")
    write_history(path, [record(), record(url=odd), record(url=Url("https://a.example/../x"))])
    with Store(None, history_file=path) as one:
        one.recall([URL], NOW)
    (told,) = history.update(path, {}, files.write, NOW)
    assert told.text.startswith("invalid lines: 2, put aside")
    assert path.read_text().splitlines()[1:] == [lines.dump(record())]


# -- what it claims ------------------------------------------------------------------------------

MARK = Match(SignatureKind.PARKED, "x", "for sale", Confidence.CERTAIN)
LOGIN = Match(SignatureKind.LOGIN, "x", "sign in", Confidence.LIKELY)
A, B = "00ff00ff" * 16, "11ee11ee" * 16


def sighted(outcome: int | Fault = 200, final_url: str = URL, hops: int = 0) -> Sighting:
    return Sighting(NOW, outcome, Url(final_url), (Hop(URL, 301),) * hops)


def claimed(evidence: Evidence, good: Identity | None = None) -> Record:
    """A record that says that the link was good."""
    return Record(evidence.url, NOW, evidence, (Past(NOW, 200, State.OK),), good)


UNSOUND = {
    "nothing seen": Evidence(URL),
    "not found": Evidence(URL, (sighted(404), sighted(404))),
    "not found once": Evidence(URL, (sighted(404),)),
    "a fault": Evidence(URL, (sighted(Fault.DNS_NXDOMAIN),), resolver_works=True),
    "a server's error": Evidence(URL, (sighted(500),)),
    "parked": Evidence(URL, (sighted(),), page=Finding(matches=(MARK,))),
    "a login": Evidence(URL, (sighted(),), page=Finding(matches=(LOGIN,))),
    "denied by its site": Evidence(URL, (sighted(),), site=Finding(Presence.ABSENT)),
    "an error page": Evidence(URL, (sighted(final_url="https://a.example/404", hops=1),)),
    "not modified": Evidence(URL, (sighted(304),)),
}
SOUND = {
    "a page": Evidence(URL, (sighted(),)),
    "a page without content": Evidence(URL, (sighted(204),)),
    "moved": Evidence(URL, (sighted(final_url="https://b.example/x", hops=1),)),
    "confirmed by its site": Evidence(URL, site=Finding(Presence.PRESENT)),
    "confirmed, and looked at": Evidence(URL, (sighted(403),), site=Finding(Presence.PRESENT)),
    "flagged": Evidence(URL, (sighted(),), page=Finding(matches=(replace(MARK, confidence=Confidence.WEAK),))),
}


@pytest.mark.parametrize("name", [*SOUND, *UNSOUND])
def test_a_link_is_fresh_where_its_facts_are_good(tmp_path: Path, name: str) -> None:
    known = claimed((SOUND | UNSOUND)[name])
    write_history(tmp_path / history.FILE, [known])
    with Store(tmp_path, history_file=tmp_path / history.FILE, is_consistent=is_consistent) as committed:
        committed.recall([URL], NOW)
        assert committed.is_fresh(URL, NOW) is (name in SOUND)
        committed.remember(replace(known, at=NOW - timedelta(hours=1)))
        committed.finish(is_interrupted=False)
    with Store(tmp_path, is_consistent=is_consistent) as own:
        own.recall([URL], NOW)
        assert own.is_fresh(URL, NOW) is (name in SOUND)


def test_a_page_that_became_another_is_not_fresh() -> None:
    page = Finding(metadata=Metadata(title="Casino jackpot", language="de"), fingerprint=A)
    good = Identity(NOW, "A paper on graphs", "en", "a.example", B)
    assert not is_consistent(claimed(Evidence(URL, (sighted(),), page=page), good))
    assert is_consistent(claimed(Evidence(URL, (sighted(),), page=page), replace(good, fingerprint=A)))


LOOKS = st.builds(
    sighted,
    st.sampled_from([200, 204, 301, 403, 404, 410, 500, Fault.RESET]),
    st.sampled_from([URL, "https://a.example/login"]),
    st.integers(0, 1),
)
FINDINGS = st.none() | st.builds(
    Finding, st.sampled_from([None, *Presence]), is_missing=st.booleans(), matches=st.sampled_from([(), (MARK,), (LOGIN,)]), ask_page=st.booleans(),
    fingerprint=st.sampled_from(["", A, B]), media=st.sampled_from(["", "text/html"]), metadata=st.sampled_from([None, Metadata(title="x", language="de")]),
)  # fmt: skip
GOOD = st.none() | st.builds(
    Identity,
    st.just(NOW),
    st.sampled_from(["", "casino y"]),
    st.sampled_from(["", "en"]),
    st.just(""),
    st.sampled_from(["", A, B]),
)
ADDRESSES = st.sampled_from(
    [URL, Url("https://a.example/x.pdf"), Url("https://a.example/login"), Url("https://a.example/")]
)


@given(
    ADDRESSES,
    st.lists(LOOKS, max_size=2),
    FINDINGS,
    FINDINGS,
    st.sampled_from([None, Probe(sighted(404)), Probe(sighted())]),
    GOOD,
)
def test_what_is_told_at_once_is_what_all_rules_say(
    url: Url,
    looks: list[Sighting],
    site: Finding | None,
    page: Finding | None,
    probe: Probe | None,
    good: Identity | None,
) -> None:
    known = claimed(Evidence(url, tuple(looks), site, page, probe, resolver_works=True), good)
    verdict = judge(replace(known.evidence, good=good)).first
    assert is_consistent(known) is (verdict.state in ALIVE)


# -- others' word and our own --------------------------------------------------------------------


def titled(title: str, **fields: Any) -> Record:
    known = record()
    look = replace(known.evidence.looks[0], etag='"1"')
    return replace(
        known, evidence=replace(known.evidence, looks=(look,), page=Finding(metadata=Metadata(title=title))), **fields
    )


def remembered(folder: Path, one: Record) -> None:
    with Store(folder) as memory:
        memory.remember(one)
        memory.finish(is_interrupted=False)


def known_title(memory: Store) -> str:
    page = memory.recall([URL], NOW)[URL].evidence.page
    assert page is not None
    assert page.metadata is not None
    return page.metadata.title


def test_our_own_word_counts_before_others_of_the_same_time(tmp_path: Path) -> None:
    remembered(tmp_path, titled("ours"))
    path = tmp_path / history.FILE
    for forged in (titled("theirs"), titled("ours", past=()), titled("theirs", good=Identity(NOW, "x"))):
        write_history(path, [forged])
        with Store(tmp_path, history_file=path) as memory:
            assert known_title(memory) == "ours"
            assert memory.recall([URL], NOW)[URL].past == record().past
            assert memory.is_own(URL)


def test_the_same_words_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered(tmp_path, titled("ours", good=Identity(NOW, "x")))
    (tmp_path / history.FILE).write_text(lines.dump(titled("ours", good=Identity(NOW, "x"))) + "\n")
    with Store(tmp_path, history_file=tmp_path / history.FILE) as memory:
        monkeypatch.setattr(lines, "load", lambda _: pytest.fail("read twice"))
        assert known_title(memory) == "ours"
        assert memory.is_own(URL)


def test_the_newer_word_counts_and_is_theirs(tmp_path: Path) -> None:
    remembered(tmp_path, replace(titled("ours"), at=NOW - timedelta(days=1)))
    write_history(tmp_path / history.FILE, [titled("theirs")])
    with Store(tmp_path, history_file=tmp_path / history.FILE) as memory:
        assert known_title(memory) == "theirs"
        assert not memory.is_own(URL)


@pytest.mark.parametrize("is_own", [True, False])
def test_only_our_own_word_is_asked_to_be_confirmed(tmp_path: Path, is_own: bool) -> None:
    old = replace(titled("x"), past=(Past(NOW, 200, State.DEAD),))
    if is_own:
        remembered(tmp_path, old)
    else:
        write_history(tmp_path / history.FILE, [old])
    document = Document("l.md", (Link("l.md", 1, 1, (0, 1), URL, LinkKind.INLINE),))
    with Store(tmp_path, history_file=tmp_path / history.FILE) as memory:
        crawl = crawling([document], Job((), memory=memory))
        (request,) = crawl.requests()
    assert request.headers == ((("if-none-match", '"1"'),) if is_own else ())


@pytest.mark.parametrize(("headers", "is_believed"), [((), False), ((("if-none-match", '"1"'),), True)])
def test_nothing_is_unchanged_that_was_not_asked_for_so(
    headers: tuple[tuple[str, str], ...], is_believed: bool
) -> None:
    document = Document("l.md", (Link("l.md", 1, 1, (0, 1), URL, LinkKind.INLINE),))
    crawl = crawling([document])
    crawl.cases[URL].records[URL] = titled("theirs")
    crawl.sink(Observation(Request(URL, headers=headers), Sighting(NOW, 304, URL)))
    assert judge(crawl.cases[URL].evidence()).first.state is (State.OK if is_believed else State.UNREACHABLE)


# -- secrets -------------------------------------------------------------------------------------

SECRET = Url("https://user:s3cret@a.example/x")


def contents(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_no_secret_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    look = Sighting(
        NOW, 200, Url("https://b.example/?token=s3cret"), (Hop(URL, 302),), detail="https://v:s3cret@b.example/"
    )
    led = Evidence(URL, (look,), page=Finding(metadata=Metadata(title='"\\s3crets" ?password=s3cret')))
    with Store(tmp_path / "m", history_file=path) as memory:
        for one in (record(url=SECRET), Record(URL, NOW, led, record().past)):
            memory.keep(one.url, one.evidence, NOW)
            memory.commit()
            memory.remember(one)
        memory.finish(is_interrupted=True)
        history.update(path, memory.records, files.write, NOW)
    assert b"=s3cret" not in contents(tmp_path)
    assert b":s3cret" not in contents(tmp_path)
    with Store(tmp_path / "m", history_file=path) as again:
        assert list(again.recall([URL, SECRET], NOW)) == [URL]
        assert again.recall([URL], NOW)[URL].evidence.looks[0].final_url == "https://b.example/?token=***"
    assert again.notices == []


def test_secrets_that_an_older_program_remembered_are_forgotten(tmp_path: Path) -> None:
    remembered(tmp_path / "m", record())
    path = tmp_path / history.FILE
    old = record(url=SECRET)
    with closing(sqlite3.connect(tmp_path / "m" / FILE)) as base, base:
        base.execute("insert into facts values (?, ?, ?, ?)", (SECRET, NOW.isoformat(), "{}", "{}"))
    path.write_text(facts.dump(record()) + "\n" + facts.dump(old).replace(":***@", ":s3cret@") + "\n")
    with Store(tmp_path / "m", history_file=path) as memory:
        assert list(memory.recall([URL, SECRET], NOW)) == [URL]
    assert history.update(path, {}, files.write, NOW) == []
    assert "s3cret" not in path.read_text()
    with closing(sqlite3.connect(tmp_path / "m" / FILE)) as base:
        assert base.execute("select url from facts").fetchall() == [(URL,)]
