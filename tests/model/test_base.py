from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import MutableMapping
from typing import Any, cast

import msgspec
import pytest

from linkcheck.model.base import NOTHING, Fingerprint, Mutable, Status, Time, Url, Value, field, replace
from tests.memory.values import NOW


class Example(Value, frozen=True):
    url: Url
    at: Time | None = None
    status: Status = 0
    fingerprint: Fingerprint = ""


def read(**fields: object) -> Example:
    return msgspec.convert({"url": "https://a.example/", **fields}, Example, strict=False)


def test_a_value_cannot_be_changed() -> None:
    example = Example(Url("https://a.example/"))
    with pytest.raises(AttributeError):
        example.status = 200  # type: ignore[misc]
    assert replace(example, status=200) == Example(Url("https://a.example/"), status=200)
    assert example.status == 0
    assert hash(example) == hash(Example(Url("https://a.example/")))


def test_the_collector_does_not_look_at_values() -> None:
    assert not gc.is_tracked(Example(Url("https://a.example/")))


def test_what_has_its_default_is_not_written() -> None:
    assert msgspec.json.encode(Example(Url("u"), status=200)) == b'{"url":"u","status":200}'


@pytest.mark.parametrize(
    "fields",
    [
        {"status": -1},
        {"status": 1000},
        {"at": "2026-11-23T06:00:00"},  # of no zone
        {"fingerprint": "0123456"},
        {"fingerprint": "0123456G"},
        {"fingerprint": "0123456A"},
        {"fingerprint": "01234567" * 17},
        {"fingerprint": "01234567\n"},
        {"other": 1},
    ],
)
def test_what_no_program_of_ours_wrote_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(**fields)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("status", 0, 0),
        ("status", 999, 999),
        ("at", "2026-11-23T06:00:00Z", NOW),
        ("fingerprint", "01234567" * 16, "01234567" * 16),
        ("fingerprint", "", ""),
    ],
)
def test_what_one_may_have_written_is_read(name: str, text: object, value: object) -> None:
    assert getattr(read(**{name: text}), name) == value


def test_the_empty_mapping_stays_empty() -> None:
    assert len(NOTHING) == 0
    with pytest.raises(TypeError):
        cast("MutableMapping[Any, Any]", NOTHING)["x"] = 1


@pytest.mark.parametrize("first", ["", "import typing_extensions; "])
def test_the_model_loads_no_typing_extensions_and_leaves_them_as_they_are(first: str) -> None:
    code = f"{first}import sys; import linkcheck.model; print('typing_extensions' in sys.modules)\nimport typing_extensions"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{bool(first)}\n"


def test_what_changes_is_made_anew_each_time() -> None:
    class Bag(Mutable):
        things: list[str] = field(default_factory=list)

    one, other = Bag(), Bag()
    one.things.append("x")
    assert (one.things, other.things) == (["x"], [])
