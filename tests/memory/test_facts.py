from __future__ import annotations

import json
from datetime import timedelta

import pytest

from linkcheck.memory import facts
from linkcheck.model import Past, State, replace
from tests.memory.values import NOW, record, rich


def test_a_record_is_kept_in_full() -> None:
    assert facts.load(facts.dump(rich())) == rich()
    assert facts.load(facts.dump(replace(rich(), past=(), good=None)), facts.dump_past(rich())) == rich()


def test_what_is_too_long_does_not_fit() -> None:
    assert facts.fits(facts.dump(record()))
    assert not facts.fits(facts.dump(replace(record(), past=(Past(NOW, 200, State.OK),) * 200)))
    assert not facts.fits(" " * facts.MOST_BYTES + facts.dump(record()))
    assert not facts.fits(facts.dump(record()), " " * facts.MOST_BYTES + "{}")


def test_a_time_to_come_is_believed_for_a_day() -> None:
    assert facts.is_believed(NOW + timedelta(hours=23), NOW)
    assert not facts.is_believed(NOW + timedelta(hours=25), NOW)


@pytest.mark.parametrize("field", ["looks", "past"])
def test_what_no_run_can_have_written_is_refused(field: str) -> None:
    plain = json.loads(facts.dump(record()))
    (plain["evidence"] if field == "looks" else plain)[field] *= 101
    with pytest.raises(ValueError, match="too many looks"):
        facts.load(json.dumps(plain))
