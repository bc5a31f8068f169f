from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from linkcheck.memory import facts, lines
from linkcheck.memory import merge as merge_module
from linkcheck.memory.history_file import HEADER
from linkcheck.memory.merge import MergeError, merged
from linkcheck.model import Record, State, Url
from tests.memory.values import NOW, record, rich, urls, write_history

DAY = timedelta(days=1)
A, B, C, D = urls("a", 4)


def aged(url: Url, days: int, state: State = State.OK) -> Record:
    return record(NOW - days * DAY, state, url, 404 if state is State.DEAD else 200)


def merge(folder: Path, *sides: Iterable[Record | str]) -> list[str]:
    """The merged lines of base, ours and theirs."""
    for name, records in zip("OAB", sides, strict=True):
        texts = [one if isinstance(one, str) else lines.dump(one) for one in records]
        (folder / name).write_text("\n".join([HEADER, *texts, ""]))
    head, *found = "".join(merged(*(folder / name for name in "OAB"))).splitlines()
    assert head == HEADER
    return found


def dumped(*records: Record) -> list[str]:
    return [lines.dump(one) for one in records]


def test_it_is_the_union_and_the_newest_look_counts(tmp_path: Path) -> None:
    ours = [aged(A, 5), aged(B, 1, State.DEAD), aged(D, 3)]
    theirs = [aged(B, 2), aged(C, 1), aged(D, 1, State.DEAD)]
    expected = dumped(aged(A, 5), aged(B, 1, State.DEAD), aged(C, 1), aged(D, 1, State.DEAD))
    for base in ([], [aged(D, 9), aged(B, 9)]):
        assert merge(tmp_path, base, ours, theirs) == merge(tmp_path, base, theirs, ours) == expected


def test_what_one_side_changed_is_changed(tmp_path: Path) -> None:
    """Also to an older look: the other side has only what was there before."""
    old, new = aged(A, 9, State.DEAD), aged(A, 1)
    assert merge(tmp_path, [new], [new], [old]) == merge(tmp_path, [new], [old], [new]) == dumped(old)


def test_what_one_side_removed_is_removed_unless_the_other_changed_it(tmp_path: Path) -> None:
    both = [aged(A, 9), aged(B, 9), aged(C, 9)]
    ours = [aged(B, 1, State.DEAD), aged(C, 1)]  # C: only another look
    assert merge(tmp_path, both, ours, [aged(A, 9)]) == dumped(aged(B, 1, State.DEAD))
    assert merge(tmp_path, both, [aged(A, 9)], ours) == dumped(aged(B, 1, State.DEAD))
    assert merge(tmp_path, both, both, []) == []


def test_of_one_time_the_same_counts_in_either_order(tmp_path: Path) -> None:
    one, other = lines.dump(aged(A, 1)), lines.dump(record(NOW - DAY, url=A, outcome=204))
    assert merge(tmp_path, [], [one], [other]) == merge(tmp_path, [], [other], [one])


def test_an_older_version_is_written_anew(tmp_path: Path) -> None:
    assert merge(tmp_path, [], [facts.dump(rich())], [facts.dump(rich())]) == dumped(rich())


def test_nothing_that_cannot_be_read_is_lost(tmp_path: Path) -> None:
    found = merge(tmp_path, ["gone"], [aged(A, 1), "<b>", "<a>"], ["<a>", "<c>"])
    assert found == [*dumped(aged(A, 1)), "<a>", "<b>", "<c>"]


def test_a_side_with_marks_of_an_older_conflict_is_merged_too(tmp_path: Path) -> None:
    ours = ["<<<<<<< x", lines.dump(aged(A, 2)), "=======", lines.dump(aged(A, 1)), ">>>>>>> y"]
    assert merge(tmp_path, [], ours, []) == dumped(aged(A, 1))


def test_a_side_that_is_not_there_is_empty(tmp_path: Path) -> None:
    write_history(tmp_path / "A", [aged(A, 1)])
    found = list(merged(tmp_path / "none", tmp_path / "A", tmp_path / "none"))
    assert found[1:] == [f"{lines.dump(aged(A, 1))}\n"]


def test_a_newer_version_is_not_merged(tmp_path: Path) -> None:
    with pytest.raises(MergeError, match="unsupported schema version 'linkcheck-history/3'"):
        merge(tmp_path, [], [], ['{"schema": "linkcheck-history/3"}'])


def test_what_cannot_be_read_is_not_merged(tmp_path: Path) -> None:
    with pytest.raises(MergeError, match="not a regular file"):
        list(merged(tmp_path, tmp_path, tmp_path))


def test_a_disk_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> NoReturn:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(merge_module, "opened", fail)
    with pytest.raises(MergeError, match="Input/output error"):
        list(merged(*[tmp_path / "x"] * 3))


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_sides_makes_no_difference(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    states = (State.OK, State.DEAD, State.UNREACHABLE)

    def some() -> list[Record]:
        return [aged(url, chance.randrange(3), chance.choice(states)) for url in (A, B, C, D) if chance.random() < 0.8]

    base, ours, theirs = some(), some(), some()
    assert merge(tmp_path, base, ours, theirs) == merge(tmp_path, base, theirs, ours)
