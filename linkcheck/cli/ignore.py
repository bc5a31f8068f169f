"""`linkcheck ignore`: write entries into the repository's config file, of which every byte is kept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from linkcheck import urls
from linkcheck.cli import config_files, exit_codes, files, ignoring, output
from linkcheck.common import checkout, plain_files, secret, toml_text
from linkcheck.errors import InputError, SettingsError
from linkcheck.errors import reason as system_reason
from linkcheck.report.sanitise import clean
from linkcheck.settings import IgnoreEntry, Settings


class _Target(NamedTuple):
    """The file to write, its bytes so far, and the name of the tables in it."""

    path: Path
    data: bytes
    table: str


def command(texts: Sequence[str], settings: Settings) -> int:
    """Add one entry for each URL."""
    if not settings.reason.strip():
        raise InputError("no reason is given", where="--reason", help="say why these links may fail")
    if settings.until and settings.until <= datetime.now(UTC).date():
        raise InputError(
            f"the day {settings.until} is not in the future", where="--until", help="name the day on which it ends"
        )
    target = _target(Path.cwd())
    known = _known(target)
    wanted, code = list[str](), exit_codes.OK
    for text in dict.fromkeys(map(str.strip, texts)):
        _check(text)
        if old := next((one for one in known if _forms(one.url) & _forms(text)), None):
            code = max(code, _say_known(text, old, settings))
        else:
            wanted.append(text)
    if wanted:
        _write(target, wanted, settings)
        shown = ignoring.shown_place(str(target.path))
        output.show(f"{clean(shown)}: {clean(one, 600)} is ignored\n" for one in wanted)
    return code


def _check(text: str) -> None:
    """Raises InputError for what may not be written."""
    if secret.is_in(text):
        raise InputError("the URL holds a secret, and the file will be committed", where=text, help="ignore its host")
    try:
        Settings.ignore.parse([{"url": text}], "URL")
    except SettingsError as error:
        raise InputError(error.what, where=text, help=error.help) from error
    if not urls.normal_form(text):
        output.say(f"note: {clean(text)} is no URL that is requested: links count that are written just so")


def _say_known(text: str, old: IgnoreEntry, settings: Settings) -> int:
    """Print that an entry is there already; an error if it says something else."""
    place = clean(ignoring.shown_place(old.place))
    if (old.reason, old.until) == (" ".join(settings.reason.split()), settings.until):
        output.say(f"{place}: {clean(text, 600)} is ignored already")
        return exit_codes.OK
    what = f"{clean(text, 600)} is ignored already, with another reason or day"
    output.say(f"error: {what}\n  --> {place}\nhelp: change it there")
    return exit_codes.ERROR


def _forms(url: str) -> set[str]:
    return {form for form in (url, urls.normal_form(url)) if form}


# -- the file --------------------------------------------------------------------------------


def _target(here: Path) -> _Target:
    """The repository's config file; a new linkcheck.toml at its root if it has none. Raises SettingsError."""
    found = config_files.find(here, {}).files
    top = checkout.root(here) or here
    if not found:
        path = top / config_files.NAME
        if os.path.lexists(path):
            raise SettingsError("this config file is not read, so nothing is written to it", where=str(path))
        return _Target(path, b"", Settings.ignore.name)
    place = found[0].place
    path = Path(os.path.realpath(place.removesuffix(config_files.OF_PROJECT)))  # a link in the repository stays one
    prefix = "tool.linkcheck." if place.endswith(config_files.OF_PROJECT) else ""
    return _Target(path, _bytes(path), f"{prefix}{Settings.ignore.name}")


def _bytes(path: Path) -> bytes:
    try:
        return plain_files.read(path, config_files.MOST_BYTES)
    except OSError as error:
        raise SettingsError(f"cannot read the config file: {system_reason(error)}", where=str(path)) from error


def _known(target: _Target) -> tuple[IgnoreEntry, ...]:
    return Settings.ignore.parse(_tables(target.data, target.table), f"{target.path}, {Settings.ignore.name}")


def _tables(data: bytes, name: str) -> list[Any]:
    """The tables of this name. Raises ValueError if `data` is no TOML."""
    value: Any = toml_text.load(data)
    for part in name.split("."):
        value = value.get(part, {}) if isinstance(value, dict) else {}
    return list(value) if isinstance(value, list) else []


def _write(target: _Target, urls: Sequence[str], settings: Settings) -> None:
    """Append tables, and see that they are read as they are meant. Raises SettingsError, ReportError."""
    added = [_entry(url, settings) for url in urls]
    data = _appended(target.data, target.table, added)
    try:
        is_as_meant = _tables(data, target.table) == [*_tables(target.data, target.table), *added]
        is_as_meant = is_as_meant and _without(data, target.table) == _without(target.data, target.table)
    except ValueError:
        is_as_meant = False
    if not is_as_meant or len(data) > config_files.MOST_BYTES:
        raise SettingsError(
            "no table can be added at the end of this file", where=str(target.path),
            help=f"write it by hand, as [[{target.table}]] with url, reason and until",
        )  # fmt: skip
    if len(Settings.ignore.parse(_tables(data, target.table), str(target.path))) > Settings.ignore.most:
        raise SettingsError(
            f"a repository's file may have {Settings.ignore.most:,} such tables at most", where=str(target.path),
            help="take some out, or write a host or a match for many of them",
        )  # fmt: skip
    _replace(target.path, data)


def _replace(path: Path, data: bytes) -> None:
    mode = path.stat().st_mode & 0o7777 if path.exists() else None
    files.write(path, [data.decode()])
    if mode is not None:
        path.chmod(mode)


def _entry(url: str, settings: Settings) -> dict[str, Any]:
    table: dict[str, Any] = {"url": url, "reason": " ".join(settings.reason.split())}
    return table | ({"until": settings.until} if settings.until else {})


def _appended(data: bytes, name: str, added: Sequence[dict[str, Any]]) -> bytes:
    end = "\r\n" if b"\r\n" in data else "\n"
    text = "" if not data or data.endswith(b"\n") else end
    for table in added:
        text += f"{end if data or text else ''}[[{name}]]{end}"
        for key, value in table.items():
            shown = toml_text.quoted(value) if isinstance(value, str) else value.isoformat()
            text += f"{key} = {shown}{end}"
    return data + text.encode()


def _without(data: bytes, name: str) -> dict[str, Any]:
    """All else that is in the file."""
    table = toml_text.load(data)
    inner: Any = table
    *parents, last = name.split(".")
    for part in parents:
        inner = inner.get(part, {})
    inner.pop(last, None)
    return table
