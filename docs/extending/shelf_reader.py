"""A reader: files that hold one URL in each line."""

from linkcheck.contracts import Reader
from linkcheck.model import Document, Link, LinkKind


def _read(data: bytes, path: str) -> Document:
    links, start = list[Link](), 0
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        url = line.strip()
        if url:
            links.append(Link(path, number, 1, (start, start + len(url)), url.decode(), LinkKind.BARE))
        start += len(line)
    return Document(path, tuple(links))


READER = Reader("shelf", (".shelf",), _read)
