"""The database: corrupt in part, corrupt as a whole, or healthy on a disk that fails."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from linkcheck.memory import FILE, Store, database
from linkcheck.memory.quarantine import MOST_BYTES
from tests.memory.values import NOW, UNMEASURED, damage, known, record, remember, urls
from tests.shared import ROOT

TABLE, INDEX = 13, 10
GARBAGE = [b"not a database at all, but text" * 50, b"SQLite format 3\0" + b"\xff" * 4096, b"\0" * 100]


def asides(folder: Path) -> list[Path]:
    """What was put aside, without the logs."""
    return [path for path in sorted(folder.glob("*.corrupt*")) if path.name[-4:] not in ("-wal", "-shm")]


def change(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / FILE)) as base, base:
        base.execute(statement, values)


# -- what is healthy stays where it is -----------------------------------------------------------


class Failing(sqlite3.Connection):
    """A connection that fails in statements with `words` in them, as SQLite would with `error`."""

    words, error = "", Exception()

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if self.words in sql:
            raise self.error
        return super().execute(sql, *values)


def error_of(code: int) -> Exception:
    if code == sqlite3.SQLITE_NOMEM:
        return MemoryError()
    error = sqlite3.DatabaseError("injected") if code & 0xFF in (11, 26) else sqlite3.OperationalError("injected")
    error.sqlite_errorcode = code
    return error


CODES = (
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CORRUPT_INDEX, sqlite3.SQLITE_NOTADB,
)  # fmt: skip


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("words", ["user_version", "journal_mode", "select url", "begin immediate", "commit"])
def test_no_error_puts_a_healthy_database_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    some = urls("a", 3)
    remember(tmp_path, some)
    before = (tmp_path / FILE).stat().st_ino
    failing = type("Now", (Failing,), {"words": words, "error": error_of(code)})
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=failing))
    with Store(tmp_path) as memory:
        memory.recall(some, NOW)
        memory.keep(some[0], record(url=some[0]).evidence, NOW)
        memory.commit()
        memory.remember(record(url=some[0]))
        memory.finish(is_interrupted=False)
    assert "stored" in memory.notices[-1].text or "no memory" in memory.notices[-1].text
    monkeypatch.undo()
    assert asides(tmp_path) == []
    assert (tmp_path / FILE).stat().st_ino == before
    assert known(tmp_path) == set(some)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_a_disk_that_takes_no_more_leaves_the_memory_as_it_was(tmp_path: Path) -> None:
    some = urls("a", 50)
    remember(tmp_path, some)
    script = f"""
import resource, sys
from pathlib import Path
from linkcheck.memory import Store
from tests.memory.values import UNMEASURED, NOW, record, urls
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
with Store(Path({str(tmp_path)!r})) as memory:
    for url in urls("b", 500):
        memory.keep(url, record(url=url).evidence, NOW)
        memory.commit()
print(*(notice.text for notice in memory.notices))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=UNMEASURED, capture_output=True, text=True, check=True
    )
    assert "no memory of earlier runs: " in done.stdout or "no more observations will be stored: " in done.stdout
    assert asides(tmp_path) == []
    assert known(tmp_path) >= set(some)


def test_a_folder_in_place_of_the_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with Store(tmp_path) as memory:
        assert not memory.recall(urls("a", 1), NOW)
    assert "no memory of earlier runs: memory-3.sqlite3 is a folder, not a regular file" in memory.notices[0].text
    assert (tmp_path / FILE).is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
@pytest.mark.parametrize(
    "name", ["memory.sqlite3", *(FILE + end for end in ("", "-wal", "-shm", "-journal", ".new", ".tmp"))]
)
def test_no_link_in_the_folder_is_followed(tmp_path: Path, name: str) -> None:
    """A folder that is shared (--memory) may hold others' links."""
    victim, folder = tmp_path / "victim", tmp_path / "memory"
    remember(folder, urls("a", 1))
    (folder / FILE).replace(victim)
    before = victim.read_bytes()
    (folder / name).symlink_to(victim)
    with Store(folder) as memory:
        (notice,) = memory.notices
    assert notice.text == f"no memory of earlier runs: {name} is a symbolic link"
    assert victim.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_what_is_remembered_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "memory"
    before = os.umask(0)
    try:
        with Store(folder) as memory:
            assert [path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())] == [0o700, 0o600, 0o600, 0o600]
        assert not memory.notices
    finally:
        os.umask(before)


