"""`linkcheck hook`: block dead links in files. A missing network, unknown states and time-outs never block a commit."""

from __future__ import annotations

from collections.abc import Sequence

from linkcheck.cli import exit_codes, inputs, output, wiring
from linkcheck.cli.interrupts import interrupts
from linkcheck.model import Report
from linkcheck.report import groups, messages
from linkcheck.report.formats import text
from linkcheck.settings import Settings

_RECENT_S = 600.0  # what failed or was silent is told from memory for as long, so that it costs its time once


def command(paths: Sequence[str], settings: Settings) -> int:
    """Check the links of files, within seconds, and print those that fail."""
    found = inputs.documents(paths, reads_the_rest=True)
    output.warn(found.all_notices)
    with (
        interrupts,
        wiring.store(settings, wiring.history_folder(settings), settings.max_age_days, recent_s=_RECENT_S) as store,
    ):
        result = wiring.crawl(found.documents, settings, store)
    output.warn(store.notices)
    _print(result)
    for error in found.refused:
        output.print_error(error)
    if not result.network_outage and result.is_failing:
        return exit_codes.FAILING
    return exit_codes.ERROR if found.refused else exit_codes.OK


def _print(result: Report) -> None:
    if result.network_outage:
        output.say(f"linkcheck: {result.network_outage}; links were not checked")
        return
    output.show(f"{line}\n" for one in groups.failing(result) for line in text.finding(one))
    for message in filter(None, (messages.missing(result), messages.bug_report(result), *messages.from_memory(result))):
        output.say(f"linkcheck: {message}")
