"""Sites of other distributions: found, and left out with a word of why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from linkcheck import plugins, sites
from linkcheck.model import Document, Url
from linkcheck.plan import plan
from tests.answers import link
from tests.test_plugins import install_modules

SITE = """from linkcheck.contracts import Site
SITE = Site({name!r}, lambda url: "1" if "arxiv" in url or "extra" in url else None, lambda items: (), None, {{}})
"""


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    caches = (plugins.are_installed, sites._others)
    for one in caches:
        one.cache_clear()
    yield
    for one in caches:
        one.cache_clear()


def test_without_plugins_there_are_ours() -> None:
    assert [site.name for site in sites.discover()] == ["arxiv", "youtube"]
    assert sites.broken_plugins() == ()


def test_ours_own_a_url_before_those_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_modules(tmp_path, monkeypatch, "linkcheck.sites", a_site=SITE.format(name="aaa"))
    assert [site.name for site in sites.discover()] == ["arxiv", "youtube", "aaa"]
    links = (link("https://arxiv.org/abs/1706.03762"), link("https://extra.example/x"))
    owners = plan([Document("l.md", links)], sites.discover()).owner
    assert owners == {
        Url("https://arxiv.org/abs/1706.03762"): ("arxiv", "1706.03762"),
        Url("https://extra.example/x"): ("aaa", "1"),
    }


def test_what_is_no_site_or_cannot_be_loaded_is_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_modules(
        tmp_path, monkeypatch, "linkcheck.sites", b_taken=SITE.format(name="arxiv"), c_text="SITE = 'x'", d_raises="1 / 0", e_bare="",
        f_good=SITE.format(name="f"), g_twice=SITE.format(name="f"), h_syntax="def",
    )  # fmt: skip
    assert [site.name for site in sites.discover()] == ["arxiv", "youtube", "f"]
    taken, text, raises, bare, twice, syntax = sites.broken_plugins()
    assert taken.startswith("the site 'b_taken' of a plug-in is left out: there is a site 'arxiv' already")
    assert text.startswith("the site 'c_text' of a plug-in is left out: it is a str, no linkcheck.contracts.Site")
    assert "'d_raises' of a plug-in is left out: ZeroDivisionError" in raises
    assert "'e_bare' of a plug-in is left out: AttributeError" in bare
    assert "there is a site 'f' already" in twice
    assert "'h_syntax' of a plug-in is left out: SyntaxError" in syntax
