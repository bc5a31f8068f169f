"""Where in a document an entry stands: the headings and list items above it."""

from __future__ import annotations

from dataclasses import dataclass, field

_MOST_PARTS = 10


@dataclass(slots=True)
class Sections:
    """The headings and list items that are open while a document is read from its beginning to its end."""

    _headings: list[tuple[int, str]] = field(default_factory=list)
    _items: list[str] = field(default_factory=list)
    _path: tuple[str, ...] | None = None

    def path(self) -> tuple[str, ...]:
        """The texts of those, outermost first."""
        if self._path is None:
            path = (*(text for _, text in self._headings), *filter(None, self._items))
            self._path = path[:_MOST_PARTS]
        return self._path

    def enter(self, level: int, title: str) -> None:
        """A heading begins its section, and ends those of its level and below; without a title it only ends them."""
        self._path = None
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        if title:
            self._headings.append((level, title))

    def open_list(self, item: str) -> None:
        """A list begins in a list item of that text, '' where it has none to go by."""
        self._path = None
        self._items.append(item)

    def close_list(self) -> None:
        self._path = None
        self._items.pop()
