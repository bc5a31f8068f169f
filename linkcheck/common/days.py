"""A day as text, in the form of RFC 3339 §5.6 (full-date)."""

from __future__ import annotations

from datetime import date

EXAMPLE = "2027-03-01"


def day(text: str) -> date | None:
    """The day that `text` names, as 2027-03-01; None if it names none."""
    has_its_form = len(text) == len(EXAMPLE) and text.isascii() and text[4] == text[7] == "-"
    try:
        return date.fromisoformat(text) if has_its_form and text.replace("-", "").isdigit() else None
    except ValueError:
        return None
