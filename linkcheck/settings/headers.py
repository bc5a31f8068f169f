"""Header fields for single hosts: `[[headers]]` in the user's own config file, and `--header-env`.

The values come from environment variables and never stand in a file. A repository's file has none of this: it could
send any variable of the user to a host of its choice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from linkcheck.common.lazy import lazy
from linkcheck.errors import SettingsError
from linkcheck.settings.option import Option, Tables, shown, shown_place, texts
from linkcheck.settings.policy import host_of, refuse_other_keys, text_of

# RFC 9110 §5.6.2; what frames a message, names its target, or belongs to this connection or to our own reading of it.
_FIELD = lazy(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OURS = frozenset({
    "host", "content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "keep-alive",
    "proxy-connection", "te", "trailer", "upgrade", "expect", "accept-encoding", "range", "if-match", "if-none-match",
    "if-modified-since", "if-unmodified-since", "if-range", "user-agent",
})  # fmt: skip
# A scheme of RFC 9110 §11 may stand before the variable.
_VALUE = lazy(r"(?:(Basic|Bearer|Token|ApiKey) +)?(?:\$|env:)([A-Za-z_][A-Za-z0-9_]{0,200})", re.IGNORECASE)
_VARIABLE = lazy(r"(?:(Basic|Bearer|Token|ApiKey) +)?\$?([A-Za-z_][A-Za-z0-9_]{0,200})", re.IGNORECASE)
_PORT = lazy(r"(.*):(\d{1,5})")
_KEYS = ("host", "send")


class HeaderSource(NamedTuple):
    """One header field for one host: its value is that of `variable`, behind the authentication `scheme` if any.

    `port` is None for that of the scheme. `origin` is the setting, as it is shown.
    """

    host: str
    port: int | None
    field: str
    scheme: str
    variable: str
    origin: str


class HeaderTables(Tables[tuple[HeaderSource, ...]]):
    """`[[headers]]`: a `host`, and in `send` its fields: `{ Authorization = "Bearer $EXAMPLE_TOKEN" }`."""

    def entry(self, table: Mapping[str, Any], place: str) -> tuple[HeaderSource, ...]:
        refuse_other_keys(table, _KEYS, place)
        host, port = _host_and_port(text_of(table, "host", place), place)
        fields = table.get("send")
        if not isinstance(fields, Mapping) or not fields:
            raise SettingsError(
                "an entry needs 'send', a table of its header fields", where=place,
                help='write send = { Authorization = "Bearer $EXAMPLE_TOKEN" }',
            )  # fmt: skip
        return tuple(_source(host, port, name, value, place) for name, value in fields.items())


class HeaderEnv(Option[tuple[HeaderSource, ...]]):
    """`HOST[:PORT]:FIELD=[SCHEME ]VARIABLE`."""

    is_list = adds = True
    nouns = "field", "fields"

    def parse(self, value: object, place: str) -> tuple[HeaderSource, ...]:
        return tuple(_flagged(text, place) for text in texts(self, value, place))

    def merge(self, earlier: tuple[HeaderSource, ...], later: tuple[HeaderSource, ...]) -> tuple[HeaderSource, ...]:
        return (*later, *earlier)


def _flagged(text: str, place: str) -> HeaderSource:
    target, equals, variable = text.partition("=")
    host, colon, name = target.rpartition(":")
    found = _VARIABLE.fullmatch(variable.strip())
    if not (equals and colon and found):
        raise SettingsError(
            "it is not HOST:FIELD=VARIABLE", where=place,
            help="write as in api.example.com:Authorization=EXAMPLE_TOKEN, with the variable's name, not its value",
        )  # fmt: skip
    return HeaderSource(*_host_and_port(host, place), _field(name, place), *_named(found), shown_place(place))


def _source(host: str, port: int | None, name: str, value: object, place: str) -> HeaderSource:
    found = _VALUE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:  # not shown: it may be a secret
        raise SettingsError(
            f"the value of {shown(name)} has to come from a variable, so that no secret stands in a file", where=place,
            help='write "$NAME" with the name of an environment variable, or "Bearer $NAME"',
        )  # fmt: skip
    return HeaderSource(host, port, _field(name, place), *_named(found), shown_place(place))


def _named(found: re.Match[str]) -> tuple[str, str]:
    return found[1] or "", found[2]


def _field(name: str, place: str) -> str:
    """A valid name of a header field (RFC 9110 §5.1). Raises SettingsError."""
    if not _FIELD.fullmatch(name):
        raise SettingsError(f"{shown(name)} is no name of a header field", where=place)
    if name.lower() in _OURS or name.lower().startswith("proxy-"):
        raise SettingsError(f"the header field {shown(name)} is linkcheck's own", where=place, help="leave it out")
    return name


def _host_and_port(text: str, place: str) -> tuple[str, int | None]:
    """The host of `HOST` or `HOST:PORT`; an IPv6 address stands in brackets. Raises SettingsError."""
    if found := _PORT.fullmatch(text):
        host, port = found[1], int(found[2])
    else:
        host, port = text, None
    if port is not None and not 0 < port < 65_536:
        raise SettingsError(f"{shown(text)} has no possible port", where=place)
    if host.startswith("["):
        return _address(host, place), port
    if host.startswith("*"):
        raise SettingsError(f"{shown(text)} is no host", where=place, help="header fields are sent to one host only")
    return host_of(host, place), port


def _address(text: str, place: str) -> str:
    from ipaddress import AddressValueError, IPv6Address

    try:
        return str(IPv6Address(text.strip("[]")))
    except AddressValueError as error:
        raise SettingsError(f"{shown(text)} is no IPv6 address", where=place) from error
