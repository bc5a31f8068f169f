"""The values of options that are registered elsewhere: formats, and rules whose verdicts can be changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from linkcheck.settings import Settings

LISTED = ("text", "json")  # how `linkcheck links` prints links


class _Names(Collection[str]):
    """Names that are looked up when they are first needed: not to parse a command line."""

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> Sequence[str]:
        raise NotImplementedError


class FormatNames(_Names):
    """The names of all formats, the default first."""

    def _names(self) -> Sequence[str]:
        from linkcheck import report

        default = Settings.format.default
        return sorted(report.names(), key=lambda name: (name != default, name))


class RuleNames(_Names):
    """The names of the rules whose verdicts the user's rules may change."""

    def _names(self) -> Sequence[str]:
        from linkcheck.judge import order, overrides

        return [name for name in order.by_name() if name not in overrides.FIXED]


class SlugRules(_Names):
    """The names of the rules by which headings get their anchors."""

    def _names(self) -> Sequence[str]:
        from linkcheck.local import anchors

        return anchors.NAMES


def choices() -> dict[str, Collection[str]]:
    """The values of options that are registered elsewhere, by option name."""
    return {Settings.format.name: FormatNames(), Settings.rule.name: RuleNames(), Settings.slugs.name: SlugRules()}
