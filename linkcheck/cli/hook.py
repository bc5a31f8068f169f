"""`linkcheck hook`: block dead links that a change adds. A missing network, unknown states and time-outs never block.

The change is what is staged; with pre-commit's PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF what lies between these
commits (https://pre-commit.com, *pre-push*, read 2026-12).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from linkcheck import read
from linkcheck.cli import exit_codes, ignoring, inputs, output, wiring
from linkcheck.cli.interrupts import interrupts
from linkcheck.errors import InputError
from linkcheck.git.process import GitError, NoGitError
from linkcheck.model import ALIVE, Notice, Report
from linkcheck.settings import Settings

_RECENT_S = 600.0  # what was silent or blocked is told from memory for as long, so that it costs its time once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from linkcheck.cli.change import Change
    from linkcheck.git.stored import Stored


def command(paths: Sequence[str], settings: Settings) -> int:
    """Check the links that a change adds to files, within seconds, and print those that fail."""
    found, stored = _documents(paths, settings, os.environ)
    output.warn(found.all_notices)
    if not any(document.links for document in found.documents):
        return _end(found.refused)  # without opening the memory: most commits add no link
    folder = wiring.history_folder(settings)
    with interrupts, wiring.store(settings, folder, settings.max_age_days, recent_s=_RECENT_S) as store:
        known = ignoring.load(settings, found.documents, requests_ignored=False)
        result = wiring.crawl(found.documents, settings, store, ignoring=known, stored=stored)
    output.warn(store.notices)
    _print(result)
    code = _end(found.refused)
    return exit_codes.FAILING if result.is_failing else code


def _end(refused: Sequence[InputError]) -> int:
    """Print why files could not be read; the exit code if no link fails."""
    for error in refused:
        output.print_error(error)
    return exit_codes.ERROR if refused else exit_codes.OK


def _print(result: Report) -> None:
    if not result.is_partial and all(one.verdict.state in ALIVE for one in result.checked):
        return  # without loading what could say more
    from linkcheck.report import groups, messages
    from linkcheck.report.formats import text

    output.show(f"{line}\n" for one in groups.failing(result) for line in text.finding(one))
    if repaired := [one for one in groups.failing(result) if one.repair]:
        from shlex import quote

        from linkcheck.report import sanitise

        names = dict.fromkeys(quote(one.links[0].path) for one in repaired)
        number = messages.amount(len(repaired))
        output.show([f"help: this mends {number}: linkcheck fix --write -- {sanitise.clean(' '.join(names), 600)}\n"])
    if result.ignore_notes and result.is_failing:
        from linkcheck.report import ignores

        output.show(f"{ignores.as_text(line)}\n" for line in ignores.lines(result) if line.kind == "expired")
    for message in filter(None, (messages.missing(result), messages.bug_report(result), *messages.from_memory(result))):
        output.say(f"linkcheck: {message}")


# -- the change ------------------------------------------------------------------------------


_Judged = tuple[inputs.Inputs, "Stored | None"]


def _documents(paths: Sequence[str], settings: Settings, environment: Mapping[str, str]) -> _Judged:
    """The documents with the links to judge: those that the change adds, or all. And the files after the change, where
    the work tree may have others."""
    is_whole = settings.all or (not _names_revision(settings) and _is_first_push(environment))
    if is_whole and paths:
        return inputs.documents(paths, reads_the_rest=True), None
    try:
        change = _change(settings, environment)
        return (inputs.documents(_names(change)), None) if is_whole else _added(change, paths, settings)
    except GitError as error:
        if _names_revision(settings):
            raise
        if isinstance(error, NoGitError):
            output.say(f"linkcheck: whole files are checked: {error.what}")
            return inputs.documents(paths, reads_the_rest=True), None
        output.say(f"linkcheck: nothing was checked, since git does not tell what is added: {error.what}")
        output.say("help: --all checks whole files")
        return inputs.Inputs([], [], []), None  # whole files would blame whoever commits for what was there


def _names_revision(settings: Settings) -> bool:
    return settings.is_users(Settings.since.name)


def _is_first_push(environment: Mapping[str, str]) -> bool:
    """Whether pre-commit checks a push to a remote that has no commit in common with it: then all is new."""
    return "PRE_COMMIT_REMOTE_NAME" in environment and not environment.get("PRE_COMMIT_FROM_REF")


def _change(settings: Settings, environment: Mapping[str, str]) -> Change:
    from linkcheck.cli import change

    first, last = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
    if _names_revision(settings):
        return change.since(Path.cwd(), settings.since)
    return change.between(Path.cwd(), first, last) if first and last else change.staged(Path.cwd())


def _names(change: Change) -> list[str]:
    """The files that a change changes, where a reader knows them."""
    from linkcheck.cli.change import shown

    return [shown(change, place) for place in change.changed if read.is_known(place)]


def _added(change: Change, paths: Sequence[str], settings: Settings) -> _Judged:
    from linkcheck.cli.change import added_documents
    from linkcheck.git.stored import Stored

    if settings.frozen and not change.changed:
        return inputs.documents(paths, reads_the_rest=True), None  # a service checks whole files, from the history
    found = added_documents(change, paths)
    whole = inputs.documents(found.outside, reads_the_rest=True)
    if found.is_empty and not found.outside:
        files = "these files" if paths else "the files"
        output.say(f"linkcheck: the change adds nothing to {files}; --all checks whole files")
    unread = [] if paths else [Notice(error.where, 1, f"left out: {error.what}") for error in found.refused]
    refused = [*(found.refused if paths else ()), *whole.refused]
    stored = None if change.commit is None else Stored(change.top, change.commit)
    return inputs.Inputs([*found.documents, *whole.documents], [*unread, *whole.notices], refused), stored
