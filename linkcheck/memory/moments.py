"""Times in a history's line: a day where that is enough, so that a look on the same day is written the same.

Looks that failed have minutes, since `--confirm` counts hours. A time is written more exactly where it would otherwise
not come after the one before it.
"""

from __future__ import annotations

from datetime import UTC, datetime

_FORMS = ((10, ""), (16, "Z"), (19, "Z"), (26, "Z"))  # of an ISO time: to the day, the minute, the second, in full
_DAY, _LONGEST = len("2026-11-23"), len("2026-11-23T06:00:00.000000Z")
DAYS, MINUTES = 0, 1


def text_of(at: datetime, form: int = DAYS, after: datetime | None = None) -> str:
    """`at` in the shortest form, from `form` on, that is later than `after`; the exact time if none is."""
    written = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = ""
    for length, zone in _FORMS[form:]:
        text = f"{written[:length]}{zone}"
        if after is None or time_of(text) > after:
            break
    return text


def time_of(text: str) -> datetime:
    """The beginning of the day, minute or second that `text` names. Raises ValueError."""
    if not _DAY <= len(text) <= _LONGEST or text[4] != "-" or text[7] != "-":
        raise ValueError("an impossible time")
    if len(text) == _DAY:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    if not text.endswith("Z"):
        raise ValueError("a time without its zone")
    return datetime.fromisoformat(text).astimezone(UTC)
