"""A rule: what lies under /draft/ is not for everybody."""

from linkcheck.contracts import Needs, Rule
from linkcheck.model import Evidence, State, Verdict


def _check(evidence: Evidence) -> Verdict | None:
    if "/draft/" not in evidence.url:
        return None
    return Verdict(State.RESTRICTED, "draft", "it is a draft")


RULE = Rule("draft", (State.RESTRICTED,), "The page is a draft.", check=_check, needs=Needs.SUCCESS)
