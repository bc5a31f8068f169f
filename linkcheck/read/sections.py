"""The section path of an entry: the headings and list items above it."""

from __future__ import annotations

from linkcheck.model import Mutable, field

_MOST_PARTS = 10


class Sections(Mutable):
    """The open headings and list items at the current position while a document is read."""

    _headings: list[tuple[int, str]] = field(default_factory=list)
    _items: list[str] = field(default_factory=list)
    _path: tuple[str, ...] | None = None

    def path(self) -> tuple[str, ...]:
        """Their texts, outermost first."""
        if self._path is None:
            path = (*(text for _, text in self._headings), *filter(None, self._items))
            self._path = path[:_MOST_PARTS]
        return self._path

    def enter(self, level: int, title: str) -> None:
        """Begin the section of a heading, and end those of its level and below; without a title only end them."""
        self._path = None
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        if title:
            self._headings.append((level, title))

    def open_list(self, item: str) -> None:
        """Begin a nested list in a list item with that text, '' if it has none."""
        self._path = None
        self._items.append(item)

    def close_list(self) -> None:
        self._path = None
        self._items.pop()
