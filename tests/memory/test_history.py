"""`history.jsonl`: whoever can commit can forge it, several runs may write it, and it may be long."""

from __future__ import annotations

import json
import os
import sys
import tracemalloc
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn, get_args, get_origin, get_type_hints

import pytest

from linkcheck.cli import files
from linkcheck.common import plain_files
from linkcheck.memory import database, facts, history, history_file, lines, lock, quarantine
from linkcheck.memory.history_file import HistoryLines, Parsed
from linkcheck.memory.line_schema import Line
from linkcheck.model import Evidence, Fault, Finding, Metadata, Past, Record, Sighting, State, Url, Value, replace
from tests.memory.values import NOW, URL, record, rich, urls, write_history

GOOD = lines.dump(record()).encode()


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def read(path: Path, *wanted: Url) -> tuple[list[Url], list[str]]:
    found, _, notices, _ = history.read(path, wanted or (URL,), NOW)
    return list(found), [f"{notice.line}: {notice.text}" for notice in notices]


def update(path: Path, *records: Record) -> list[str]:
    notices = history.update(path, {one.url: one for one in records}, files.write, NOW)
    return [notice.text for notice in notices]


def changed(**fields: Any) -> bytes:
    return json.dumps(json.loads(facts.dump(rich())) | fields).encode()


def detailed(details: Any) -> bytes:
    return json.dumps(
        {"url": URL, "at": NOW.isoformat(), "evidence": {"url": URL, "page": {"metadata": {"details": details}}}}
    ).encode()


def looked(**fields: Any) -> bytes:
    look = {"at": NOW.isoformat(), "outcome": 200, "final_url": URL} | fields
    return changed(evidence={"url": URL, "looks": [look]})


def found(**fields: Any) -> bytes:
    return changed(evidence={"url": URL, "site": fields})


