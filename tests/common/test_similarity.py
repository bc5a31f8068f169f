from __future__ import annotations

import pytest

from linkcheck.common.similarity import fingerprint, similarity
from tests.judge.values import OTHER, TEXT


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (TEXT, TEXT, 1, 1),
        (TEXT, OTHER, 0, 0),
        (TEXT, "", 0, 0),
        (f"{TEXT} 12:45:03 a8f3e2", f"{TEXT} 12:45:09 77bc01", 1, 1),
        (TEXT * 9, f"{TEXT * 9} and a word more", 0.8, 1),
    ],
)
def test_similarity(one: str, other: str, least: float, most: float) -> None:
    assert least <= similarity(fingerprint(one), fingerprint(other)) <= most
