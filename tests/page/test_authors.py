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
