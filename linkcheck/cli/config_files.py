"""Find config files: the user's, and that of the repository that linkcheck runs in.

The repository's file is searched from the current folder up to the repository's root; outside a repository, in the
current folder only. It is untrusted, so it has to lie in the repository; the user's file has to belong to the user, and
nobody else may be able to write it.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from linkcheck.cli import folders
from linkcheck.common import checkout, plain_files, toml_text
from linkcheck.errors import SettingsError, reason
from linkcheck.settings import ConfigFile, Trust

NAME, PROJECT = "linkcheck.toml", "pyproject.toml"
MOST_BYTES = 2**20
OF_PROJECT = " [tool.linkcheck]"  # how the place of a pyproject.toml ends
_ROOT = 0  # the user id of the administrator


class ConfigFiles(NamedTuple):
    """The config files to read, of highest precedence last; `notices` say which were ignored, and why."""

    files: tuple[ConfigFile, ...]
    notices: tuple[str, ...] = ()


def find(here: Path, environment: Mapping[str, str]) -> ConfigFiles:
    """The config files for a run in the folder `here`. Raises SettingsError."""
    notices = list[str]()
    users, repositorys = _users(environment), _repositorys(here, notices)
    return ConfigFiles(tuple(filter(None, (users, repositorys))), tuple(notices))


def named(path: Path) -> ConfigFiles:
    """The one file given by --config. Raises SettingsError."""
    try:
        with path.open("rb") as file:
            table = _table(plain_files.read_from(file, MOST_BYTES), path)
    except FileNotFoundError:
        raise SettingsError("the config file does not exist", where=str(path), help="check --config") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    return ConfigFiles(tuple(filter(None, [_config_file(path, table, Trust.USER)])))


# -- the user's own --------------------------------------------------------------------------


def _users(environment: Mapping[str, str]) -> ConfigFile | None:
    path = folders.config_file(environment)
    if path is None:
        return None
    try:
        with plain_files.open_to_read(path) as file:
            _refuse_others(os.fstat(file.fileno()), path)
            return _config_file(path, _table(plain_files.read_from(file, MOST_BYTES), path), Trust.USER)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _refuse_others(found: os.stat_result, path: Path) -> None:
    if sys.platform == "win32":
        return
    if found.st_uid not in (os.getuid(), _ROOT):
        raise SettingsError("your own config file belongs to another user", where=str(path), help="write your own")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SettingsError("others can write your own config file", where=str(path), help=f"chmod go-w '{path}'")


# -- the repository's ------------------------------------------------------------------------


def _repositorys(here: Path, notices: list[str]) -> ConfigFile | None:
    top = checkout.root(here) or here
    for path in _places(here, top):
        if not os.path.lexists(path):
            continue
        if _is_anothers(path, here):
            notices.append(f"{path}: not read, since it belongs to another user; name it with --config")
            continue
        try:
            found = _config_file(path, _repository_table(path, top), Trust.REPOSITORY)
        except (OSError, ValueError) as error:
            if path.name == NAME:
                raise _unreadable(path, error) from error
            if isinstance(error, OSError):  # an invalid pyproject.toml is not reported here
                notices.append(f"{path}: not read: {_reason(error)}")
            continue
        if found:
            return found
    return None


def _places(here: Path, top: Path) -> Iterator[Path]:
    for folder in (here, *here.parents):
        yield folder / NAME
        yield folder / PROJECT
        if folder == top:
            return


def _is_anothers(path: Path, here: Path) -> bool:
    """Whether a file in a parent folder belongs to another user: everybody may write to /tmp.

    If the current folder belongs to another user too (in a container), so may the rest of its repository.
    """
    if sys.platform == "win32" or path.parent == here:
        return False
    return _owner(path) not in (os.getuid(), _ROOT, _owner(here))


def _owner(path: Path) -> int:
    return path.lstat().st_uid


def _repository_table(path: Path, top: Path) -> Mapping[str, Any]:
    """Raises OSError, ValueError."""
    if not checkout.holds(top, path):
        raise plain_files.IrregularError(0, "a link that leads out of the repository; name the file with --config")
    return _table(plain_files.read(path, MOST_BYTES), path)


# -- text ------------------------------------------------------------------------------------


def _table(data: bytes, path: Path) -> Mapping[str, Any]:
    """Raises ValueError. A pyproject.toml that does not mention linkcheck is not parsed, since it may be long."""
    return toml_text.load(data) if path.name != PROJECT or b"linkcheck" in data else {}


def _config_file(path: Path, table: Mapping[str, Any], trust: Trust) -> ConfigFile | None:
    if path.name != PROJECT:
        return ConfigFile(str(path), table, trust)
    tools = table.get("tool")
    own = tools.get("linkcheck") if isinstance(tools, dict) else None
    return ConfigFile(f"{path}{OF_PROJECT}", own, trust) if isinstance(own, dict) else None


def _unreadable(path: Path, error: OSError | ValueError) -> SettingsError:
    return SettingsError(f"cannot read the config file: {_reason(error)}", where=str(path))


def _reason(error: OSError | ValueError) -> str:
    return reason(error) if isinstance(error, OSError) else str(error)
