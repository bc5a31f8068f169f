"""Authors: where they stand, and who is none."""

from __future__ import annotations

import pytest

from linkcheck.model import Author
from tests.page.test_metadata import extract


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ('<meta name=citation_author content="Lee, Ann"><meta name=citation_author content="Bo Chen">', ["Ann Lee", "Bo Chen"]),
        ('<meta name=citation_authors content="Lee, Ann; Chen, Bo">', ["Ann Lee", "Bo Chen"]),
        ('<script type="application/ld+json">{"@type":"Article","author":[{"name":"Ann Lee"},"Bo Chen"]}</script>',
         ["Ann Lee", "Bo Chen"]),
        ('<script type="application/ld+json">{"@graph":[{"@type":"Article","author":{"@id":"#a"}},'
         '{"@type":"Person","@id":"#a","name":"Ann Lee"}]}</script>', ["Ann Lee"]),
        ('<script type="application/ld+json">{"@type":"Article","author":{"givenName":"Ann","familyName":"Lee"}}</script>',
         ["Ann Lee"]),
        ('<meta name=author content="By Ann Lee, Bo Chen and Cy Dow">', ["Ann Lee", "Bo Chen", "Cy Dow"]),
        ('<meta property="article:author" content="https://facebook.com/x"><a rel=author>Ann Lee</a>', ["Ann Lee"]),
        ('<meta name=author content="admin"><p class=byline>by Ann Lee</p>', ["Ann Lee"]),
        ('<meta property=og:site_name content="The Blog"><meta name=author content="the blog">', []),
        ('<meta name=author content="ann@a.example">', []),
    ],
)  # fmt: skip
def test_authors(html: str, names: list[str]) -> None:
    assert [a.name for a in extract(html + "<title>A post</title>").authors] == names


def test_a_split_name_stays_split() -> None:
    found = extract('<title>A post</title><meta name=citation_author content="Lee, Ann B.">')
    assert found.authors == (Author("Ann B. Lee", family="Lee", given="Ann B."),)


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<a itemprop=author><i><b itemprop=name>Ann Lee</b></i></a>", ["Ann Lee"]),
        ("<a><b itemprop=name>Ann Lee</b></a>", []), ("<b itemprop=name>Ann Lee</b>", []),
        (f"<a itemprop=author>{'<div>' * 40}<b itemprop=name>Ann Lee</b>{'</div>' * 40}", ["Ann Lee"]),
        ("<b itemprop=author class=byline>Ann Lee</b><b class=byline-name>Bo Chen</b>", ["Ann Lee"]),
        ("<b class=byline>Ann Lee</b><b class=byline-name>Bo Chen</b>", ["Bo Chen"]),
        ("<b class=byline>A B</b><b class=byline>C D</b><b class=byline>E F</b><b class=byline>G H</b>", ["A B", "C D", "E F"]),
        (f"<b class=byline>by {'Ann Lee ' * 20}</b>", []), (f"<meta name=author content='{'x' * 121}'>", []),
        ("<meta name=author content='Ann Lee; ann lee'>", ["ann lee"]),
        ("<meta name=citation_author content='Lee, '>", ["Lee"]), ("<meta name=citation_author content=', Ann'>", ["Ann"]),
        ("<meta name=citation_author content='Lee, Ann, Jr'>", ["Lee, Ann, Jr"]),
        ("<meta name=citation_author content='Lee, Ann and Bo'>", ["Lee, Ann and Bo"]),
        ("<meta name=citation_author content='Lee,Ann'>", ["Lee,Ann"]), ("<meta name=author content=''>", []),
    ],
)  # fmt: skip
def test_who_is_an_author(html: str, names: list[str]) -> None:
    assert [a.name for a in extract("<title>A post</title>" + html).authors] == names


def test_only_a_name_with_a_family_and_a_given_part_is_split() -> None:
    names = ["Lee, Ann, Jr", "Lee, Ann and Bo", "Lee,Ann", "Ann"]
    metas = "".join(f"<meta name=citation_author content='{name}'>" for name in names)
    assert extract(f"<title>A post</title>{metas}").authors == tuple(map(Author, names))