HOSTILE = {
    "deep list": b"[" * 100_000,
    "deep object": b'{"url":' * 100_000,
    "deep list in a place for anything": detailed([]).replace(b"[]", b"[" * 100_000),
    "nested in a place for anything": detailed({"a": json.loads("[" * 20 + "]" * 20)}),
    "digits": b"9" * 5_000,
    "digits in a place for anything": detailed(0).replace(b": 0", b": {" + b'"a": ' + b"9" * 5_000 + b"}"),
    "an endless number": looked(elapsed_s="X").replace(b'"X"', b"1e999"),
    "no number": looked(elapsed_s="X").replace(b'"X"', b"NaN"),
    "a status of 30 digits": looked(outcome=10**30),
    "a status below none": looked(outcome=-1),
    "half a character": changed(url="\ud800"),
    "no UTF-8": GOOD.replace(b'"media":""', b'"title":"\xff"'),
    "a NUL": b"\0" * 100,
    "too long": b'{"url": "' + b"a" * 3 * facts.MOST_BYTES + b'"}',
    "too long, of nothing": b" " * 3 * facts.MOST_BYTES + b"x",
    "a time without a zone": changed(at="2026-11-23T06:00:00"),
    "a look without a zone": looked(at="2026-11-23T06:00:00"),
    "the first day": changed(at="0001-01-01T00:00:00+23:59"),
    "a look on the first day": looked(at="0001-01-01T00:00:00+23:59"),
    "a look after it was remembered": looked(at="9999-12-31T23:59:59-23:59"),
    "a look long before it was remembered": looked(at="2026-11-01T06:00:00Z"),
    "a past that is to come": changed(past=[{"at": "2027-01-01T00:00:00Z", "outcome": 200, "state": "ok"}]),
    "good in future": changed(good={"at": "2027-01-01T00:00:00Z"}),
    "evidence on another URL": changed(evidence={"url": "https://b.example/"}),
    "a past within the evidence": changed(evidence={"url": URL, "past": [{"at": NOW.isoformat(), "outcome": 200, "state": "ok"}]}),
    "a good self within the evidence": changed(evidence={"url": URL, "good": {"at": NOW.isoformat()}}),
    "a URL that runs": looked(final_url="javascript:alert(1)"),
    "a URL that holds data": looked(final_url="data:text/html,x"),
    "a URL that is not in normal form": looked(final_url="https://a.example/../x"),
    "no URL": looked(final_url=""),
    "a redirect by what is no URL": looked(hops=[{"url": "file:///etc/passwd", "status": 301}]),
    "more redirects than there can be": looked(hops=[{"url": URL, "status": 301}] * 1_000),
    "more looks than there can be": changed(past=[{"at": NOW.isoformat(), "outcome": 200, "state": "ok"}] * 1_000),
    "a negative number": looked(attempts=-1),
    "a number of 18 digits": looked(attempts=10**18),
    "a negative time": looked(elapsed_s=-1.0),
    "a time of an age": looked(elapsed_s=1e300),
    "a wait of an age": looked(retry_after_s=1e300),
    "a replacement that runs": found(replacement="javascript:alert(1)"),
    "a replacement that is a name": found(replacement="x"),
    "a film without an end": found(metadata={"duration_s": 10**30}),
    "a film that ends before": found(metadata={"duration_s": -1}),
    "a crowd of authors": found(metadata={"authors": [{"name": ""}] * 11_000}),
    "a crowd of signs": found(marks=[{"kind": "screen", "name": "", "evidence": "", "surety": "weak"}] * 2_000),
    "a probe of what is no URL": changed(
        evidence={"url": URL, "probe": {"sighting": {"at": NOW.isoformat(), "outcome": 200, "final_url": "x"}}}
    ),
    "a sketch that is none": changed(good={"at": NOW.isoformat(), "sketch": "zz" * 4}),
    "a sketch in part": changed(good={"at": NOW.isoformat(), "sketch": "00ff"}),
    "a state that is none": changed(past=[{"at": NOW.isoformat(), "outcome": 200, "state": "fine"}]),
    "an error of our own": looked(outcome="internal-error"),
    "an error of our own, before": changed(past=[{"at": NOW.isoformat(), "outcome": "internal-error", "state": "ok"}]),
    "a field of another version": changed(more=1),
    "a list": b"[]",
    "null": b"null",
    "two records": GOOD + GOOD,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_costs_only_itself(tmp_path: Path, name: str) -> None:
    path, others = tmp_path / history.FILE, urls("b", 2)
    good = [lines.dump(record(url=url)).encode() for url in others]
    path.write_bytes(b"\n".join([good[0], HOSTILE[name], good[1], b""]))
    found, notices = read(path, URL, *others)
    assert found == others
    assert len(notices) == 1
    assert notices[0].startswith("2: no history record (")
    assert len(notices[0]) < 150
    assert not (tmp_path / "history.jsonl.corrupt").exists()  # it is still where it was
    assert update(path, record()) == ["invalid lines: 1, put aside in history.jsonl.corrupt"]
    assert lines_of(path)[1:] == [GOOD, *good]
    kept = (tmp_path / "history.jsonl.corrupt").read_bytes().strip()
    assert kept == HOSTILE[name][: facts.MOST_BYTES + 2].strip()


def test_what_is_odd_and_true_is_read(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    path.write_bytes(b"\r\n \n" + GOOD.replace(b",", b" , ") + b"\r\n\n" + facts.dump(rich()).encode())
    assert read(path) == ([URL], [])
    path.write_bytes(looked(outcome=999, attempts=10**9))
    assert read(path) == ([URL], [])
    path.write_bytes(detailed({"a": json.loads("[" * 7 + "]" * 7)}))
    assert read(path) == ([URL], [])


def test_strangers_words_make_lines_of_ascii_that_can_be_read() -> None:
    page = rich().evidence.page
    assert page is not None
    title = "a \ud800 b\u2028c \u202e \x1b[0m \x85 “d”"
    odd = replace(rich().evidence, page=replace(page, metadata=Metadata(title=title, details={"\udfff": ["\udc00"]})))
    line = facts.dump(Record(URL, NOW, odd))
    assert line.isascii()
    assert line.isprintable()
    again = facts.load(line).evidence.page
    assert again is not None
    assert again.metadata == Metadata(title=title.replace("\ud800", " "), details={" ": [" "]})


def test_the_newest_of_several_counts(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    old, new = record(NOW - timedelta(days=1)), record()
    for some in ([old, new, old], [new, old], [old, new]):
        write_history(path, some)
        found, _, notices, _ = history.read(path, [URL], NOW)
        assert (dict(found), notices) == ({URL: lines.load(GOOD)}, [])
        assert update(path, old) == []
        assert lines_of(path) == [b'{"schema": "linkcheck-history/2"}', GOOD]


def test_what_is_not_new_stays_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    odd = GOOD.replace(b'":', b'" : ')
    path.write_bytes(odd + b"\n")
    update(path, record())
    assert lines_of(path)[1:] == [odd]


def test_what_is_dated_in_future_is_not_believed_and_gives_way(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    for at in (NOW + timedelta(days=2), NOW.replace(year=9999)):
        write_history(path, [record(at), record(at, url=urls("b", 1)[0])])
        assert read(path, URL, *urls("b", 1)) == ([], ["1: ignored records with a date later than tomorrow: 2"])
        assert update(path, record()) == []
        assert lines_of(path)[1] == GOOD
        assert len(lines_of(path)) == 3  # another clock may be right: what is not seen anew stays
    write_history(path, [record(NOW + timedelta(hours=14))])
    assert read(path) == ([URL], [])


FOREIGN: dict[str, Iterable[bytes]] = {
    "newer": [b'{"schema": "linkcheck-history/3"}', GOOD],
    "newer, with more in its head": [
        b'{"schema":"linkcheck-history/3","made":"2027"}',
        b'{"u": "https://a.example/x"}',
    ],
    "of somebody else": [b'{"schema": 7}', GOOD],
    "newer, in a conflict": [b"<<<<<<< HEAD", b'{"schema": "linkcheck-history/3"}', GOOD],
    "no history": [b"x"] * (history_file.MOST_REJECTED + 1),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_history_of_ours_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / history.FILE
    path.write_bytes(b"\n".join(FOREIGN[name]))
    before = path.read_bytes()
    found, notices = read(path)
    assert found == []
    assert "not read: " in notices[0]
    (told,) = update(path, record())
    assert told.startswith("not written: ")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [history.FILE]


def test_a_history_that_is_too_large_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    with path.open("wb") as file:
        file.truncate(history_file.MOST_BYTES + 1)
    assert "larger than 1,073,741,824 bytes" in read(path)[1][0]
    assert "larger than" in update(path, record())[0]
    assert path.stat().st_size == history_file.MOST_BYTES + 1


def test_a_history_of_too_many_lines_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_file, "MOST_LINES", 100)
    path = tmp_path / history.FILE
    write_history(path, (record(url=url) for url in urls("a", 99)))
    assert len(read(path, *urls("a", 99))[0]) == 99
    write_history(path, (record(url=url) for url in urls("a", 100)))
    assert read(path) == ([], ["1: not read: it has more than 100 lines"])
    assert update(path, record()) == ["not written: it has more than 100 lines"]
    assert len(lines_of(path)) == 101


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_no_link_is_followed(tmp_path: Path) -> None:
    """A repository may hold links to anywhere: to secrets, to what never ends, to a file to be appended to."""
    path, secret = tmp_path / "reports" / history.FILE, tmp_path / "secret"
    path.parent.mkdir()
    secret.write_text("a secret\n")
    for target in (secret, Path("/dev/zero"), tmp_path / "nowhere"):
        path.symlink_to(target)
        assert read(path) == ([], ["1: not read: it is not a regular file"])
        assert update(path, record()) == ["not written: it is not a regular file"]
        path.unlink()
    os.mkfifo(path)
    assert read(path) == ([], ["1: not read: it is not a regular file"])
    path.unlink()
    path.write_text("not a line\n")
    (path.parent / "history.jsonl.corrupt").symlink_to(secret)
    (told,) = update(path, record())
    assert "not put aside: history.jsonl.corrupt is not a regular file" in told
    assert secret.read_text() == "a secret\n"


def test_what_is_put_aside_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    for _ in range(2):
        path.write_bytes((b"x" * 1_000_000 + b"\n") * 12)
        update(path, record())
    assert 0.9 * quarantine.MOST_BYTES < (tmp_path / "history.jsonl.corrupt").stat().st_size <= quarantine.MOST_BYTES
    path.write_bytes(b"x\n" * 1_000)
    _, notices = read(path)
    assert len(notices) == history.MOST_NOTICES + 1
    assert notices[-1].endswith("more invalid lines: 990")


def test_a_record_that_would_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    update(path, record())
    long = replace(record(NOW + timedelta(1)), past=(Past(NOW, 200, record().past[0].state),) * 30_000)
    assert update(path, long) == []
    assert lines_of(path)[1:] == [GOOD]
    odd = Sighting(NOW, 204, Url("javascript:a"))
    assert update(path, replace(record(), evidence=Evidence(URL, (odd,)))) == []
    assert lines_of(path)[1:] == [GOOD]


def test_reading_and_writing_hold_no_copy_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    padding = b" " * 1_500  # as JSON allows
    path.write_bytes(b"".join(lines.dump(record(url=url)).encode() + padding + b"\n" for url in urls("a", 3_000)))
    size = path.stat().st_size
    tracemalloc.start()
    read(path)
    update(path, record())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 4_000_000
    assert peak < size / 2


def test_a_disk_that_fails_costs_only_the_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / history.FILE
    update(path, record())

    def fail(*_: object) -> NoReturn:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(history_file, "raw_lines", fail)
    assert read(path) == ([], ["1: not read: Input/output error"])
    assert update(path, record(NOW + timedelta(1))) == ["not written: Input/output error"]
    assert lines_of(path)[1:] == [GOOD]
    monkeypatch.undo()
    path.write_bytes(b"no line\n")
    monkeypatch.setattr(plain_files, "open_to_append", fail)
    assert update(path, record()) == ["invalid lines: 1, not put aside: Input/output error"]


# -- the same bytes for the same facts -----------------------------------------------------------


def titled(title: str, at: datetime = NOW, url: Url = URL) -> Record:
    known = record(at, url=url)
    return replace(known, evidence=replace(known.evidence, page=Finding(metadata=Metadata(title=title))))


def written(path: Path, *runs: Iterable[Record], **how: Any) -> list[bytes]:
    """The lines after these runs."""
    for run in runs:
        assert history.update(path, {one.url: one for one in run}, files.write, NOW + timedelta(days=99), **how) == []
    return lines_of(path)


def test_another_look_changes_nothing(tmp_path: Path) -> None:
    path, some = tmp_path / history.FILE, urls("a", 3)
    first = written(path, [titled("A", url=url) for url in some])
    before = path.read_bytes()
    for hours in (0.1, 5, 17, 50, 77):
        assert written(path, [titled("A", NOW + timedelta(hours=hours), url) for url in some]) == first
    assert path.read_bytes() == before
    assert b"\r" not in before
    assert before.endswith(b"}\n")


def test_one_title_that_changed_changes_one_line(tmp_path: Path) -> None:
    path, some = tmp_path / history.FILE, urls("a", 3)
    first = written(path, [titled("A", url=url) for url in some])
    second = written(path, [titled("A" if n else "B", NOW + timedelta(hours=1), url) for n, url in enumerate(some)])
    assert [n for n, (one, other) in enumerate(zip(first, second, strict=True)) if one != other] == [1]


@pytest.mark.parametrize(
    ("keep", "day"),
    [({}, 4), ({"keep": timedelta(days=10)}, 10), ({"keep": timedelta(0)}, 1)],
)
def test_a_look_that_has_become_old_is_written_anew(tmp_path: Path, keep: dict[str, Any], day: int) -> None:
    path = tmp_path / history.FILE
    written(path, [titled("A")])
    for n in range(day + 1):
        at = NOW + timedelta(days=n)
        (_, line) = written(path, [titled("A", at)], **keep)
        assert lines.load(line).at.date() == (at if n == day else NOW).date()


def test_an_older_look_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    first = written(path, [titled("A")])
    assert written(path, [titled("B", NOW - timedelta(days=1))]) == first


@pytest.mark.parametrize("hours", [0, 5])
def test_two_machines_write_the_same_in_either_order(tmp_path: Path, hours: float) -> None:
    a, b, c = urls("a", 3)
    mine = [titled("A", url=a), titled("B", url=b)]
    theirs = [titled("B", NOW + timedelta(hours=hours), b), titled("C", NOW + timedelta(hours=hours), c)]
    for name in "xy":
        (tmp_path / name).mkdir()
    one, other = tmp_path / "x" / history.FILE, tmp_path / "y" / history.FILE
    assert written(one, mine, theirs) == written(other, theirs, mine)
    assert one.read_bytes() == other.read_bytes()
    newer = [titled("new", NOW + timedelta(days=2), b)]
    assert written(one, newer, mine) == written(other, mine, newer)


def test_the_version_before_is_written_anew(tmp_path: Path) -> None:
    path, other = tmp_path / history.FILE, urls("b", 1)[0]
    path.write_text('{"schema": "linkcheck-history/1"}\n' + facts.dump(rich()) + "\n" + facts.dump(record(url=other)))
    found, _, notices, _ = history.read(path, [URL, other], NOW)
    assert (dict(found), notices) == ({URL: rich(), other: record(url=other)}, [])
    texts = [lines.dump(rich()).encode(), lines.dump(record(url=other)).encode()]
    assert written(path, []) == [b'{"schema": "linkcheck-history/2"}', *texts]


# -- conflicts -----------------------------------------------------------------------------------

A, B, C = urls("a", 3)
OURS, THEIRS, BASE = titled("ours", url=A), titled("theirs", NOW + timedelta(days=1), A), titled("base", NOW, A)


def conflict(
    *, has_base: bool = False, ours: Iterable[Record] = (OURS,), theirs: Iterable[Record] = (THEIRS,)
) -> bytes:
    """What git leaves in a file that both sides changed (with merge.conflictStyle, also what was there before)."""
    base = ["||||||| 1234567", lines.dump(BASE)] if has_base else []
    parts = ["<<<<<<< HEAD", *map(lines.dump, ours), *base, "=======", *map(lines.dump, theirs), ">>>>>>> other"]
    texts = [history_file.HEADER, *parts, lines.dump(titled("B", url=B)), ""]
    return "\n".join(texts).encode()


@pytest.mark.parametrize("has_base", [False, True])
def test_of_a_conflict_both_sides_are_read_and_a_clean_file_is_written(tmp_path: Path, has_base: bool) -> None:
    path = tmp_path / history.FILE
    content = conflict(has_base=has_base, ours=[OURS, titled("C", url=C)])
    path.write_bytes(content)
    found, times, (notice,), has_conflict = history.read(path, [A, B, C], NOW + timedelta(days=1))
    assert {url: one.evidence.page.metadata.title for url, one in found.items()} == {A: "theirs", B: "B", C: "C"}  # type: ignore[union-attr]
    assert times.keys() == {A, B, C}
    assert has_conflict
    assert notice.line == 2
    assert "linkcheck init" in notice.text
    assert path.read_bytes() == content
    texts = written(path, [])
    assert texts[1:] == [lines.dump(one).encode() for one in (THEIRS, titled("B", url=B), titled("C", url=C))]
    assert not (tmp_path / "history.jsonl.corrupt").exists()
    assert history.read(path, [A, B, C], NOW + timedelta(days=1))[2:] == ([], False)


def test_what_both_sides_removed_is_not_lost_by_the_marks(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    path.write_bytes(conflict(has_base=True, ours=(), theirs=()))
    found = history.read(path, [A], NOW).records
    assert found[A] == lines.load(lines.dump(BASE))
    assert lines.dump(BASE).encode() in written(path, [])


def test_an_ancestor_is_no_side_however_new_it_is(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    ours = titled("ours", NOW - timedelta(days=5), A)
    path.write_bytes(conflict(has_base=True, ours=[ours], theirs=()))
    assert history.read(path, [A], NOW).records[A].at == lines.load(lines.dump(ours)).at
    assert lines.dump(ours).encode() in written(path, [])


def test_lines_that_git_put_together_are_read(tmp_path: Path) -> None:
    """With `merge=union` both lines stand in the file, in any order, and two heads."""
    path = tmp_path / history.FILE
    head = history_file.HEADER
    for pair in ([OURS, THEIRS], [THEIRS, OURS]):
        path.write_text("\n".join([head, lines.dump(pair[0]), head, lines.dump(pair[1]), ""]))
        found, _, notices, has_conflict = history.read(path, [A], NOW + timedelta(days=1))
        assert (found[A].at.date(), notices, has_conflict) == (THEIRS.at.date(), [], False)
        assert written(path, [])[1:] == [lines.dump(THEIRS).encode()]


def test_of_two_looks_of_one_day_the_same_counts_in_either_order(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    one, other = lines.dump(titled("one", url=A)), lines.dump(titled("other", url=A))
    said, kept = set(), set()
    for pair in ([one, other], [other, one]):
        path.write_text("\n".join(pair))
        said.add(lines.dump(history.read(path, [A], NOW).records[A]))
        kept.add(written(path, [])[1])
    assert len(said) == len(kept) == 1


# -- reading little of much ----------------------------------------------------------------------


def test_only_the_wanted_lines_are_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, some = tmp_path / history.FILE, urls("a", 100)
    write_history(path, (titled("A", url=url) for url in some))
    parsed = list[bytes]()

    def noting(found: HistoryLines, text: bytes) -> Parsed | str | None:
        parsed.append(text)
        return history_file.parsed(text)

    monkeypatch.setattr(HistoryLines, "parse", noting)
    found, times, _, _ = history.read(path, some[40:43], NOW, known={some[41]: NOW, some[42]: NOW - timedelta(days=1)})
    assert len(parsed) == 3  # and the head
    assert set(found) == {some[40], some[42]}
    assert times == {url: NOW.replace(hour=0) for url in some[40:43]}


@pytest.mark.parametrize("at", ["x", "2026-11-23T06:00", ""])
def test_a_time_that_cannot_be_read_at_once_is_read_with_its_line(tmp_path: Path, at: str) -> None:
    path = tmp_path / history.FILE
    path.write_text(f'{{"url":"{URL}","at":"{at}"}}\n')
    found, times, notices, _ = history.read(path, [URL], NOW, known={URL: NOW})
    assert (len(found), times, len(notices)) == (0, {}, 1)


def test_a_url_is_found_by_how_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / history.FILE
    odd = Url("https://a.example/?a\\b=c")
    write_history(path, [record(url=odd)])
    assert set(history.read(path, [odd], NOW).records) == {odd}


# -- several runs --------------------------------------------------------------------------------


def test_a_folder_that_another_process_holds_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / history.FILE
    update(path, record())
    monkeypatch.setattr(history, "_WAIT_S", 0.1)
    with lock.held(tmp_path, 0) as is_alone:
        assert is_alone
        assert update(path, record(NOW + timedelta(1))) == ["not written: another process holds its folder"]
    assert lines_of(path)[1:] == [GOOD]
    assert update(path, record(NOW + timedelta(1))) == []
    assert [one.name for one in tmp_path.iterdir()] == [history.FILE]  # nothing that git would see


@pytest.mark.parametrize("error", [OSError(95, "Operation not supported"), OSError(37, "No locks available")])
def test_where_nothing_can_be_locked_it_is_written_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def refuse(handle: int) -> None:
        raise error

    monkeypatch.setattr(lock, "_lock", refuse)
    (told,) = update(tmp_path / history.FILE, record())
    assert "cannot be locked" in told
    assert lines_of(tmp_path / history.FILE)[1:] == [GOOD]


def test_a_lock_ends_with_what_it_guards(tmp_path: Path) -> None:
    for _ in range(2):
        with suppress(KeyError), lock.held(tmp_path, 0) as is_alone:
            assert is_alone
            raise KeyError
    with lock.held(tmp_path / "nowhere", 0) as is_alone:
        assert not is_alone


# -- versions ------------------------------------------------------------------------------------


def test_what_a_line_may_hold_is_named_by_its_version() -> None:
    """A program takes a line for damaged that has a field or a word it does not know: so what changes this needs a new
    SCHEMA and a new VERSION; the new program reads the older ones (`Database._take_over`)."""

    def mark(kind: type[Value]) -> str:
        return sha256(json.dumps(shape(kind), sort_keys=True).encode()).hexdigest()[:16]

    assert (database.VERSION, mark(Record)) == (3, "a13f22679faaa63b")
    assert (history_file.SCHEMA, mark(Line)) == ("linkcheck-history/2", "b8fb4775a9d86b2f")


NEVER_REMEMBERED = (Fault.INTERNAL_ERROR, State.PENDING, State.UNKNOWN)


def shape(kind: Any) -> Any:
    """The fields of `kind` as a line names them, and what each may hold."""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [one.value for one in kind if one not in NEVER_REMEMBERED]
    if isinstance(kind, type) and issubclass(kind, Value):
        hints = get_type_hints(kind, include_extras=True)
        fields = zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True)
        return {stored: shape(hints[name]) for stored, name in fields}
    parts = [shape(part) for part in get_args(kind)]
    return [str(get_origin(kind)), *parts] if parts else getattr(kind, "__name__", str(kind))
