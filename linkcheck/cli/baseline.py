"""`linkcheck baseline`: accept today's failures, so that only new ones fail from now on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from linkcheck import urls
from linkcheck.cli import exit_codes, files, ignoring, inputs, output, wiring
from linkcheck.cli.interrupts import interrupts
from linkcheck.common import secret
from linkcheck.errors import ReportError, reason
from linkcheck.ignores import baseline
from linkcheck.ignores.baseline import Accepted
from linkcheck.model import ALIVE, FAILING, Checked, Report, State
from linkcheck.report import groups, messages
from linkcheck.report.sanitise import clean
from linkcheck.settings import Settings


def command(paths: Sequence[str], settings: Settings) -> int:
    """Check the links of lists, and write those that fail into the baseline."""
    found = inputs.documents(paths)
    output.warn(found.all_notices)
    folder = wiring.reports_folder(settings)
    folder.prepare()
    path = folder.path / ignoring.BASELINE
    old = _read(path)
    with interrupts:
        with wiring.store(settings, folder.path, settings.max_age_days) as store:
            others = ignoring.load(settings, found.documents, uses_baseline=False)
            result = wiring.crawl(found.documents, settings, store, waits=True, ignoring=others)
        output.warn(store.notices)
        if result.network_outage:
            return exit_codes.no_network(result, "the baseline is left as it is")
        if result.is_partial:
            output.say("linkcheck: the run came to no end: the baseline is left as it is")
            return exit_codes.cut_off(result) if result.is_cut_off else exit_codes.ERROR
        _update(folder, path, old, result)
    return exit_codes.OK


def _read(path: Path) -> list[Accepted]:
    """The entries so far. Raises ReportError for a file that must not be replaced."""
    try:
        entries, notices = baseline.read(ignoring.baseline_bytes(path), path.as_posix())
    except FileNotFoundError:
        return []
    except (baseline.UnsupportedError, OSError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise ReportError(f"cannot use the baseline: {why}", where=str(path), help="move it away") from error
    output.warn(notices)
    return ignoring.without_missing_lists(entries)


def _update(folder: files.ReportsFolder, path: Path, old: Sequence[Accepted], result: Report) -> None:
    failing = [_accepted(one, result.started.date()) for one in groups.failing(result)]
    fit = [one for one in failing if one.can_be_written and not secret.is_in(one.url)]
    if left_out := len(failing) - len(fit):
        output.say(
            f"warning: not accepted, since a secret is in the URL, or it is too long: {messages.amount(left_out)}"
        )
    kept = merged(old, fit, result)
    if kept or old:
        folder.write(path, baseline.lines(kept))
    before, after = {one.url for one in old}, {one.url for one in kept}
    number = f"{messages.amount(len(after))} accepted, {len(after - before)} new, {len(before - after)} taken out"
    output.show([f"{clean(path.as_posix())}: {number}\n"])


def merged(old: Iterable[Accepted], failing: Iterable[Accepted], result: Report) -> list[Accepted]:
    """The entries to write. A link keeps the day on which it was accepted, whatever it fails as today. One that does
    not fail stays where today's run cannot tell that it works, and where not all lists that had it were read."""
    entries = {one.url: one for one in failing}
    states: dict[str, set[State]] = {}
    for link in result.checked:
        states.setdefault(_key(link), set()).add(link.verdict.state)
    lists = {document.path for document in result.documents}
    for one in old:
        if one.url in entries:
            entries[one.url] = entries[one.url]._replace(since=one.since)
        elif seen := states.get(one.url):
            if not seen & FAILING and not seen <= ALIVE:
                entries[one.url] = one
        elif not one.is_of(lists):
            entries[one.url] = one
    return list(entries.values())


def _accepted(one: Checked, today: date) -> Accepted:
    lists = sorted({link.path for link in one.links})
    return Accepted(_key(one), one.verdict.state, one.verdict.rule, today, tuple(lists))


def _key(one: Checked) -> str:
    return one.normal or urls.normal_form(one.url) or one.url
