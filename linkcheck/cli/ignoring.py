"""Load the ignores for a command: those of the settings, the baseline's file, and those of the lists' comments."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.cli import output, wiring
from linkcheck.cli.stopwatch import stopwatch
from linkcheck.common import checkout, plain_files
from linkcheck.errors import ReportError, reason
from linkcheck.model import Document, Link, Notice, Report, Value, replace
from linkcheck.plan import Choice
from linkcheck.settings import IgnoreEntry, Settings

if TYPE_CHECKING:
    from linkcheck.cli.files import ReportsFolder
    from linkcheck.ignores.baseline import Accepted
    from linkcheck.ignores.matching import Ignores

BASELINE = "baseline.jsonl"  # in the folder of the reports


class Ignoring(Value, frozen=True):
    """The ignores of a run. The hook does not request ignored links. `is_whole` as in `ignores.applying`."""

    ignores: Ignores
    requests_ignored: bool = True
    is_whole: bool = True

    def choice(self, wanted: Choice) -> Choice:
        if self.requests_ignored:
            return wanted
        today = datetime.now(UTC).date()
        return replace(wanted, ignored=lambda link: self.ignores.why(link, today))

    def applied(self, report: Report) -> Report:
        from linkcheck.ignores.applying import applied

        return applied(report, self.ignores, is_whole=self.is_whole and self.requests_ignored)


def load(
    settings: Settings,
    documents: Sequence[Document],
    *,
    requests_ignored: bool = True,
    is_whole: bool = True,
    uses_baseline: bool = True,
) -> Ignoring | None:
    """The ignores for a run over `documents`; None if there are none. Prints what is wrong with them."""
    accepted: list[Accepted] = []
    if uses_baseline and os.path.lexists(Path(settings.reports, BASELINE)):
        accepted, notices = read_baseline(wiring.reports_folder(settings))
        output.warn(notices)
        accepted = without_missing_lists(accepted) if requests_ignored else accepted
    if not settings.ignore and not accepted and not any(document.ignores for document in documents):
        return None
    from linkcheck.ignores.matching import Ignores

    entries = [one._replace(place=shown_place(one.place)) for one in settings.ignore]
    if requests_ignored:
        _ask_for_reasons(entries)
    ignores = Ignores(entries, accepted, stopwatch)
    ignores.search(link for document in documents for link in document.links)
    return Ignoring(ignores, requests_ignored, is_whole)


def why(settings: Settings, link: Link) -> Iterator[str]:
    """Which entry of the config files lets a link fail, if any does."""
    if settings.ignore:
        from linkcheck.ignores.matching import Ignores

        entries = [one._replace(place=shown_place(one.place)) for one in settings.ignore]
        yield from filter(None, [Ignores(entries, (), stopwatch).why(link, datetime.now(UTC).date())])


def read_baseline(folder: ReportsFolder) -> tuple[list[Accepted], list[Notice]]:
    """The links that the file accepts, and what is wrong with it. A file that cannot be used accepts none."""
    from linkcheck.ignores import baseline

    path = folder.path / BASELINE
    shown = path.as_posix()
    try:
        folder.check()
        return baseline.read(baseline_bytes(path), shown)
    except ReportError as error:
        return [], [Notice(shown, 1, f"not read: {error.what}")]
    except baseline.UnsupportedError as error:
        return [], [Notice(shown, 1, f"not read: {error}")]
    except OSError as error:
        return [], [Notice(shown, 1, f"not read: {reason(error)}")]


def without_missing_lists(entries: Sequence[Accepted]) -> list[Accepted]:
    """The entries without those of their lists that are no more."""
    names = {name for one in entries for name in one.lists}
    left = {name for name in names if os.path.exists(name)}  # noqa: PTH110 (a Path raises for some names)
    return [one._replace(lists=tuple(name for name in one.lists if name in left)) for one in entries]


def baseline_bytes(path: Path) -> bytes:
    """Raises OSError, also for a link, and for a folder that leads out of the repository."""
    from linkcheck.ignores.baseline import MOST_BYTES

    if checkout.leads_out(path):
        raise plain_files.IrregularError(0, "a link that leads out of the repository")
    with plain_files.open_to_read(path, follows_links=False) as file:
        return plain_files.read_from(file, MOST_BYTES)


def shown_place(place: str) -> str:
    """The `place` of an entry as seen from the current folder, so that reports are the same on every machine."""
    here = Path.cwd()
    top = checkout.root(here) or here
    if place.startswith(f"{here}{os.sep}"):
        return place[len(str(here)) + 1 :]
    if place.startswith(f"{top}{os.sep}"):
        return f"{os.path.relpath(top, here)}{os.sep}{place[len(str(top)) + 1 :]}"
    home = os.path.expanduser("~")  # noqa: PTH111 (a Path raises without a home)
    return f"~{place[len(home) :]}" if place.startswith(f"{home}{os.sep}") else place


def _ask_for_reasons(entries: Sequence[IgnoreEntry]) -> None:
    for entry in entries:
        if not entry.reason:
            what = entry.url or entry.host or (entry.match.pattern if entry.match else "")
            output.say(f"warning: {_clean(entry.place)}: no reason is given for ignoring {_clean(what)}")


def _clean(text: str) -> str:
    from linkcheck.report.sanitise import clean

    return clean(text)
