"""The values of options that are registered elsewhere: formats, and rules whose verdicts can be changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from linkcheck.settings import Settings

LISTED = ("text", "json")  # how `linkcheck links` prints links


class FormatNames(Collection[str]):
    """The names of all formats, the default first. Loaded lazily."""

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[str]:
        default = Settings.format.default
        return iter(sorted(self._names(), key=lambda name: (name != default, name)))

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        from linkcheck import report  # not needed to parse a command line

        return report.names()


class RuleNames(Collection[str]):
    """The names of the rules whose verdicts the user's rules may change. Loaded lazily."""

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        from linkcheck.judge import order, overrides

        return [name for name in order.by_name() if name not in overrides.FIXED]


class SlugRules(Collection[str]):
    """The names of the rules by which headings get their anchors. Loaded lazily."""

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> tuple[str, ...]:
        from linkcheck.local import anchors

        return anchors.NAMES


def choices() -> dict[str, Collection[str]]:
    """The values of options that are registered elsewhere, by option name."""
    return {Settings.format.name: FormatNames(), Settings.rule.name: RuleNames(), Settings.slugs.name: SlugRules()}
