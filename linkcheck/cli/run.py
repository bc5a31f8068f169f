"""`linkcheck run`: check every link of lists, print the result, write the reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck import report as reports
from linkcheck.cli import exit_codes, files, ignoring, inputs, output, wiring
from linkcheck.cli.interrupts import interrupts
from linkcheck.errors import ReportError
from linkcheck.mend import FullLooks, Looks
from linkcheck.model import Document, Link, Report
from linkcheck.report import messages, sanitise
from linkcheck.settings import Settings

if TYPE_CHECKING:
    from linkcheck.memory import Store


def command(paths: Sequence[str], settings: Settings) -> int:
    """Check the links, print the result, write the reports."""
    found = inputs.documents(paths)
    output.warn(found.all_notices)
    is_change = settings.is_users(Settings.since.name)  # even of no name: a variable of a script may be empty
    is_added = _is_added(found.documents, settings) if is_change else None
    place = None if settings.no_files else wiring.reports_folder(settings)
    folder = None if is_change else place
    if folder:
        folder.prepare(found.documents, [form.suffix for form in reports.written()])
    if not any(document.links for document in found.documents):
        output.say(f"no links in {', '.join(sanitise.clean(one.path) for one in found.documents)}")
    with interrupts:
        with wiring.store(settings, place.path if place else None, settings.max_age_days) as store:
            ignores = ignoring.load(settings, found.documents)
            looks = (FullLooks if settings.format == "json" else Looks)(only_redirects=True)
            result = wiring.crawl(
                found.documents, settings, store, waits=True, is_added=is_added, ignoring=ignores, observers=[looks]
            )
        output.warn(store.notices)
        result = _with_mending(result, looks, has_edits=settings.format == "json")
        keep = None if settings.frozen or not wiring.uses_memory(settings) else wiring.history_keep(settings)
        error = _write(folder, result, store, keep) if folder and not result.network_outage else None
    if not result.network_outage or result.is_failing or settings.format == "json":
        output.show(reports.named(settings.format).pieces(result))
    if text := messages.unknown(result):
        output.say(f"linkcheck: {text}")
    if error:
        raise error
    if result.network_outage:
        return exit_codes.no_network(result)
    return exit_codes.cut_off(result) if result.is_cut_off else exit_codes.of(result)


def _is_added(documents: Sequence[Document], settings: Settings) -> Callable[[Link], bool]:
    """Whether a link is not in the merge base of HEAD and --since."""
    from linkcheck.cli import change

    return change.predicate(change.since(Path.cwd(), settings.since), documents)


def _with_mending(result: Report, looks: Looks, *, has_edits: bool) -> Report:
    """`result` with the links that `linkcheck fix` can mend, and the edits that are certain."""
    from linkcheck import mend
    from linkcheck.cli import mending

    wishes = mend.Wishes()
    looks.note(one for one in result.checked if mend.may_be_mended(one, wishes))
    result = mend.hinted(result, looks, wishes)
    return mending.with_edits(result, looks) if has_edits else result


# -- reports ---------------------------------------------------------------------------------


def _write(folder: files.ReportsFolder, result: Report, store: Store, keep: timedelta | None) -> ReportError | None:
    """Write reports, and the history unless `keep` is None. Returns the first error, so that the rest is written."""
    history_error = None if keep is None else _error_of(_write_history, folder, store, keep)
    errors = [history_error, *_write_reports(folder, result)]
    return next(filter(None, errors), None)


def _error_of(step: Callable[..., None], *values: object) -> ReportError | None:
    try:
        step(*values)
    except ReportError as error:
        return error
    return None


def _write_reports(folder: files.ReportsFolder, result: Report) -> list[ReportError]:
    """Write the reports of each list, those of a partial run beside the complete ones. Returns the errors."""
    written, errors = list[Path](), list[ReportError]()
    for whole, partial, pieces in _planned(folder, result):
        if error := _error_of(folder.write, partial if result.is_partial else whole, pieces):
            errors.append(error)
        elif result.is_partial:
            written.append(partial)
        else:
            folder.remove(partial)
    if written:
        why = "interrupted" if result.is_interrupted else "partial"
        output.say(f"{why}: what is known is in {sanitise.clean(', '.join(map(str, written)))}")
    return errors


def _planned(folder: files.ReportsFolder, result: Report) -> Iterator[tuple[Path, Path, object]]:
    """For each report its file, the one beside it for a partial run, and its text, generated lazily."""
    stems = folder.stems(result.documents)
    beside = files.beside(stems.values())
    for form in reports.written():
        for document, part in reports.by_document(result):
            stem = stems[document.path]
            yield folder.path / f"{stem}{form.suffix}", folder.path / f"{stem}{beside}{form.suffix}", form.pieces(part)


def _write_history(folder: files.ReportsFolder, store: Store, keep: timedelta) -> None:
    from linkcheck.memory import history

    path = folder.path / history.FILE
    if store.records or store.has_conflict or not path.exists():
        output.warn(history.update(path, store.records, folder.write, datetime.now(UTC), keep=keep))
