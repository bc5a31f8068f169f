"""A day as text, in the form of RFC 3339 §5.6 (full-date)."""

from __future__ import annotations

import re
from datetime import date

EXAMPLE = "2027-03-01"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str) -> date | None:
    """The day that `text` names, as 2027-03-01; None if it names none."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
