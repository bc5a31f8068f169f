"""Markdown, which includes plain text."""

from __future__ import annotations

from linkcheck.contracts import Reader
from linkcheck.model import Document


def _read(data: bytes, path: str) -> Document:
    from linkcheck.read.markdown.reader import read  # loads the parser lazily

    return read(data, path)


READER = Reader("markdown", (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".txt"), _read)
