from __future__ import annotations

import pytest

from linkcheck.local.anchors import slugs


@pytest.mark.parametrize(
    "char",
    [
        "a", "Z", "0", "_", "-", " ", "é", "ß", "日", "ह", "ि", "\u0301", "\ufe0f", "٣", "Ⅳ", "ⓐ", "\U0001f130", "ª", "‿",
    ],
)  # fmt: skip
def test_word_characters_stay(char: str) -> None:
    """Ruby 3.1's `[\\p{Word}\\- ]` and github-slugger 2.0.0, asked for all code points: they agree with this rule on
    each that their Unicode versions know."""
    assert slugs.words(f"{char}x") == f"{char}x"


@pytest.mark.parametrize(
    "char",
    [
        "\t",
        "\n",
        ".",
        "–",
        "«",
        "½",
        "²",
        "①",
        "€",
        "🎉",
        "❤",
        "\u200d",
        "\u200b",
        "\xa0",
        "\u3000",
        "、",
        "️"[:0] + "🇩",
    ],
)
def test_all_others_go(char: str) -> None:
    assert slugs.words(f"x{char}x") == "xx"


def test_a_slug_is_in_lower_case_with_hyphens() -> None:
    assert slugs.github(" Ä b  C.d ") == "-ä-b--cd-"
    assert slugs.comrak("½ Ä") == "½-ä"
