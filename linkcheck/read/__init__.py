"""Bytes of a document to a Document: readers are found by a file's suffix, else by its first bytes.

Readers are the READER of each module here, and the plug-ins under `linkcheck.readers`. A reader's module is loaded to
learn its suffixes; it loads its parser only when it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import PurePath

from linkcheck import plugins
from linkcheck.contracts import Reader
from linkcheck.model import Document

_FALLBACK = "markdown"  # plain text is Markdown too; tried first, since most lists are Markdown
_HEAD_BYTES = 4_096


def read(data: bytes, path: str) -> Document:
    """Read `data` with the reader of its suffix, else with one that claims its content, else as Markdown."""
    return reader_of(path, data).read(data, path)


def reader_of(path: str, data: bytes = b"") -> Reader:
    """The reader for a document, by its path and content."""
    return _by_suffix(path) or _by_content(data[:_HEAD_BYTES]) or next(_builtin())


def is_known(path: str) -> bool:
    """Whether a file found in a directory is read, by its suffix, since files are not opened to decide that."""
    return _by_suffix(path) is not None


def suffixes() -> tuple[str, ...]:
    """The suffixes of all readers, each with its dot, Markdown's first."""
    return tuple(suffix for reader in _all() for suffix in reader.suffixes)


def broken_plugins() -> tuple[str, ...]:
    """A message for each plug-in that was left out."""
    return _others().broken


def _by_suffix(path: str) -> Reader | None:
    suffix = PurePath(path).suffix.lower()
    return next((reader for reader in _all() if suffix in reader.suffixes), None) if suffix else None


def _by_content(head: bytes) -> Reader | None:
    return next((reader for reader in _all() if reader.claims(head)), None) if head else None


def _all() -> Iterator[Reader]:
    """All readers, loaded lazily one after another, so that an early match loads no others."""
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
    """A built-in reader; None for a module without one, which holds shared parts."""
    try:
        reader: Reader = plugin.load()
    except AttributeError as error:
        if error.name != "READER":
            raise
        return None
    return reader


@cache
def _others() -> plugins.Loaded[Reader]:
    """The readers of plug-ins, without those whose name or suffix is taken."""
    built_in = list(_builtin())

    def objection(reader: Reader, others: Sequence[Reader]) -> str:
        for other in (*built_in, *others):
            if taken := set(reader.suffixes) & set(other.suffixes):
                return f"{', '.join(sorted(taken))} files are read by {other.name!r} already"
        return ""

    return plugins.loaded("linkcheck.readers", "READER", Reader, [one.name for one in built_in], objection)
