from __future__ import annotations

import pytest

from linkcheck.mend import Looks
from linkcheck.mend.rename import is_renamed, step
from linkcheck.mend.steps import Step
from linkcheck.model import State, Url, Verdict
from tests.answers import checked
from tests.mend.values import moved, place, result

OLD, NEW = "https://github.com/a/b", "https://github.com/c/d"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, OLD), (OLD, "https://github.com/a"), ("https://github.com/a", "https://github.com/c"),
        (OLD, "https://github.com/login/oauth"), ("https://github.com/orgs/x", "https://github.com/orgs/y"),
        (f"{OLD}/wiki", NEW), (f"{OLD}/blob/main/x.md", f"{NEW}/blob/master/x.md"), (OLD, f"{NEW}?tab=readme"),
        ("https://a.example/a/b", "https://a.example/c/d"), (OLD, "https://gitlab.com/c/d"), (OLD, "http://github.com/c/d"),
        (OLD, "https://github.com/c//d"),
    ],
)  # fmt: skip
def test_what_is_no_new_name(old: str, new: str) -> None:
    assert not is_renamed(Url(old), Url(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, NEW), (OLD, "https://github.com/a/d"), ("http://github.com/a/b/", NEW), (f"{OLD}.git", NEW),
        (f"{OLD}/blob/main/x.md", f"{NEW}/blob/main/x.md"), ("https://www.github.com/a/b", NEW),
        ("https://gitlab.com/a/b", "https://gitlab.com/c/b"),
    ],
)  # fmt: skip
def test_what_is_a_new_name(old: str, new: str) -> None:
    assert is_renamed(Url(old), Url(new))


def test_two_looks_are_needed_and_no_title() -> None:
    one = result(OLD, NEW)
    assert step(place(OLD, one), Looks()) is None
    assert step(place(OLD, one), moved(OLD, "https://github.com/")) is None
    assert step(place(OLD, one), moved(OLD, NEW, times=1)) == Step(ask=(Url(OLD),))
    found = step(place(OLD, one), moved(OLD, NEW, title=""))
    assert found is not None
    assert found.url == NEW


def test_what_a_site_names_in_its_place() -> None:
    url, new = "https://arxiv.org/pdf/1706.03762", "https://arxiv.org/abs/1706.03762"
    one = checked(url=url, verdict=Verdict(State.GONE, "withdrawn", "404", replacement=new))
    found = step(place(url, one), Looks())
    assert found is not None
    assert found.url == new
    assert step(place(new, one), Looks()) is None
    dead = checked(url=url, verdict=Verdict(State.DEAD, "http-gone", "410", replacement=new))
    assert step(place(url, dead), Looks()) is None
