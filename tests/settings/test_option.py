"""Each kind of option: what it takes, what is shown of it, and what a repository's bound counts."""

from __future__ import annotations

from typing import Any

import pytest

from linkcheck.errors import SettingsError
from linkcheck.settings import HOOK, RUN, Option, Settings, Trust
from linkcheck.settings.option import (
    Count,
    Duration,
    Limit,
    OneOf,
    Patterns,
    PositiveDuration,
    Switch,
    TextListOption,
    TextOption,
)

COMMANDS, WHO = (RUN, HOOK), Trust.REPOSITORY
SWITCH = Switch("a_b", "", COMMANDS, WHO)
TEXT = TextOption("a_b", "x", "", COMMANDS, WHO)
TEXTS = TextListOption("a_b", (), "", COMMANDS, WHO)
PATTERNS = Patterns("a_b", (), "", COMMANDS, WHO)
COUNT = Count("a_b", 3, "", COMMANDS, WHO, defaults={HOOK: 1})
DURATION = Duration("a_b", 20.0, "", COMMANDS, WHO)
DAYS = Duration("a_b", 7.0, "", COMMANDS, WHO, "DAYS")
POSITIVE = PositiveDuration("a_b", 0.5, "", COMMANDS, WHO)
LIMIT = Limit("a_b", None, "", COMMANDS, WHO, defaults={HOOK: 8.0})
ONE_OF = OneOf("a_b", "some", "", COMMANDS, WHO, {"none": 0, "some": 2}, defaults={HOOK: "none"})


@pytest.mark.parametrize(
    ("option", "value", "parsed"),
    [
        (SWITCH, True, True), (TEXT, "é", "é"), (TEXTS, "a", ("a",)), (TEXTS, ["a", "b"], ("a", "b")),
        (COUNT, 1, 1), (COUNT, " 7 ", 7), (COUNT, 999_999, 999_999), (DURATION, "1.5", 1.5), (DURATION, 0, 0.0),
        (POSITIVE, 0.1, 0.1), (LIMIT, "0", 0.0), (ONE_OF, "none", 0),
    ],
)  # fmt: skip
def test_a_value_is_one_of_the_options_type(option: Option[Any], value: object, parsed: object) -> None:
    found = option.parse(value, "x")
    assert found == parsed
    assert type(found) is type(parsed)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        (SWITCH, 1, "'a_b' must be true or false, not 1"), (TEXT, 1, "'a_b' must be text, not 1"),
        (TEXT, "\0", "'a_b' must be text without NUL characters"), (TEXTS, [1], "'a_b' must be a list of texts, not a list"),
        (COUNT, 0, "'a_b' must be a whole number of 1 or more, not 0"), (COUNT, "01", "a whole number of 1 or more, not '01'"),
        (COUNT, 1_000_000, "a whole number of 1 or more"), (COUNT, None, "a whole number of 1 or more"),
        (DURATION, -0.1, "'a_b' must be a number of seconds of 0 or more, not -0.1"), (DURATION, "1e6", "not '1e6'"),
        (DURATION, True, "not True"), (POSITIVE, 0, "a number of seconds greater than 0, not 0"), (DAYS, -1, "a number of days of 0 or more, not -1"), (LIMIT, [], "not a list"),
        (ONE_OF, "many", "'many' is not a a_b"), (ONE_OF, 1, "must be text"),
        (PATTERNS, "(", "'(' is not a regular expression"),
    ],
)  # fmt: skip
def test_what_is_none_is_named(option: Option[Any], value: object, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        option.parse(value, "the place")
    assert message in caught.value.what
    assert caught.value.where == "the place"


@pytest.mark.parametrize(
    ("option", "shown", "of_hook"),
    [
        (SWITCH, "", ""), (TEXT, "x", "x"), (TEXTS, "", ""), (COUNT, "3", "1"), (DURATION, "20", "20"),
        (POSITIVE, "0.5", "0.5"), (LIMIT, "", "8"), (ONE_OF, "some", "none"),
    ],
)  # fmt: skip
def test_the_default_as_it_is_shown(option: Option[Any], shown: str, of_hook: str) -> None:
    assert (option.shown_default(RUN), option.shown_default(HOOK)) == (shown, of_hook)


@pytest.mark.parametrize(
    ("option", "value", "size"),
    [
        (SWITCH, True, 0),
        (TEXT, "abc", 0),
        (TEXTS, ("a", "b"), 2),
        (COUNT, 7, 7),
        (DURATION, 7.5, 7.5),
        (LIMIT, None, 0),
    ],
)
def test_what_a_bound_counts(option: Option[Any], value: object, size: float) -> None:
    assert option.size(value) == size


def test_the_names_of_an_option() -> None:
    assert (SWITCH.flag, SWITCH.variable, SWITCH.is_switch, TEXTS.is_list) == ("--a-b", "LINKCHECK_A_B", True, True)
    assert (SWITCH.from_variable(" Yes "), SWITCH.from_variable("2"), TEXT.from_variable("1")) == (True, "2", "1")
    assert Settings.timeout_s.name == "timeout"
