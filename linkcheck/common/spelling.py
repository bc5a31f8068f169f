"""How near two names are: by their letters alone, and by the number of edits from one to the other."""

from __future__ import annotations


def letters(text: str) -> str:
    """The letters and digits of `text`, without case."""
    return "".join(filter(str.isalnum, text.casefold()))


def edits(one: str, other: str, most: int) -> int:
    """How many characters have to be changed, added or taken away (Levenshtein); more than `most` stands for any larger
    number. Only a band of the table is computed."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        low, high = max(1, at - most), min(len(other), at + most)
        before, row[low - 1] = row[low - 1], at if low == 1 else most + 1
        for place in range(low, high + 1):
            above = row[place] if place < at + most else most + 1
            before, row[place] = above, min(before + (char != other[place - 1]), above + 1, row[place - 1] + 1)
        if min(row[low - 1 : high + 1]) > most:
            return most + 1
    return row[-1]
