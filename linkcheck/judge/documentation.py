"""The rules in prose, from their own values: for `linkcheck explain RULE` and docs/rules.md."""

from __future__ import annotations

from linkcheck.contracts import Rule
from linkcheck.judge.order import BUILT_IN


def text(rule: Rule) -> str:
    """One rule for a terminal."""
    lines = [f"{rule.name} → {_states(rule)}", "", rule.what]
    lines += [rule.why] if rule.why else []
    lines += [f"Example: {rule.example}"] if rule.example else []
    lines += [f"Source:  {rule.source}"] if rule.source else []
    return "\n".join(lines) + "\n"


def page() -> str:
    """docs/rules.md."""
    lines = [
        "# Rules",
        "",
        "Every verdict names the rule that spoke. The rules are asked in this order, the first that speaks decides;",
        "the last two weigh what it said against earlier runs. `linkcheck explain RULE` prints the same. (Made by",
        "`python -m tests.test_docs`; do not edit.)",
    ]
    for rule in BUILT_IN:
        lines += ["", f"## {rule.name}", "", f"→ **{_states(rule)}**. {rule.what} {rule.why}".rstrip()]
        lines += ["", f"Example: {rule.example}"] if rule.example else []
        lines += ["", f"Source: {rule.source}"] if rule.source else []
    return "\n".join(lines) + "\n"


def _states(rule: Rule) -> str:
    return ", ".join(rule.states) + (f" ({rule.flag})" if rule.flag else "")
