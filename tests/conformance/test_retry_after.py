from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from linkcheck.fetch.retry import retry_after_s
from tests import shared

pytestmark = shared.needs_shared


@pytest.mark.parametrize("row", shared.rows("oracle/retry_after.jsonl"), ids=lambda r: repr(r["value"]))
def test_retry_after(row: dict[str, Any]) -> None:
    assert retry_after_s(row["value"], datetime.fromisoformat(row["now"])) == row["expected_seconds"]