@pytest.mark.parametrize("version", [1, 2, 4, 99])
def test_a_database_of_another_version_is_left_alone(tmp_path: Path, version: int) -> None:
    remember(tmp_path, urls("a", 1))
    change(tmp_path, f"pragma user_version = {version}")
    before = (tmp_path / FILE).read_bytes()
    with Store(tmp_path) as memory:
        assert not memory.recall(urls("a", 1), NOW)
    assert f"schema version {version}" in memory.notices[0].text
    assert (tmp_path / FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


ENDLESS = (
    "with recursive r(n) as (select 1 union all select n + 1 from r) select '' url, '' at, '' fact, '' past from r"
)


@pytest.mark.parametrize(
    "change_to",
    [
        f"drop table facts; create view facts as {ENDLESS}",
        "create trigger t after insert on journal begin select raise(abort, 'x'); end",
    ],
)
def test_a_database_that_computes_is_left_alone(tmp_path: Path, change_to: str) -> None:
    """The first filled the memory."""
    remember(tmp_path, urls("a", 1))
    with closing(sqlite3.connect(tmp_path / FILE)) as base:
        base.executescript(change_to)
    with Store(tmp_path) as memory:
        assert not memory.recall(urls("a", 1), NOW)
    assert "views or triggers" in memory.notices[0].text


def test_a_row_that_is_too_large_costs_the_memory_and_not_the_run(tmp_path: Path) -> None:
    remember(tmp_path, urls("a", 1))
    change(tmp_path, "update facts set fact = zeroblob(50000000)")
    with Store(tmp_path) as memory:
        assert not memory.recall(urls("a", 1), NOW)
    assert "no more observations will be stored" in memory.notices[0].text


def test_each_version_has_a_file_of_its_own(tmp_path: Path) -> None:
    assert str(database.VERSION) in FILE
    (tmp_path / "memory-2.sqlite3").write_bytes(b"whatever another version has here")
    (tmp_path / "memory-4.sqlite3").write_bytes(b"whatever another version has here")
    remember(tmp_path, urls("a", 1))
    assert len([path for path in tmp_path.iterdir() if path.read_bytes()[:8] == b"whatever"]) == 2


def older(folder: Path, version: int) -> Path:
    """The file that version 2 would have left."""
    remember(folder, urls("a", 3))
    change(folder, "create table runs (id integer primary key, started text not null, finished text)")
    change(folder, f"pragma user_version = {version}")
    return (folder / FILE).replace(folder / "memory.sqlite3")


def test_the_facts_of_the_version_before_are_taken_over_once(tmp_path: Path) -> None:
    before = older(tmp_path, 2).read_bytes()
    with Store(tmp_path) as memory:
        assert len(memory.recall(urls("a", 3), NOW)) == 3
    assert memory.notices == []
    assert (tmp_path / "memory.sqlite3").read_bytes() == before
    change(tmp_path, "delete from facts")
    with Store(tmp_path) as memory:
        assert not memory.recall(urls("a", 3), NOW)


def test_those_of_versions_that_are_not_known_are_not(tmp_path: Path) -> None:
    older(tmp_path, 7)
    with Store(tmp_path) as memory:
        assert not memory.recall(urls("a", 3), NOW)
    assert memory.notices == []


# -- what is corrupt -----------------------------------------------------------------------------


@pytest.mark.parametrize("content", GARBAGE)
def test_what_is_no_database_is_put_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    remembered_anew(tmp_path, notices=1)
    (aside,) = asides(tmp_path)
    assert aside.read_bytes() == content


def remembered_anew(folder: Path, *, notices: int) -> None:
    with Store(folder) as memory:
        memory.remember(record())
        memory.finish(is_interrupted=False)
    assert len(memory.notices) == notices
    with Store(folder) as memory:
        assert list(memory.recall([record().url], NOW).values()) == [record()]
    assert memory.notices == []


@pytest.mark.parametrize(("kind", "lost"), [(TABLE, 20), (INDEX, 1)])
def test_a_corrupt_page_costs_only_what_stood_on_it(tmp_path: Path, kind: int, lost: int) -> None:
    some = urls("a", 600)
    remember(tmp_path, some)
    change(tmp_path, "update facts set fact = cast(x'ff' as text) where url = ?", some[10])  # and one that is no text
    damage(tmp_path / FILE, some[300], kind)
    with Store(tmp_path) as memory:
        found = set(memory.recall(some, NOW))
        for url in set(some) - found:
            memory.remember(record(url=url))
        memory.finish(is_interrupted=False)
    assert 600 - lost <= len(found) < 600
    assert "corrupt (database disk image is malformed): put aside as" in memory.notices[0].text
    assert f"could be read: {len(found)}" in memory.notices[0].text
    with Store(tmp_path) as memory:
        assert len(memory.recall(some, NOW)) == 600
    assert memory.notices == []
    assert len(asides(tmp_path)) == 1


@pytest.mark.parametrize("share", [0.6, 0.99])
def test_a_database_that_was_cut_off_gives_what_is_left(tmp_path: Path, share: float) -> None:
    some = urls("a", 400)
    remember(tmp_path, some)
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content[: int(len(content) * share)])
    with Store(tmp_path) as memory:
        found = memory.recall(some, NOW)
    assert len(found) > 400 * (share - 0.2) / 2
    assert len(memory.notices) == 1
    remembered_anew(tmp_path, notices=0)


