"""Regular expressions of a repository that are written to take for ever."""

from __future__ import annotations

import sys

import pytest

from tests.hostile.conftest import Victim

URL = "https://a.test/" + "a" * 1_500 + "1" * 1_500


@pytest.mark.skipif(sys.platform == "win32", reason="no timer of CPU time")
@pytest.mark.parametrize("pattern", ["(aa|aaa)*b", ".*.*.*.*.*.*x", r"(\w\d?)*-", "a*a*a*a*a*b"])
@pytest.mark.parametrize("command", ["hook", "links", "run", "run [[ignore]]"])
def test_a_pattern_that_takes_for_ever_ends_the_run_with_words(victim: Victim, command: str, pattern: str) -> None:
    command, _, table = command.partition(" ")
    key = f"{table}\nmatch" if table else "exclude"
    (victim.folder / "linkcheck.toml").write_text(f"{key} = '{pattern}'\n")
    (victim.folder / "l.md").write_text(f"[a]({URL})")
    done = victim.call(command, "l.md", *(victim.web.flags if command != "links" else []))
    assert done.code == 2
    assert "take" in done.stderr
    assert victim.web.log == []
    assert "for ever" in done.stderr or "--exclude" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no timer of CPU time")
def test_patterns_that_take_for_ever_to_load_end_the_run_with_words(victim: Victim) -> None:
    """Each set of characters without case takes the compiler 20 ms; a config file has room for 50,000."""
    (victim.folder / "linkcheck.toml").write_text("exclude = ['(?i)" + r"[\0-\U0010ffff]" * 20_000 + "']\n")
    (victim.folder / "l.md").write_text(f"[a]({URL})")
    done = victim.call("links", "l.md")
    assert done.code == 2
    assert "error: the patterns of --include, --exclude, [[rule]] and [[ignore]] take too long to load" in done.stderr
