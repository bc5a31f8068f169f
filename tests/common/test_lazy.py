from __future__ import annotations

import re
import subprocess
import sys

import pytest

from linkcheck.common.lazy import LazyPattern, lazy


@pytest.mark.parametrize("call", ["search", "match", "fullmatch", "findall", "split"])
def test_it_does_what_a_compiled_pattern_does(call: str) -> None:
    for text in ("ab", "xAb", ""):
        expected = getattr(re.compile("a(b)", re.IGNORECASE), call)(text)
        found = getattr(lazy("a(b)", re.IGNORECASE), call)(text)
        assert getattr(found, "span", lambda found=found: found)() == getattr(expected, "span", lambda e=expected: e)()


def test_it_is_compiled_once_and_on_its_first_use() -> None:
    pattern = LazyPattern(rb"a+", 0)
    assert set(vars(pattern)) == {"_source"}
    assert pattern.sub(b"-", b"aab") == b"-b"
    assert vars(pattern)["search"] is pattern.search
    assert pattern.pattern == b"a+"
    with pytest.raises(AttributeError):
        pattern.nothing  # noqa: B018


def test_an_error_in_a_pattern_is_raised_at_its_first_use() -> None:
    wrong = lazy("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_loading_the_hook_compiles_no_pattern_of_ours() -> None:
    counting = (
        "import re, re._compiler as compiler\ncompile, found = compiler.compile, []\n"
        "compiler.compile = lambda pattern, flags=0: (found.append(str(pattern)), compile(pattern, flags))[1]\n"
        "import linkcheck.cli.hook, linkcheck.read.markdown.reader, linkcheck.judge, linkcheck.sites.arxiv\n"
        "import linkcheck.memory, linkcheck.run, linkcheck.report.sanitise\n"
        "print([one for one in found if any(word in one for word in ('arxiv', 'http', 'togel', 'access_token'))])\n"
    )
    done = subprocess.run([sys.executable, "-c", counting], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