def test_facts_in_the_log_of_a_corrupt_database_are_read_too(tmp_path: Path) -> None:
    """As `kill -9` leaves them: not yet in the database itself."""
    some = urls("a", 300)
    remember(tmp_path, some)
    with closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute("select * from facts").fetchone()  # the last one to close would move the log into the database
        remember(tmp_path, urls("b", 10))
        content = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert f"{FILE}-wal" in content
    for name, text in content.items():
        (tmp_path / name).write_bytes(text)
    damage(tmp_path / FILE, some[150], TABLE)
    with Store(tmp_path) as memory:
        found = set(memory.recall([*some, *urls("b", 10)], NOW))
    assert set(urls("b", 10)) <= found
    assert len(found) > 270


def test_corruption_that_is_met_in_writing_is_mended_and_nothing_is_lost(tmp_path: Path) -> None:
    some = urls("a", 300)
    remember(tmp_path, some)
    damage(tmp_path / FILE, some[150], TABLE)
    with Store(tmp_path) as memory:
        for url in some:
            memory.remember(record(NOW, url=url))
        memory.finish(is_interrupted=False)
    assert len(memory.notices) == 1
    assert known(tmp_path) == set(some)


def test_a_run_whose_file_another_process_puts_aside_goes_on_in_the_new_one(tmp_path: Path) -> None:
    some = urls("a", 300)
    remember(tmp_path, some)
    with Store(tmp_path) as long:
        long.recall(some[:1], NOW)
        for url in urls("b", 10):
            long.keep(url, record(url=url).evidence, NOW)
            long.commit()
        # What is in the log is not in the database, so it is moved there before it is damaged.
        change(tmp_path, "pragma wal_checkpoint(truncate)")
        damage(tmp_path / FILE, some[150], TABLE)
        with Store(tmp_path) as other:
            assert len(other.recall(some, NOW)) > 270
            other.remember(record())
            other.finish(is_interrupted=False)
        for url in urls("c", 10):
            long.keep(url, record(url=url).evidence, NOW)
            long.commit()
        for url in [*urls("b", 10), *urls("c", 10)]:
            long.remember(record(url=url))
        long.finish(is_interrupted=False)
    assert len(other.notices) == 1
    assert long.notices == []
    assert known(tmp_path) >= {record().url, *urls("b", 10), *urls("c", 10)}
    (aside,) = asides(tmp_path)
    with closing(sqlite3.connect(aside)) as base:
        assert base.execute("select count(*) from facts where url like '%c.example%'").fetchone() == (0,)


@pytest.mark.parametrize("words", ["integrity_check", "begin immediate", "not indexed", "where rowid", "where run"])
def test_a_corrupt_database_is_not_put_aside_when_the_disk_fails_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """What cannot be read now can be read later."""
    some = urls("a", 300)
    remember(tmp_path, some)
    with Store(tmp_path) as memory:
        memory.keep(some[0], record(url=some[0]).evidence, NOW)
        memory.commit()
    damage(tmp_path / FILE, some[150], TABLE)
    failing = type("Now", (Failing,), {"words": words, "error": error_of(sqlite3.SQLITE_IOERR_READ)})
    connect = sqlite3.connect
    with Store(tmp_path) as memory, monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=failing))
        assert memory._base
        memory._base.read("select fact from facts")
        assert "no memory of earlier runs: injected" in memory.notices[-1].text
    assert asides(tmp_path) == []
    with Store(tmp_path) as memory:
        assert len(memory.recall(some, NOW)) > 270


