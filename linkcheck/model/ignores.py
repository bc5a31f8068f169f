"""Ignores: links that may fail, and what a run has to say of each ignore."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from linkcheck.model.base import Value


class Ignore(Value, frozen=True):
    """Says that some links may fail. It stands in a config file, in a comment of a list, or in the baseline.

    `place` is where: `linkcheck.toml, ignore 2`, `list.md:12`, `reports/baseline.jsonl:3`. `subject` are its links in
    words: a URL, `host example.org`, `line 12`. From the day `until` on it no longer counts (None: always).
    """

    place: str
    subject: str
    reason: str = ""
    until: date | None = None
    is_baseline: bool = False

    def has_expired(self, today: date) -> bool:
        return self.until is not None and today >= self.until


class IgnoreState(StrEnum):
    """Why an ignore should be looked at."""

    EXPIRED = "expired"
    ALIVE = "alive"
    """All its links work again."""
    UNUSED = "unused"
    """No link of the lists is one of its."""
