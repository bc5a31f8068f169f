"""Exceptions of libraries to `model.Fault`: one table, and a test that it is complete.

httpx reports *that* a connection failed; the reason is in the chain of causes (ssl, socket, our resolver). The chain
is searched first, then the type of the httpx error decides.
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator

import httpx

from linkcheck.model import Fault

# X509_V_ERR_* of OpenSSL, x509_vfy.h (3.0).
_CERTIFICATE = {
    10: Fault.TLS_EXPIRED,
    18: Fault.TLS_SELF_SIGNED,
    19: Fault.TLS_SELF_SIGNED,
    2: Fault.TLS_UNKNOWN_ISSUER,
    20: Fault.TLS_UNKNOWN_ISSUER,
    21: Fault.TLS_UNKNOWN_ISSUER,
    62: Fault.TLS_WRONG_HOST,
    64: Fault.TLS_WRONG_HOST,
}
_ERRNO = {
    errno.ECONNREFUSED: Fault.CONNECT_REFUSED,
    errno.ECONNRESET: Fault.RESET,
    errno.ECONNABORTED: Fault.RESET,
    errno.EPIPE: Fault.RESET,
    errno.ETIMEDOUT: Fault.CONNECT_TIMEOUT,
    errno.EHOSTUNREACH: Fault.NO_ROUTE,
    errno.ENETUNREACH: Fault.NO_ROUTE,
    errno.EADDRNOTAVAIL: Fault.NO_ROUTE,
    errno.EMFILE: Fault.OWN_LIMIT,
    errno.ENFILE: Fault.OWN_LIMIT,
    errno.ENOBUFS: Fault.OWN_LIMIT,
    errno.ENOMEM: Fault.OWN_LIMIT,
}
_HTTPX: tuple[tuple[type[httpx.RequestError], Fault], ...] = (
    (httpx.ConnectTimeout, Fault.CONNECT_TIMEOUT),
    (httpx.PoolTimeout, Fault.CONNECT_TIMEOUT),
    (httpx.TimeoutException, Fault.READ_TIMEOUT),
    (httpx.ProxyError, Fault.PROXY),
    (httpx.ConnectError, Fault.CONNECT_FAILED),
    (httpx.NetworkError, Fault.RESET),
    (httpx.RemoteProtocolError, Fault.PROTOCOL),
    (httpx.TooManyRedirects, Fault.TOO_MANY_REDIRECTS),
    (httpx.RequestError, Fault.PROTOCOL),
)
CERTIFICATE_FAULTS = frozenset(
    {Fault.TLS_EXPIRED, Fault.TLS_SELF_SIGNED, Fault.TLS_UNKNOWN_ISSUER, Fault.TLS_WRONG_HOST, Fault.TLS_CERTIFICATE}
)


class ConnectionFailed(Exception):
    """A failed connection whose fault is known: raised by our code below httpx."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


def caused(error: httpx.RequestError, cause: BaseException) -> httpx.RequestError:
    """`error` with its cause set."""
    error.__cause__ = cause
    return error


def fault_of(error: httpx.RequestError) -> tuple[Fault, str]:
    """The fault behind a failed request, and the line of evidence."""
    for cause in _causes(error):
        known = _known(cause)
        if known is not None:
            return known, _message(cause)
    fault = next(fault for kind, fault in _HTTPX if isinstance(error, kind))
    if fault is Fault.PROTOCOL and "disconnected" in str(error):
        fault = Fault.CLOSED
    return fault, _message(error)


def _known(cause: BaseException) -> Fault | None:
    match cause:
        case ConnectionFailed():
            return cause.fault
        case ssl.SSLCertVerificationError():
            return _CERTIFICATE.get(cause.verify_code, Fault.TLS_CERTIFICATE)
        case ssl.SSLZeroReturnError() | ssl.SSLEOFError():
            return Fault.CLOSED
        case ssl.SSLError():
            return Fault.TLS_HANDSHAKE
        case OSError() if not isinstance(cause, TimeoutError):
            return _ERRNO.get(cause.errno or 0)
        case _:
            return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and its causes, exception groups expanded, each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__context__, one.__cause__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _message(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message or str(error)
    if isinstance(error, ssl.SSLError):
        return (getattr(error, "reason", None) or str(error)).replace("_", " ").lower()
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__
