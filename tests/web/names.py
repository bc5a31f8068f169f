"""A DNS server on loopback: names to addresses, or to a way of failing."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import cast

from tests.web.cable import Outage

RCODES = {"ok": 0, "servfail": 2, "nxdomain": 3, "refused": 5}


class NameServer(asyncio.DatagramProtocol):
    """`answers` maps a name to addresses, or to one of 'nxdomain', 'servfail', 'refused', 'nodata', 'silent'.

    Any other name does not exist. `asked` logs (name, type).
    """

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, int]] = []
        self._outage: Outage | None = None
        self._transport: asyncio.DatagramTransport | None = None

    def suffer(self, outage: Outage | None) -> None:
        """From now on there is this outage, or none."""
        self._outage = outage

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        name, kind, question = _question(data)
        self.asked.append((name, kind))
        said = self.answers.get(name, "nxdomain")
        if self._outage and name not in self._outage.spared:
            said = self._outage.names
        if said == "silent" or self._transport is None:
            return
        addresses = [] if said in RCODES or said == "nodata" else said.split()
        records = [_record(address) for address in addresses if (":" in address) == (kind == 28)]
        records = records if kind in (1, 28) else []
        header = data[:2] + struct.pack(">HHHHH", 0x8180 | RCODES.get(said, 0), 1, len(records), 0, 0)
        self._transport.sendto(header + question + b"".join(records), addr)


def _question(data: bytes) -> tuple[str, int, bytes]:
    labels, at = [], 12
    while data[at]:
        labels.append(data[at + 1 : at + 1 + data[at]].decode("ascii"))
        at += data[at] + 1
    return ".".join(labels).lower(), struct.unpack(">H", data[at + 1 : at + 3])[0], data[12 : at + 5]


def _record(address: str) -> bytes:
    family, kind = (socket.AF_INET6, 28) if ":" in address else (socket.AF_INET, 1)
    packed = socket.inet_pton(family, address)
    return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(packed)) + packed
