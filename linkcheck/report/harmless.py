"""Text that does nothing where it is shown: nothing in it is unseen, or commands a CI system."""

from __future__ import annotations

import re
from collections.abc import Callable

from linkcheck.common.invisible import UNSEEN, is_seen

# The second character of each mark of a command, which does nothing without it. GitHub Actions takes `::name …::` at
# the start of a line and `##[name]` anywhere (actions/runner, ActionCommand.cs), Azure Pipelines `##vso[` and `##[`,
# TeamCity `##teamcity[`; GitLab and Travis fold at `section_start:` and `travis_fold:`. (All read 2026-11-24.)
_COMMAND = re.compile(
    r"(?<=#)#(?=\w*\[)"
    r"|(?<=:)(?<!\w:):(?=[A-Za-z][\w-]*(?:\s[^\n]*?)?::)"
    r"|(?:(?<=section_start)|(?<=section_end)|(?<=travis_fold)|(?<=travis_time)):"
)


def inert(text: str, change: Callable[[str], str]) -> str:
    """`text` with the characters changed that would make parts of it commands."""
    if "##" in text or "::" in text or "section_" in text or "travis_" in text:
        return _COMMAND.sub(lambda found: change(found[0]), text)
    return text


def escaped(text: str, escape: Callable[[str], str]) -> str:
    """`text` with an escape for all that is not seen and all that would make a command."""
    if not is_seen(text):
        text = UNSEEN.sub(lambda found: escape(found[0]), text)
    return inert(text, escape)
