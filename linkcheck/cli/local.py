"""The checker of links into the repository, from the settings. It is loaded for the first link that may need it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.common import checkout
from linkcheck.errors import SettingsError
from linkcheck.local.candidates import may_be_local
from linkcheck.model import Link, Unchecked
from linkcheck.settings import Settings

if TYPE_CHECKING:
    from linkcheck.git.stored import Stored
    from linkcheck.local.checker import Checker


def judge(settings: Settings, stored: Stored | None = None) -> Callable[[Link], Unchecked | None]:
    """What judges a link into the repository, and gives None for any other. `stored` has the files of the commit
    that is judged, if it is not the work tree. Raises SettingsError."""
    root_dir, base = _root_dir(settings), _base(settings)
    made: list[Checker] = []

    def judge_one(link: Link) -> Unchecked | None:
        if not may_be_local(link.url, base):
            return None
        if not made:
            from linkcheck.local.checker import Checker

            made.append(Checker(Path.cwd(), root_dir, base, settings.slugs, stored))
        return made[0].judge(link)

    return judge_one


def _root_dir(settings: Settings) -> Path | None:
    """The folder that absolute paths count from. One that the repository's file names has to lie in the repository."""
    if not settings.root_dir:
        return None
    name = Settings.root_dir.name
    folder, origin = Path(os.path.abspath(settings.root_dir)), settings.origins[name]  # noqa: PTH100
    if not settings.is_users(name):
        here = Path.cwd()
        if not checkout.holds(checkout.root(here) or here, folder):
            raise SettingsError(
                "the folder leads out of the repository", where=f"{origin}, {name}",
                help=f"{Settings.root_dir.flag} and {Settings.root_dir.variable} may name any folder",
            )  # fmt: skip
    if not folder.is_dir():
        raise SettingsError("there is no such folder", where=f"{origin}, {name}: {folder}", help="name a folder")
    return folder


def _base(settings: Settings) -> str:
    from linkcheck import urls

    if settings.base and not urls.normalise(settings.base):
        where = f"{settings.origins[Settings.base.name]}, {Settings.base.name}"
        raise SettingsError(f"'{settings.base}' is not an http(s) URL", where=where, help="give it with its scheme")
    return settings.base.rstrip("/")
