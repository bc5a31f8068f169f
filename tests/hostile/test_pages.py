"""Pages that are written to end, stall or fill a run."""

from __future__ import annotations

import pytest

from tests.hostile.conftest import Victim
from tests.web import behaviours as b

PAGES = {
    "nothing hostile": "<title>A page</title>",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loses_no_more_than_its_own_verdict(victim: Victim, name: str) -> None:
    url = victim.web.on("evil.test", "/", b.page(PAGES[name]))
    victim.web.on("evil.test", "*", b.page("<title>404</title>", status=404))
    assert victim.run(url, files=True).links[url][0] == "ok"
