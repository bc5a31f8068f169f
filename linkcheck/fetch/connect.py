"""Open connections to checked addresses by Happy Eyeballs (RFC 8305)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence

import httpx

from linkcheck.fetch.http1 import Connection
from linkcheck.fetch.room import has_room

_NEXT_AFTER_S = 0.25  # RFC 8305 §5, "Connection Attempt Delay"


async def connect(addresses: Sequence[str], port: int, tls: ssl.SSLContext | None, host: str) -> Connection:
    """Connect, with TLS, to the first address that answers. Raises httpx.ConnectError."""
    if len(addresses) == 1:
        return await _connect_one(addresses[0], port, tls, host)
    waiting = list(addresses)
    running: set[asyncio.Task[Connection]] = set()
    errors: list[BaseException] = []
    try:
        while waiting or running:
            if waiting and (not running or has_room()):
                running.add(asyncio.create_task(_connect_one(waiting.pop(0), port, tls, host)))
            pause = _NEXT_AFTER_S if waiting else None
            await asyncio.wait(running, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            for task in [task for task in running if task.done()]:
                running.remove(task)
                error = task.exception()
                if error is None:
                    return task.result()
                errors.append(error)
        raise errors[0]
    finally:
        for task in running:
            task.cancel()
            task.add_done_callback(_close_late_winner)


async def _connect_one(address: str, port: int, tls: ssl.SSLContext | None, host: str) -> Connection:
    loop = asyncio.get_running_loop()
    try:
        _, connection = await loop.create_connection(lambda: Connection(tls, host, loop), address, port)
    except OSError as error:
        raise httpx.ConnectError(str(error)) from error
    except ValueError as error:  # a host name that is invalid for SNI
        raise httpx.ConnectError(str(error)) from error
    try:
        await connection.ready
    except BaseException:
        connection.abort()
        raise
    return connection


def _close_late_winner(task: asyncio.Task[Connection]) -> None:
    """Close the connection of an attempt that finished after the first."""
    if not task.cancelled() and task.exception() is None:
        task.result().abort()
