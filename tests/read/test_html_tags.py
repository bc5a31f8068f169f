from __future__ import annotations

import pytest

from linkcheck.read.html_tags import tags


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("", []), ("a < b > c", []), ("<>", []), ("<1>", []), ("< a>", []), ("<a", []), ("<a id='b", []),
        ("<a>", [("a", False, ())]), ("</A >", [("A", True, ())]), ("<a/><b />", [("a", False, ()), ("b", False, ())]),
        ("<a id=b name='c d' ID=\"e&amp;f\">", [("a", False, ("b", "c d", "e&f"))]),
        ("<a data-id=b title='id=c' name>", [("a", False, ())]), ("<a id=''>", [("a", False, ("",))]),
        ("<!-- <a id=b> --><i>", [("", False, ()), ("i", False, ())]), ("<!-- <a>", [("", False, ())]),
        ("<script id=a>'<b id=c>'</script>", [("script", False, ("a",))]), ("<STYLE><b></style>", [("STYLE", False, ())]),
        ("</a id=b>", [("a", True, ())]), ("<a title='>' id=b>", [("a", False, ("b",))]), ("<A-b.C>", [("A-b.C", False, ())]),
    ],
)  # fmt: skip
def test_the_tags_of_a_text(source: str, found: list[tuple[str, bool, tuple[str, ...]]]) -> None:
    assert [(tag.name, tag.is_end, tag.names) for tag in tags(source)] == found


def test_tags_have_their_places() -> None:
    assert [(tag.start, tag.end) for tag in tags("a <b>c</b><!--d-->")] == [(2, 5), (6, 10), (10, 18)]
