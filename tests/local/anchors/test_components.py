from __future__ import annotations

import pytest

from linkcheck.local.anchors import components
from linkcheck.read.markdown.headings import outline


@pytest.mark.parametrize(
    "text", ["", "a < B", "<div>", "<BR>", "<Tabs>", "`<Part />`", "<https://A.example>", "```jsx\n<Part/>\n```"]
)
def test_plain_tags_bring_no_anchors(text: str) -> None:
    assert not components.are_used(outline(text.encode()))


@pytest.mark.parametrize("text", ["<Part />", "a <Part name='b'>c</Part>", "<Tabs><Part/></Tabs>", "<My.Part/>"])
def test_components_may_have_anchors(text: str) -> None:
    assert components.are_used(outline(text.encode()))
