from __future__ import annotations

from linkcheck.judge import documentation, order
from linkcheck.model import State
from tests.shared import ROOT


def test_the_page_of_rules_is_current() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == documentation.page()
    assert [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")] == list(order.by_name())


def test_a_rule_on_a_terminal() -> None:
    assert documentation.text(order.by_name()["http-gone"]) == (
        "http-gone → dead\n"
        "\n"
        "HTTP 410: the server says that it is gone on purpose.\n"
        "No server says so by accident.\n"
        "Example: 410 for a removed article.\n"
        "Source:  RFC 9110 §15.5.11\n"
    )
    assert (
        documentation.text(order.by_name()["excluded"]) == "excluded → skipped\n\nLeft out by --include or --exclude.\n"
    )
    assert documentation.text(order.by_name()["sent-home"]).startswith("sent-home → gone, ok (suspect)\n")


def test_every_state_has_a_rule() -> None:
    assert {state for rule in order.BUILT_IN for state in rule.states} == set(State)
