"""Bytes of a document to a Document: the readers, found by a file's suffix, else by what its first bytes say.

Every module here with a READER is one, and so is what other distributions install under `linkcheck.readers`. A
reader's module is loaded to learn its suffixes; what it needs to read (a parser), when it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import PurePath

from linkcheck import plugins
from linkcheck.contracts import Reader
from linkcheck.model import Document

_FALLBACK = "markdown"  # of which plain text is a part; looked at first, since most lists are Markdown
_HEAD_BYTES = 4_096


def read(data: bytes, path: str) -> Document:
    """The Document in `data`, by the reader of its suffix, else by one that claims its content, else as Markdown."""
    return reader_of(path, data).read(data, path)


def reader_of(path: str, data: bytes = b"") -> Reader:
    """The reader of a document by that name and content."""
    return _by_suffix(path) or _by_content(data[:_HEAD_BYTES]) or next(_builtin())


def is_known(path: str) -> bool:
    """Whether a file found in a directory is one we read: by its name, for no file is opened to find that out."""
    return _by_suffix(path) is not None


def suffixes() -> tuple[str, ...]:
    """The suffixes of all readers, each with its dot, Markdown's first."""
    return tuple(suffix for reader in _all() for suffix in reader.suffixes)


def broken_plugins() -> tuple[str, ...]:
    """Why plug-ins were left out, one line each."""
    return _others().broken


def _by_suffix(path: str) -> Reader | None:
    suffix = PurePath(path).suffix.lower()
    return next((reader for reader in _all() if suffix in reader.suffixes), None) if suffix else None


def _by_content(head: bytes) -> Reader | None:
    return next((reader for reader in _all() if reader.claims(head)), None) if head else None


def _all() -> Iterator[Reader]:
    """Every reader; loaded one after another, so that who finds its own early loads no other."""
    yield from _builtin()
    yield from _others().values


def _builtin() -> Iterator[Reader]:
    for plugin in _builtin_modules():
        reader = _loaded(plugin)
        if reader:
            yield reader


@cache
def _builtin_modules() -> list[plugins.Plugin]:
    found = plugins.builtin(__name__, "READER")
    return sorted(found, key=lambda plugin: plugin.name != _FALLBACK)


@cache
def _loaded(plugin: plugins.Plugin) -> Reader | None:
    """A built-in reader; None for a module that has none, since the parts that readers share lie beside them."""
    try:
        reader: Reader = plugin.load()
    except AttributeError as error:
        if error.name != "READER":
            raise
        return None
    return reader


@cache
def _others() -> plugins.Loaded[Reader]:
    """The plug-ins' readers; what takes a name or suffix that is taken is left out."""
    built_in = list(_builtin())

    def objection(reader: Reader, others: Sequence[Reader]) -> str:
        for other in (*built_in, *others):
            if taken := set(reader.suffixes) & set(other.suffixes):
                return f"{', '.join(sorted(taken))} files are read by {other.name!r} already"
        return ""

    return plugins.loaded("linkcheck.readers", "READER", Reader, [one.name for one in built_in], objection)
