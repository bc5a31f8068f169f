"""The recorded pages and the reported false verdicts: the figures of `make verdicts`, as a floor."""

from __future__ import annotations

import pytest

from tests.shared import needs_shared
from tests.verdicts import figures, judged

pytestmark = needs_shared


@pytest.mark.parametrize(("recorded", "dead"), [(False, 0.90), (True, 0.95)])
def test_recorded_pages(recorded: bool, dead: float) -> None:
    wrong, right, screens = figures(judged(recorded=recorded)).values()
    assert wrong[0] == 0
    assert right[0] / right[1] >= dead
    assert screens[0] / screens[1] >= 0.95
