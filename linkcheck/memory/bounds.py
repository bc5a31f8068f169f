"""How long the texts of a history's line may be, in bytes as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkcheck.common import secret
from linkcheck.memory.serialization import size_in_line

TITLE, DESCRIPTION, NAME, REASON, ADDRESS = 240, 300, 80, 160, 400
AUTHORS, DETAILS = 320, 480
MOST_AUTHORS, MOST_MATCHES, MOST_FRAGMENTS = 20, 3, 5
CUT = "…"
_MOST_MASKED = 20_000  # characters of a long text in which secrets are masked before it is cut
_MOST_CHAR_BYTES = 12  # as two escapes
_CUT_BYTES = len(CUT.encode())


def size(text: str) -> int:
    """Bytes of `text` in a line, without its quotes."""
    return size_in_line(text) - 2


def cut(text: str, most: int) -> str:
    """`text` if it takes at most `most` bytes, else its beginning, up to the end of a word if there is one, and `…`.

    Secrets are masked first: the cut could take away what they are told by.
    """
    if len(text) * _MOST_CHAR_BYTES <= most or (len(text) <= most and size(text) <= most):
        return text
    kept = secret.masked(text[:_MOST_MASKED])[:most]
    while kept and (over := size(kept) - (most - _CUT_BYTES)) > 0:
        kept = kept[: -max(1, over // _MOST_CHAR_BYTES)]
    words = kept.rpartition(" ")[0]
    return f"{(words if 2 * len(words) > len(kept) else kept).rstrip()}{CUT}"


def details(found: Mapping[str, Any]) -> dict[str, Any]:
    """A site's own fields, their texts cut; the longest are left out until the rest fits."""
    kept = {key: _cut_all(value) for key, value in found.items()}
    sizes = {key: size_in_line({key: value}) for key, value in kept.items()}
    for key in sorted(kept, key=lambda key: (-sizes[key], key)):
        if sum(sizes.values()) <= DETAILS:
            break
        del kept[key], sizes[key]
    return kept


def _cut_all(value: Any) -> Any:
    if isinstance(value, str):
        return cut(value, REASON)
    if isinstance(value, Mapping):
        return {key: _cut_all(one) for key, one in value.items()}
    return [_cut_all(one) for one in value] if isinstance(value, list | tuple) else value
