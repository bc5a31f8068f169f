"""What is behind a failed request, by the exception and its causes."""

from __future__ import annotations

import errno
import ssl

import httpx
import pytest

from linkcheck.fetch import faults
from linkcheck.fetch.faults import ConnectionFailed, fault_of
from linkcheck.model import Fault


def every(kind: type[httpx.RequestError]) -> list[type[httpx.RequestError]]:
    return [kind, *(deeper for sub in kind.__subclasses__() for deeper in every(sub))]


@pytest.mark.parametrize("kind", every(httpx.RequestError), ids=lambda k: k.__name__)
def test_the_table_is_complete(kind: type[httpx.RequestError]) -> None:
    """Each error httpx can raise has its own fault, by its own row or by a parent's before the last."""
    fault, words = fault_of(kind("why"))
    assert isinstance(fault, Fault)
    assert words == "why"
    specific = [row for row in faults._HTTPX[:-1] if issubclass(kind, row[0])]
    assert specific or kind in (
        httpx.RequestError, httpx.TransportError, httpx.ProtocolError, httpx.LocalProtocolError,
        httpx.UnsupportedProtocol, httpx.DecodingError,
    )  # fmt: skip


def caused(cause: BaseException, error: httpx.RequestError | None = None) -> httpx.RequestError:
    error = error or httpx.ConnectError("All connection attempts failed")
    error.__cause__ = cause
    return error


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "why"
    return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (caused(ConnectionFailed(Fault.DNS_NXDOMAIN, "no such name")), Fault.DNS_NXDOMAIN),
        (caused(certificate(10)), Fault.TLS_EXPIRED),
        (caused(certificate(62)), Fault.TLS_WRONG_HOST),
        (caused(certificate(18)), Fault.TLS_SELF_SIGNED),
        (caused(certificate(20)), Fault.TLS_UNKNOWN_ISSUER),
        (caused(certificate(99)), Fault.TLS_CERTIFICATE),
        (caused(ssl.SSLError(1, "[SSL: TLSV1_ALERT] x")), Fault.TLS_HANDSHAKE),
        (caused(ssl.SSLEOFError(8, "EOF")), Fault.CLOSED),
        (caused(ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")), Fault.CONNECT_REFUSED),
        (caused(OSError(errno.ENETUNREACH, "Network is unreachable")), Fault.NO_ROUTE),
        (caused(ExceptionGroup("many", [OSError(errno.ECONNREFUSED, "refused")])), Fault.CONNECT_REFUSED),
        (caused(TimeoutError("late"), httpx.ConnectTimeout("")), Fault.CONNECT_TIMEOUT),
        (caused(OSError(9999, "odd")), Fault.CONNECT_FAILED),
        (caused(OSError(errno.EMFILE, "Too many open files")), Fault.OWN_LIMIT),
        (caused(OSError(errno.ENFILE, "Too many open files in system")), Fault.OWN_LIMIT),
        (caused(OSError(errno.ENOBUFS, "No buffer space available")), Fault.OWN_LIMIT),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), Fault.CLOSED),
        (httpx.RemoteProtocolError("illegal status line"), Fault.PROTOCOL),
        (httpx.ReadError("reset"), Fault.RESET),
        (httpx.ReadTimeout(""), Fault.READ_TIMEOUT),
    ],
)
def test_fault(error: httpx.RequestError, fault: Fault) -> None:
    assert fault_of(error)[0] is fault


def test_a_loop_of_causes_ends() -> None:
    one, other = httpx.ConnectError("one"), OSError("other")
    one.__cause__, other.__cause__ = other, one
    assert fault_of(one)[0] is Fault.CONNECT_FAILED
