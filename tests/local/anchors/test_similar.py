from __future__ import annotations

import time

import pytest

from linkcheck.local.anchors.similar import Similar

NAMES = ["installation", "getting-started", "faq", "usage", "usage-1", "configuration-file", "c"]


@pytest.mark.parametrize(
    ("fragment", "name"),
    [
        ("zzz", ""), ("", ""), ("---", ""), ("b", ""), ("us", ""), ("x" * 100, ""), ("completely-different", ""),
        ("Installation", "installation"), ("getting_started", "getting-started"), ("-usage-", "usage"),
        ("instalation", "installation"), ("gettign-started", "getting-started"), ("faqs", "faq"), ("usag", "usage"),
        ("configuration", "configuration-file"), ("getting-started-guide", "getting-started"),
    ],
)  # fmt: skip
def test_the_nearest_name(fragment: str, name: str) -> None:
    assert Similar(NAMES).to(fragment) == name


def test_the_fewest_edits_win() -> None:
    assert Similar(["abcdefxx", "abcdefgx", "abcdefgz"]).to("abcdefgh") == "abcdefgx"


def test_names_of_punctuation_are_near_to_none() -> None:
    assert Similar(["-", "--"]).to("a") == ""


def test_many_questions_of_many_names_are_bounded() -> None:
    similar = Similar([f"heading-number-{number}-of-very-many" for number in range(30_000)])
    started = time.process_time()
    assert similar.to("Heading number 29999 of very many") == "heading-number-29999-of-very-many"
    for number in range(1_000):
        similar.to(f"heding-numbre-{number}-off-very-mny")
    assert time.process_time() - started < 10
