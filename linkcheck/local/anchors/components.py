"""Components in a page (MDX, Vue): what they show may have headings and ids that the page does not."""

from __future__ import annotations

import re

from linkcheck.read.markdown.headings import Outline

# Components of Docusaurus, VitePress, Nextra and Starlight that show what stands between their tags, or a link.
_PLAIN = frozenset(
    """Admonition Aside Badge BrowserOnly Callout Card CardGrid Cards CodeBlock CodeGroup Details Fragment Head Heading
    Highlight Icon Image Img Link LinkButton LinkCard Note Step Steps TOCInline Tab TabItem Tabs ThemedImage Tip
    Translate Warning""".split()
)
_MEMBER = re.compile(r"<[A-Z]\w*+\.[A-Z]")  # no tag for CommonMark


def are_used(page: Outline) -> bool:
    """Whether a page has tags of components that may have anchors of their own."""
    names = (name for name in page.tags if name[0].isupper() and not name.isupper())
    return any(name not in _PLAIN for name in names) or _MEMBER.search(page.prose) is not None
