"""Every target with the same some hundred inputs each time; and the fuzzer itself, on a target that is broken on purpose."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.__main__ import TooSlow, failure, place, smaller
from tests.fuzz.mutate import MOST_BYTES, PUMPED_BYTES, mutated
from tests.fuzz.targets import TARGETS
from tests.shared import ROOT

SEEDS, CHANGED = 60, 120


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_holds(name: str) -> None:
    target, chance = TARGETS[name], Random(name)
    corpus = list(dict.fromkeys(target.seeds()))
    words = list(target.words())
    for data in corpus[:: max(1, len(corpus) // SEEDS)]:
        target.run(data)
    for _ in range(CHANGED):
        data = mutated(corpus, words, chance, pumped=0.0)
        try:
            target.run(data)
        except Exception as error:
            error.add_note(f"input: {data!r}")
            raise


def broken(data: bytes) -> None:
    if b"x" in data:
        raise KeyError(data)


def test_what_fails_is_told_and_made_smaller() -> None:
    found = failure(broken, b"abcxdef" * 5)
    assert found is not None
    assert place(found).startswith("KeyError")
    assert failure(broken, b"abc") is None
    assert smaller(broken, b"abcxdef" * 5, place(found)) == b"x"


def test_a_failure_elsewhere_is_another_one() -> None:
    def other(data: bytes) -> None:
        raise KeyError(data)

    one, two = failure(broken, b"x"), failure(other, b"x")
    assert one
    assert two
    assert place(one) != place(two)
    assert place(TooSlow("3 s")) == place(TooSlow("4 s"))


def test_inputs_are_bounded_and_the_same_each_time() -> None:
    corpus = [b"a" * 5_000, b"<b>" * 1_000]
    made = [[mutated(corpus, [b"word"], Random(n), pumped=0.5) for n in range(200)] for _ in range(2)]
    assert made[0] == made[1]
    assert max(map(len, made[0])) == PUMPED_BYTES
    assert all(len(mutated(corpus, [], Random(n), pumped=0.0)) <= MOST_BYTES for n in range(100))


WATCHED = """
from tests.fuzz import branches
branches.watch()
from linkcheck import urls
seen = branches.Seen()
urls.normalise("https://a.example/"); print(seen.adds(), end=" ")
urls.scheme("a"); print(seen.adds(), end=" ")
urls.scheme("a"); print(seen.adds(), end=" ")
urls.scheme("a:"); print(seen.adds(), len(seen) > 3)
"""


def test_a_new_branch_is_seen_once() -> None:
    done = subprocess.run([sys.executable, "-c", WATCHED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "False", "True", "True"]


@pytest.mark.skipif(sys.platform == "win32", reason="paths and limits are POSIX's")
def test_the_program_fuzzes_a_target(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "retry_after"], cwd=ROOT, env=os.environ | {"FUZZ_SECONDS": "0.2"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 findings" in done.stdout
    unknown = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "x"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (unknown.returncode, "no target x" in unknown.stderr) == (2, True)
