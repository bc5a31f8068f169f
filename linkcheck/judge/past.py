"""Compare a link with earlier runs: since when it fails, what changed, whether its page was replaced.

The looks of earlier runs, `past`, are oldest first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from linkcheck.common.similarity import similarity
from linkcheck.model import ALIVE, FAILING, Change, Evidence, Past, State

CONCLUSIVE = ALIVE | FAILING
"""The states that say whether a link works."""

_OTHER_TEXT = 0.1


def since(state: State, past: Sequence[Past], at: datetime) -> datetime | None:
    """When a link that fails at time `at` began to fail; None if it does not fail."""
    if state not in FAILING:
        return None
    began = at
    for one in reversed(past):
        if one.state in FAILING:
            began = one.at
        elif one.state in ALIVE:
            break
    return began


def change(state: State, past: Sequence[Past]) -> Change | None:
    """Change against the last conclusive run."""
    if state not in CONCLUSIVE:
        return None
    last = next((one.state for one in reversed(past) if one.state in CONCLUSIVE), None)
    if last is None:
        return None
    if state in FAILING:
        return Change.STILL if last in FAILING else Change.NEW
    return Change.RECOVERED if last in FAILING else None


def is_another_page(e: Evidence) -> bool:
    """Whether title and text have nothing in common with those of the page when it was last good."""
    if not e.good or not e.page or not e.page.metadata or not e.good.fingerprint or not e.page.fingerprint:
        return False
    if e.good.fingerprint == e.page.fingerprint:  # the usual case
        return False
    is_other_title = not (_title_words(e.good.title) & _title_words(e.page.metadata.title))
    return is_other_title and similarity(e.good.fingerprint, e.page.fingerprint) < _OTHER_TEXT


def _title_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 2}
