from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from linkcheck.memory import recovery

TABLES = """
create table facts (url text primary key, at text not null, fact text not null, past text not null);
create table journal (run integer not null, n integer not null, url text, at text, fact text, primary key (run, n)) without rowid;
"""


def error(code: int | None) -> sqlite3.DatabaseError:
    made = sqlite3.DatabaseError("x")
    if code is not None:
        made.sqlite_errorcode = code
    return made


@pytest.fixture
def bases() -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    with (
        closing(sqlite3.connect(":memory:", isolation_level=None)) as old,
        closing(sqlite3.connect(":memory:", isolation_level=None)) as new,
    ):
        for base in (old, new):
            base.executescript(TABLES)
        yield old, new


@pytest.mark.parametrize(
    ("code", "is_corrupt"),
    [
        (sqlite3.SQLITE_CORRUPT, True),
        (sqlite3.SQLITE_NOTADB, True),
        (sqlite3.SQLITE_CORRUPT | 3 << 8, True),  # an extended code of it
        (sqlite3.SQLITE_IOERR, False),
        (sqlite3.SQLITE_BUSY, False),
        (sqlite3.SQLITE_ERROR, False),
        (None, False),
    ],
)
def test_only_the_file_itself_can_be_corrupt(code: int | None, is_corrupt: bool) -> None:
    assert recovery.is_corrupt(error(code)) == is_corrupt
    assert not recovery.is_corrupt(OSError(code or 0, "x"))


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR])
def test_damage_is_skipped(code: int) -> None:
    with recovery.damage_skipped():
        raise error(code)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, None])
def test_a_disk_that_fails_is_no_damage(code: int | None) -> None:
    with pytest.raises(sqlite3.DatabaseError), recovery.damage_skipped():
        raise error(code)


def test_text_that_is_no_text_is_damage() -> None:
    with recovery.damage_skipped():
        b"\xff".decode()


def test_every_row_is_copied_once(bases: tuple[sqlite3.Connection, sqlite3.Connection]) -> None:
    old, new = bases
    facts = [(f"https://a.example/{n}", "2026", "{}", "é") for n in range(20)]
    entries = [(7, n, "https://a.example/", "2026", "{}") for n in range(5)]
    old.executemany("insert into facts values (?, ?, ?, ?)", facts)
    old.executemany("insert into journal values (?, ?, ?, ?, ?)", entries)
    new.execute("insert into facts values (?, 'newer', '', '')", (facts[0][0],))
    assert recovery.copy(old, new) == 19
    assert not new.in_transaction
    assert sorted(new.execute("select * from facts where at = '2026'")) == sorted(facts[1:])
    assert new.execute("select at from facts where url = ?", (facts[0][0],)).fetchone() == ("newer",)
    assert sorted(new.execute("select * from journal")) == entries


def test_a_row_that_is_no_text_costs_only_itself(bases: tuple[sqlite3.Connection, sqlite3.Connection]) -> None:
    old, new = bases
    old.executemany("insert into facts values (?, '', cast(? as text), '')", [("a", b"\xff"), ("b", b"good")])
    assert recovery.copy(old, new) == 1
    assert new.execute("select url, fact from facts").fetchall() == [("b", "good")]


def test_where_a_table_is_missing_the_other_is_copied(bases: tuple[sqlite3.Connection, sqlite3.Connection]) -> None:
    old, new = bases
    old.execute("drop table facts")
    old.execute("insert into journal values (1, 2, 'a', 'b', 'c')")
    assert recovery.copy(old, new) == 0
    assert new.execute("select * from journal").fetchall() == [(1, 2, "a", "b", "c")]


def head(page_bytes: int, pages: int) -> bytes:
    """The first bytes of a database: its page size is at 16, its number of pages at 28."""
    return b"x" * 16 + page_bytes.to_bytes(2) + b"y" * 10 + pages.to_bytes(4)


@pytest.mark.parametrize(
    ("content", "length"),
    [
        (head(512, 4).ljust(1024, b"z"), 2048),
        (head(512, 31).ljust(1024, b"z"), 15_872),
        (head(512, 32).ljust(1024, b"z"), 1024),  # sixteen times as much: the number is damaged
        (head(512, 2).ljust(1024, b"z"), 1024),
        (head(512, 1).ljust(1024, b"z"), 1024),  # never shorter
        (b"short", 5),
        (b"", 0),
    ],
)
def test_a_file_that_was_cut_off_has_its_length_again(tmp_path: Path, content: bytes, length: int) -> None:
    path = tmp_path / "base"
    path.write_bytes(content)
    recovery.fill_up(path)
    assert path.stat().st_size == length
    assert path.read_bytes()[: len(content)] == content


def test_a_whole_database_is_sound_and_a_damaged_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "base"
    with closing(sqlite3.connect(path)) as base:
        base.executescript(TABLES)
        base.executemany("insert into facts values (?, '', '', '')", [(str(n) * 100,) for n in range(200)])
        base.commit()
        assert recovery.is_intact(base)
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as base:
        assert not recovery.is_intact(base)
    path.write_bytes(b"no database at all, but long enough to be one " * 100)
    with closing(sqlite3.connect(path)) as base:
        assert not recovery.is_intact(base)


def test_whether_it_is_sound_cannot_be_told_while_it_is_locked(tmp_path: Path) -> None:
    path = tmp_path / "base"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as one,
        closing(sqlite3.connect(path, timeout=0)) as other,
    ):
        one.executescript(TABLES)
        one.execute("begin exclusive")
        with pytest.raises(sqlite3.OperationalError):
            recovery.is_intact(other)
