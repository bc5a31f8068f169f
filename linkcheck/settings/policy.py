"""The user's own policy: `accept` and `[[rule]]`, which change verdicts.

A repository's file may have both: what becomes of its own links is its own business. Patterns are bounded in number and
time as everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from linkcheck.common.hosts import is_within
from linkcheck.errors import SettingsError
from linkcheck.model import Override, State, StatusRange
from linkcheck.settings.option import Option, Tables, pattern, shown, shown_place

# UTS #46 §4, deviation characters: Python's older IDNA would make another host's name of them (fass.de of faß.de).
_TWO_FORMS = frozenset("ßς\u200c\u200d")
_STATUSES = range(100, 1_000)
_MOST_VALUES = 100  # of one condition
_MOST_REASON = 200  # characters
_KEYS = ("to", "host", "match", "status", "state", "rule", "reason")
_TARGETS = tuple(state for state in State if state is not State.MOVED)  # its new address is the site's word
_HELP_STATUS = 'a number from 100 to 999, or a range: "500-599"'


class Statuses(Option[tuple[StatusRange, ...]]):
    """HTTP statuses and ranges of them: `429`, `"200-299"`, `"429,500-599"`, or a list of these."""

    is_list = adds = True
    nouns = "status", "statuses"

    def parse(self, value: object, place: str) -> tuple[StatusRange, ...]:
        return tuple(_statuses(self.name, value, place, shown_place(place)))

    def size(self, value: tuple[StatusRange, ...]) -> float:
        return len(value)

    def merge(self, earlier: tuple[StatusRange, ...], later: tuple[StatusRange, ...]) -> tuple[StatusRange, ...]:
        return (*earlier, *later)


class Rules(Tables[Override]):
    """`[[rule]]`: `to` is the state of the links of `host`, or that `match`, with this `status`, `state` or `rule`."""

    def entry(self, table: Mapping[str, Any], place: str) -> Override:
        refuse_other_keys(table, _KEYS, place)
        if "host" in table and "match" in table:
            raise SettingsError("an entry has 'host' or 'match', not both", where=place, help="write two entries")
        if "to" not in table:
            raise SettingsError("an entry needs 'to', the state of its links", where=place, help=_one_of(_TARGETS))
        origin = shown_place(place)
        return Override(
            to=_state(table["to"], "to", _TARGETS, place),
            origin=origin,
            reason=text_of(table, "reason", place)[:_MOST_REASON],
            host=host_of(text_of(table, "host", place), place) if "host" in table else "",
            match=pattern(text_of(table, "match", place), place) if "match" in table else None,
            statuses=tuple(_statuses("status", table.get("status", ()), place, origin)),
            states=frozenset(
                _state(one, "state", tuple(State), place) for one in _several(table.get("state", ()), "state", place)
            ),
            rules=frozenset(map(str, _several(table.get("rule", ()), "rule", place))),
        )

    def refuse_unknown(self, value: tuple[Override, ...], choices: Collection[str], place: str) -> None:
        for number, one in enumerate(value, 1):
            for name in sorted(one.rules):
                if name not in choices:
                    raise SettingsError(
                        f"'{name}' is no rule whose verdict can be changed", where=f"{place} {number}",
                        help=meant(name, choices) or "docs/rules.md has them all",
                    )  # fmt: skip


def contradictions(entries: Sequence[Override]) -> Iterator[str]:
    """A message for each rule that never applies, since one before it gives the same links another state."""
    for number, later in enumerate(entries):
        earlier = next((one for one in entries[:number] if one.to is not later.to and _covers(one, later)), None)
        if earlier:
            yield (
                f"{later.origin} ({later.to}) never applies: {earlier.origin} ({earlier.to}) comes first, "
                "and is about the same links"
            )


def _covers(one: Override, other: Override) -> bool:
    """Whether `one` is about every verdict that `other` is about."""
    is_everywhere = not one.host and one.match is None
    has_links = (
        is_everywhere
        or (one.match is not None and other.match is not None and one.match.pattern == other.match.pattern)
        or (one.host != "" and is_within(other.host, one.host))
    )
    if one.states or one.rules:
        has_states = not one.states or (other.states != frozenset() and other.states <= one.states)
        has_rules = not one.rules or (other.rules != frozenset() and other.rules <= one.rules)
    else:  # it leaves out what was not judged, unless that is named
        has_states, has_rules = not (other.rules or State.SKIPPED in other.states), True
    return has_links and has_states and has_rules and _has_statuses(one.statuses, other.statuses)


def _has_statuses(ranges: Sequence[StatusRange], others: Sequence[StatusRange]) -> bool:
    """Whether each of `others` lies within one of `ranges`; no ranges are all statuses."""
    if not ranges:
        return True
    return bool(others) and all(any(one.holds(o.first) and one.holds(o.last) for one in ranges) for o in others)


# -- values ----------------------------------------------------------------------------------


def refuse_other_keys(table: Mapping[str, Any], known: Collection[str], place: str) -> None:
    """Raises SettingsError if the table has a key that is not `known`."""
    for name in table:
        if name not in known:
            advice = meant(name, known) or _one_of(known)
            raise SettingsError(f"unknown key {shown(name)} in an entry", where=place, help=advice)


def meant(name: str, known: Iterable[str]) -> str:
    """A question for the known name that is nearest to `name`, or ''."""
    from difflib import get_close_matches

    close = get_close_matches(name[:_MOST_VALUES], list(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""


def text_of(table: Mapping[str, Any], key: str, place: str) -> str:
    """The text of a key, '' if it is not there. Raises SettingsError."""
    value = table.get(key, "")
    if not isinstance(value, str) or "\0" in value:
        raise SettingsError(f"'{key}' must be text, not {shown(value)}", where=place)
    return value


def host_of(text: str, place: str) -> str:
    """The host name in its ASCII form, in lower case. Raises SettingsError."""
    name = text.strip().lower().removeprefix("*.").rstrip(".")
    if _TWO_FORMS & set(name):
        raise SettingsError(
            f"{shown(text)} has two ASCII forms, of two hosts", where=place, help="write the one that is meant: xn--…"
        )
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            name = ""
    if not name or any(sign in name for sign in "/:?#@*[] \t") or not name.isprintable():
        raise SettingsError(f"{shown(text)} is no host", where=place, help="write a name such as docs.example.com")
    return name


def _several(value: object, key: str, place: str) -> Sequence[object]:
    """A value, or a list of them."""
    found = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    if len(found) > _MOST_VALUES or not all(isinstance(one, str) for one in found):
        raise SettingsError(f"'{key}' must be a text or a list of {_MOST_VALUES} texts at most", where=place)
    return found


def _state(value: object, key: str, known: Sequence[State], place: str) -> State:
    found = next((state for state in known if state == value), None)
    if found is None:
        is_moved = value == State.MOVED
        advice = "a site itself says where its page has moved to" if is_moved else _one_of(known)
        raise SettingsError(f"'{key}' cannot be {shown(value)}", where=place, help=advice)
    return found


def _one_of(names: Iterable[str]) -> str:
    return f"one of {', '.join(names)}"


def _statuses(key: str, value: object, place: str, origin: str) -> Iterator[StatusRange]:
    found = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    for one in found:
        parts = one.split(",") if isinstance(one, str) else [one]
        for part in parts:
            yield _range(key, part, place, origin)


def _range(key: str, value: object, place: str, origin: str) -> StatusRange:
    first, dash, last = value.partition("-") if isinstance(value, str) else (value, "", "")
    ends = [_number(first), _number(last) if dash else _number(first)]
    if not all(number in _STATUSES for number in ends) or ends[0] > ends[1]:
        raise SettingsError(f"'{key}' cannot be {shown(value)}", where=place, help=f"write {_HELP_STATUS}")
    return StatusRange(ends[0], ends[1], origin)


def _number(value: object) -> int:
    """A status, or -1."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return -1
    if isinstance(value, int):
        return value
    text = value.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) == 3 else -1
