"""Bytes of a document to a Document. One file a format; this one picks the format by its name."""

from __future__ import annotations

from pathlib import PurePath

from linkcheck.model import Document
from linkcheck.read import markdown

SUFFIXES = markdown.SUFFIXES


def read(data: bytes, path: str) -> Document:
    """The Document in `data`. Everything is read as Markdown, of which plain text is a part."""
    return markdown.read(data, path)


def is_known(path: str) -> bool:
    """Whether a file found in a directory is one we read."""
    return PurePath(path).suffix.lower() in SUFFIXES
