"""The user's own header fields: their values, from environment variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from linkcheck.cli.output import say
from linkcheck.common.lazy import lazy
from linkcheck.errors import SettingsError
from linkcheck.settings import Settings

if TYPE_CHECKING:
    from linkcheck.fetch.headers import HostHeader, OwnHeaders
    from linkcheck.settings.headers import HeaderSource

# RFC 9110 §5.5, without what is not ASCII.
_VALUE = lazy(r"[!-~](?:[ -~]{0,8190}[!-~])?")


def of(settings: Settings, environment: Mapping[str, str]) -> OwnHeaders | None:
    """The header fields that the settings name. Prints a warning for each whose variable is not set. Raises
    SettingsError for a value that cannot be sent."""
    sources = (*settings.header_env, *(one for entry in settings.headers for one in entry))
    if not sources:
        return None
    from linkcheck.fetch.headers import OwnHeaders

    return OwnHeaders(header for one in sources for header in _header(one, environment))


def _header(one: HeaderSource, environment: Mapping[str, str]) -> Iterator[HostHeader]:
    from linkcheck.fetch.headers import HostHeader

    value = environment.get(one.variable, "").strip()
    if not value:
        say(f"warning: {one.field} is not sent to {one.host}: the variable {one.variable} is not set ({one.origin})")
        return
    whole = f"{one.scheme} {value}" if one.scheme else value
    if not _VALUE.fullmatch(whole):
        raise SettingsError(
            f"the value of {one.variable} cannot be sent in a header field", where=one.origin,
            help="it has to be one line of printable ASCII",
        )  # fmt: skip
    yield HostHeader(one.host, one.port, one.field, whole)
