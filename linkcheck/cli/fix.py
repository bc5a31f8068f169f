"""`linkcheck fix`: mend links, as a diff on standard output, or in the files with `--write`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from linkcheck.cli import exit_codes, files, inputs, mending, output, wiring
from linkcheck.cli.interrupts import interrupts
from linkcheck.common import checkout
from linkcheck.errors import InputError, LinkcheckError, ReportError
from linkcheck.mend import REPAIR, FullLooks, Wishes
from linkcheck.mend.patch import Patched
from linkcheck.model import Edit, Report, replace
from linkcheck.report import messages, sanitise
from linkcheck.settings import Settings

_GIT = ".git"
_MOST_TURNS = 3


def command(paths: Sequence[str], settings: Settings) -> int:
    """Mend the links of files, or show how they would be mended.

    The addresses of repaired links were never looked at, so the files that got some are mended once more.
    """
    wanted = mending.wishes(settings)
    if inputs.STDIN in paths:
        raise InputError("standard input cannot be mended", where=inputs.STDIN, help="name the file")
    code, repaired = _mend(paths, settings, wanted)
    for _ in range(1, _MOST_TURNS):
        if code or not repaired:
            break
        code, repaired = _mend(sorted(repaired), settings, wanted, repaired)
    return code


def _mend(
    paths: Sequence[str], settings: Settings, wanted: Wishes, ours: frozenset[str] = frozenset()
) -> tuple[int, frozenset[str]]:
    """The exit code, and the files in which malformed links were repaired. `ours` are files that this command has just
    written."""
    found = inputs.documents(paths)
    if not ours:
        output.warn(found.all_notices)
    looks, folder = FullLooks(can_ask=True), wiring.reports_folder(settings)
    folder.check()
    with interrupts:
        with wiring.store(settings, folder.path, settings.max_age_days) as store:
            result = wiring.crawl(found.documents, settings, store, waits=True, observers=[looks])
        output.warn(store.notices)
        again, copies = mending.Files(found.documents), list[Edit]()
        if ended := _has_ended(result):
            result = replace(result, checked=tuple(one for one in result.checked if one.repair))
        else:
            looks.note(result.checked)
            mending.look_again(result, looks, wanted, settings)
            copies = mending.archived(result, looks, wanted, settings, again)
        if interrupts.code:
            output.say("interrupted: nothing more was changed" if ours else "interrupted: nothing was changed")
            return exit_codes.ERROR, frozenset()
        made = _once(mending.patches([*mending.edits(result, looks, wanted, again), *copies], again))
        if ours and not made:
            return ended, frozenset()
        if not settings.write:
            return ended or _show(made, again), frozenset()
        code, written = _write(made, again, settings, ours)
        repaired = (path for path, one in written.items() if any(edit.rule == REPAIR for edit in one.edits))
        return ended or code, frozenset(repaired)


def _has_ended(result: Report) -> int:
    """The exit code if only what is malformed can be mended, since the network is away; else 0."""
    if result.network_outage:
        return exit_codes.no_network(result, "only malformed links can be mended")
    return exit_codes.cut_off(result) if result.is_cut_off else 0


def _once(made: Mapping[str, Patched]) -> dict[str, Patched]:
    """Each file once, although several paths lead to it; what could not be changed is said."""
    by_file = dict[str, str]()
    for path, one in made.items():
        if by_file.setdefault(os.path.realpath(path), path) == path:
            for edit, why in one.left_out:
                output.say(f"{sanitise.path(path)}: not mended: {sanitise.clean(edit.old, 600)}: {why}")
    return {path: made[path] for path in by_file.values() if made[path].edits}


# -- showing ---------------------------------------------------------------------------------


def _show(made: Mapping[str, Patched], again: mending.Files) -> int:
    for path, one in made.items():
        output.show(_diff(path, one, again))
    if not made:
        output.say("nothing to mend")
        return exit_codes.OK
    output.say(f"{_counted(made)} to mend; --write writes the changes")
    return exit_codes.FAILING


def _diff(path: str, one: Patched, again: mending.Files) -> Iterator[str]:
    """The diff of a file; where that would not be safe to print, or no program could read it, its changes."""
    from linkcheck.mend import diff

    data, document = again[path]
    try:
        lines = [line.decode() for line in diff.lines(_shown_path(path), data, one.edits, document.encoding)]
    except UnicodeDecodeError:
        lines = []
    if lines and document.encoding == "utf-8" and all(map(_is_inert, lines)):
        yield from lines
        return
    yield f"# {sanitise.path(path)}: no diff can be shown of this file; its changes:\n"
    yield from (f"# {line}" for line in _changes(path, one, again))


def _is_inert(line: str) -> bool:
    """Whether a line is printed as it is: a context line of a list may hold what a terminal or a CI system obeys."""
    plain = line.rstrip("\r\n").replace("\t", " ")
    return all(sanitise.line(part) == part for part in plain.split("\n"))


def _shown_path(path: str) -> str:
    return os.path.relpath(path).replace(os.sep, "/") if os.path.isabs(path) else path  # noqa: PTH117


def _changes(path: str, one: Patched, again: mending.Files) -> Iterator[str]:
    data, document = again[path]
    for edit in one.edits:
        yield f"{sanitise.path(path)}:{_line(data, edit, document.encoding)}: {_change(edit)}\n"


def _change(edit: Edit) -> str:
    old, new = (sanitise.clean(text, sanitise.MAX_URL) for text in (edit.old, edit.new))
    return f"mended[{edit.rule}] {old}{' -> ' if old else 'added '}{new}: {sanitise.clean(edit.reason)}"


def _line(data: bytes, edit: Edit, encoding: str) -> int:
    if encoding == "utf-8":
        return data.count(b"\n", 0, edit.span[0]) + 1
    return data[: edit.span[0]].decode(encoding, errors="replace").count("\n") + 1


def _counted(made: Mapping[str, Patched]) -> str:
    links = sum(len(one.edits) for one in made.values())
    return f"{messages.amount(links)} in {messages.amount(len(made), 'file')}"


# -- writing ---------------------------------------------------------------------------------


def _write(
    made: Mapping[str, Patched], again: mending.Files, settings: Settings, ours: frozenset[str]
) -> tuple[int, Mapping[str, Patched]]:
    """The exit code, and what was written."""
    written, errors = dict[str, Patched](), list[LinkcheckError]()
    for path, one in made.items():
        try:
            _replace(path, one, again, is_forced=settings.force or path in ours)
        except LinkcheckError as error:
            errors.append(error)
        else:
            written[path] = one
            output.show(_changes(path, one, again))
    for refused in errors:
        output.print_error(refused)
    output.say(f"{_counted(written)} mended" if made else "nothing to mend")
    return exit_codes.ERROR if errors else exit_codes.OK, written


def _replace(path: str, one: Patched, again: mending.Files, *, is_forced: bool) -> None:
    """Raises LinkcheckError: the file has changed, leads out of the repository, or has changes that are not staged."""
    data, _ = again[path]
    if checkout.leads_out(Path(path)):
        raise ReportError("a link that leads out of the repository", where=path)
    real = Path(os.path.realpath(path))
    if not is_forced:
        _refuse_unstaged(real, data)
    files.overwrite(real, one.data, data)


def _refuse_unstaged(path: Path, data: bytes) -> None:
    root = checkout.root(path.parent)
    if root is None or not os.path.lexists(root / _GIT):
        return
    from linkcheck.git.unstaged import is_unstaged

    if is_unstaged(path, data):
        raise ReportError(
            "the file has changes that are not staged", where=str(path),
            help="stage or commit them, so that the mending can be told apart, or use --force",
        )  # fmt: skip
