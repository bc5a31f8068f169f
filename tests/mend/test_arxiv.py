from __future__ import annotations

import pytest

from linkcheck.mend import Looks
from linkcheck.mend.arxiv import step
from linkcheck.model import Checked, Flag, State, Verdict
from tests.answers import checked, link
from tests.mend.values import place, result

ABS, PDF = "https://arxiv.org/abs/1706.03762", "https://arxiv.org/pdf/1706.03762"


def noted(one: Checked) -> Looks:
    looks = Looks()
    looks.note([one])
    return looks


@pytest.mark.parametrize(
    ("url", "form", "more"),
    [
        (PDF, "keep", {}), (PDF, "abs", {"item": ""}), (PDF, "abs", {"state": State.BLOCKED}),
        (PDF, "abs", {"links": (link(f"{PDF}#page=3"),)}), ("https://arxiv.org/src/1706.03762", "abs", {}),
        ("https://doi.org/10.48550/arXiv.1706.03762", "abs", {}), ("https://arxiv.org/pdf/1706.03762?x=1", "abs", {}),
        ("https://arxiv.org/pdf/1706.03763", "abs", {}),
    ],
)  # fmt: skip
def test_what_is_left_alone(url: str, form: str, more: dict[str, object]) -> None:
    one = result(url, **{"item": "arxiv 1706.03762", **more})  # type: ignore[arg-type]
    assert step(place(url, one, arxiv=form), noted(one)) is None


def test_a_withdrawn_paper_is_left_alone() -> None:
    verdict = Verdict(State.OK, "site-confirms", "", flags={Flag.WITHDRAWN: "withdrawn"})
    one = checked(url=ABS, verdict=verdict, item="arxiv 1706.03762")
    assert step(place(ABS, one, arxiv="pdf"), noted(one)) is None


@pytest.mark.parametrize(
    ("url", "form", "expected"),
    [
        (PDF, "abs", ABS),
        (f"{PDF}.pdf", "abs", ABS),
        (ABS, "pdf", PDF),
        ("http://www.arxiv.org/html/1706.03762", "abs", ABS),
    ],
)
def test_the_form_that_is_wanted(url: str, form: str, expected: str) -> None:
    one = result(url, item="arxiv 1706.03762")
    found = step(place(url, one, arxiv=form), noted(one))
    assert found is not None
    assert found.url == expected
