from __future__ import annotations

import pytest

from linkcheck.common.hosts import is_within


@pytest.mark.parametrize(
    ("host", "is_in"),
    [("myexample.org", False), ("org", False), ("example.org.evil.test", False), ("", False),
     ("example.org", True), ("docs.example.org", True), ("a.b.example.org", True)],
)  # fmt: skip
def test_a_domain_holds_itself_and_what_is_below(host: str, is_in: bool) -> None:
    assert is_within(host, "example.org") is is_in
