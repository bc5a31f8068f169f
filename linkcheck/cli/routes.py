"""Parse --connect-to, --dns and --second-dns: the name servers, and replacements of hosts."""

from __future__ import annotations

from typing import NamedTuple

from linkcheck.errors import SettingsError
from linkcheck.settings import Settings

_PORT_DIGITS = 5


class HostRouting(NamedTuple):
    """`connect_to` has (host, port, other host, other port); an empty host or port 0 matches any, or keeps the
    original. A name server of '' is the system's."""

    connect_to: tuple[tuple[str, int, str, int], ...]
    dns: str
    second_dns: str


def route(settings: Settings) -> HostRouting:
    """Validate the options early, and without loading a network library. Raises SettingsError."""
    return HostRouting(
        tuple(map(connect_to, settings.connect_to)),
        name_server(settings.dns, "--dns"),
        name_server(settings.second_dns, "--second-dns"),
    )


def connect_to(text: str) -> tuple[str, int, str, int]:
    """HOST1:PORT1:HOST2:PORT2 (curl's manual, --connect-to). Raises SettingsError."""
    parts = _split(text)
    if len(parts) != 4 or not all(part == "" or _is_port(part) for part in (parts[1], parts[3])):
        raise SettingsError(
            f"'{text}' is not HOST1:PORT1:HOST2:PORT2", where="--connect-to", help="as in curl; any part may be empty"
        )
    return parts[0].lower(), int(parts[1] or 0), parts[2], int(parts[3] or 0)


def name_server(text: str, place: str) -> str:
    """`text` if it is '' or an IP address, with or without a port. Raises SettingsError."""
    if not text:
        return ""
    from linkcheck.fetch.guard import is_address

    address, _, port = text.rpartition(":") if text.count(":") == 1 or text.startswith("[") else (text, "", "")
    address = address.strip("[]") if address else text
    if not is_address(address) or (port and not _is_port(port)):
        raise SettingsError(f"'{text}' is not an address", where=place, help="an IP address, with :PORT if not 53")
    return text


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _PORT_DIGITS


def _split(text: str) -> list[str]:
    """Split at colons outside brackets (`[::1]`)."""
    parts, is_inside = [""], False
    for char in text:
        if char in "[]":
            is_inside = char == "["
        elif char == ":" and not is_inside:
            parts.append("")
        else:
            parts[-1] += char
    return parts
