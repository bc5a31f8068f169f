"""Markdown bytes to a Document: every link with its position, text, section and entry.

pyromark (pulldown-cmark; 655 of 655 CommonMark examples) gives the structure with byte offsets, which `walk` processes.
Our own scans find what it does not give: bare URLs (read/bare.py), attributes of raw HTML (read/html_attributes.py),
front matter (read/front_matter.py), and the span of the URL inside a link (destination.py). Links are never taken from
rendered HTML: a literal `<style>` in prose would swallow the rest of the document. Code and comments hold no links.
"""

from __future__ import annotations

from operator import itemgetter

from linkcheck.model import Document, Notice
from linkcheck.read import front_matter
from linkcheck.read.document import assemble, may_have_directives
from linkcheck.read.markdown import dense
from linkcheck.read.markdown.walk import Walk
from linkcheck.read.text import decode


def read(data: bytes, path: str) -> Document:
    """Read `data`; problems are reported as notices of the Document, never raised."""
    text, notices = decode(data), list[Notice]()
    front = front_matter.find(text.data)
    body = text.data
    if front:
        body = front_matter.blanked(text.data, front)
        if front.problem:
            notices.append(Notice(path, front.line, f"front matter cannot be read: {front.problem}"))
    parsed, first = dense.thinned(body)
    walk = Walk(body, text.text if parsed is text.data else parsed.decode())
    walk.run()
    if first < len(body):
        notices.append(Notice(path, walk.places.line(first), "more marks than text, or nested too deep: read as text"))
    if front:
        walk.drafts[:0] = front_matter.links(text.data, front)
        if may_have_directives(text.data):
            walk.comments[:0] = front_matter.comments(text.data, front)
    found = None
    if walk.comments:
        from linkcheck.read import directives  # rarely needed

        found = directives.find(path, text.data, walk.comments, walk.places)
    entries = (entry for _, entry in sorted(walk.entries, key=itemgetter(0)))
    title = (front.title if front else "") or walk.title
    return assemble(
        path, text, walk.drafts, places=walk.places, entries=entries, title=title, notices=notices, directives=found
    )