def test_a_corrupt_database_is_not_put_aside_while_somebody_writes_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_S", 0.1)
    some = urls("a", 300)
    remember(tmp_path, some)
    damage(tmp_path / FILE, some[150], TABLE)
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        with Store(tmp_path) as memory:
            other.execute("begin immediate")
            assert not memory.recall(some, NOW)
        assert "database is locked" in memory.notices[-1].text
    assert asides(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
def test_a_run_whose_file_is_deleted_begins_a_new_one(tmp_path: Path) -> None:
    with Store(tmp_path) as memory:
        memory.keep(record().url, record().evidence, NOW)
        memory.commit()
        for path in tmp_path.iterdir():
            path.unlink()
        memory.keep(record().url, record().evidence, NOW)
        memory.commit()
        memory.remember(record())
        memory.finish(is_interrupted=False)
    assert memory.notices == []
    assert known(tmp_path) == {record().url}


def test_a_swap_that_was_killed_is_finished(tmp_path: Path) -> None:
    remember(tmp_path, urls("a", 5))
    (tmp_path / FILE).replace(tmp_path / f"{FILE}.new")
    (tmp_path / FILE).write_bytes(GARBAGE[0])
    (tmp_path / f"{FILE}.tmp").write_bytes(b"half of another")
    for _ in range(2):
        with Store(tmp_path) as memory:
            assert len(memory.recall(urls("a", 5), NOW)) == 5
    assert len(asides(tmp_path)) == 1
    (tmp_path / FILE).replace(tmp_path / f"{FILE}.new")  # killed a step later
    with Store(tmp_path) as memory:
        assert len(memory.recall(urls("a", 5), NOW)) == 5
    assert not (tmp_path / f"{FILE}.new").exists()


def test_what_is_put_aside_is_bounded(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / FILE).write_bytes(b"%d is no database" % number * 100)
        with Store(tmp_path):
            pass
    assert [path.read_bytes()[:1] for path in asides(tmp_path)] == [b"3", b"4", b"5"]


# -- one corrupt fact ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        "cast(x'7b2275726cff' as text)", "x'ff00ff'", "7", "''", "'{}'", "'[]'", "'null'", f"'{'[' * 100_000}'",
        "'" + '{"url":' * 50_000 + "'", "'" + "9" * 5_000 + "'", "replace(fact, '0003', '0004')",
        "replace(fact, '200', '1e999')", "replace(fact, '23T06', '23T25')", "replace(fact, '00Z', '00')",
        "replace(fact, 'h', '\\ud800')", "zeroblob(2000000)",
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["fact", "past"])
def test_one_corrupt_fact_costs_only_itself(tmp_path: Path, wrong: str, column: str) -> None:
    some = urls("a", 5)
    remember(tmp_path, some)
    wrong = wrong if column == "fact" else wrong.replace("fact", "past").replace("0003", "ok").replace("0004", "no")
    change(tmp_path, f"update facts set {column} = {wrong} where url = ?", some[3])
    for notices in (1, 0):
        with Store(tmp_path) as memory:
            expected = {*some} - {some[3]}
            assert set(memory.recall(some, NOW)) in ([expected] if column == "fact" else [expected, {*some}])
            memory.finish(is_interrupted=False)
        if column == "fact":
            assert len(memory.notices) == notices
    assert [path.name for path in asides(tmp_path)] in ([f"{FILE}.corrupt"], [] if column == "past" else None)


def test_one_corrupt_entry_of_the_journal_costs_only_itself(tmp_path: Path) -> None:
    some = urls("a", 5)
    with Store(tmp_path) as memory:
        for url in some:
            memory.keep(url, record(url=url).evidence, NOW)
        memory.finish(is_interrupted=True)
    change(tmp_path, "update journal set fact = cast(x'ff' as text) where n = 2")
    change(tmp_path, "update journal set url = cast(x'ff' as text) where n = 3")
    for notices in (1, 0):
        with Store(tmp_path) as memory:
            assert set(memory.recall(some, NOW)) == {some[0], some[3], some[4]}
        assert len(memory.notices) == notices


def test_notices_of_many_corrupt_facts_are_few_and_what_is_put_aside_is_bounded(tmp_path: Path) -> None:
    some = urls("a", 200)
    remember(tmp_path, some)
    change(tmp_path, "update facts set fact = '{' || zeroblob(200000) where url < ?", some[150])
    with Store(tmp_path) as memory:
        assert len(memory.recall(some, NOW)) == 50
    assert len(memory.notices) == 11
    assert "140" in memory.notices[-1].text
    assert "is full" in memory.notices[-1].text
    (aside,) = asides(tmp_path)
    assert 0.9 * MOST_BYTES < aside.stat().st_size <= MOST_BYTES


def test_a_fact_from_the_future_is_not_believed_and_gives_way(tmp_path: Path) -> None:
    url = record().url
    remember(tmp_path, [url], NOW.replace(year=2099))
    with Store(tmp_path) as memory:
        assert not memory.recall([url], NOW)
        memory.remember(record())
        memory.finish(is_interrupted=False)
    with Store(tmp_path) as memory:
        assert list(memory.recall([url], NOW).values()) == [record()]
