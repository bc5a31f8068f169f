"""Sightings: how a URL behaved at one time. Facts, never judgements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from linkcheck.model.base import NOTHING, Status, Time, Url, Value
from linkcheck.model.requests import Hop, Request


class Fault(StrEnum):
    """Why there was no HTTP answer. Each is a fact about the network, never a verdict; the last is an internal error
    of linkcheck, which is never stored."""

    DNS_NXDOMAIN = "dns-nxdomain"
    DNS_NODATA = "dns-nodata"
    DNS_SERVFAIL = "dns-servfail"
    DNS_TIMEOUT = "dns-timeout"
    DNS_FAILED = "dns-failed"
    ADDRESS_NOT_PUBLIC = "address-not-public"
    CONNECT_REFUSED = "connect-refused"
    CONNECT_TIMEOUT = "connect-timeout"
    NO_ROUTE = "no-route"
    CONNECT_FAILED = "connect-failed"
    TLS_EXPIRED = "tls-expired"
    TLS_WRONG_HOST = "tls-wrong-host"
    TLS_SELF_SIGNED = "tls-self-signed"
    TLS_UNKNOWN_ISSUER = "tls-unknown-issuer"
    TLS_CERTIFICATE = "tls-certificate"
    TLS_HANDSHAKE = "tls-handshake"
    PROXY = "proxy"
    RESET = "reset"
    CLOSED = "closed"
    READ_TIMEOUT = "read-timeout"
    PROTOCOL = "protocol"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    BAD_REDIRECT = "bad-redirect"
    HELD_BACK = "held-back"
    OUT_OF_TIME = "out-of-time"
    OWN_LIMIT = "own-limit"
    INTERNAL_ERROR = "internal-error"


class Sighting(Value, frozen=True):
    """One observation of how a URL behaved at one time.

    `outcome` is an HTTP status or a Fault, `final_url` where the redirects ended. `insecure` is
    the TLS fault that led to a request without verification; `attempts` counts requests for the last
    hop, `elapsed_s` everything including waits; `detail` is a message with the evidence. `etag` and
    `modified` are the answer's validators (RFC 9110 §8.8).
    """

    at: Time
    outcome: Status | Fault
    final_url: Url
    hops: tuple[Hop, ...] = ()
    attempts: int = 1
    elapsed_s: float = 0.0
    insecure: Fault | None = None
    retry_after_s: float | None = None
    detail: str = ""
    look: int = 1
    etag: str = ""
    modified: str = ""

    @property
    def status(self) -> int | None:
        return self.outcome if isinstance(self.outcome, int) else None

    @property
    def fault(self) -> Fault | None:
        return None if isinstance(self.outcome, int) else self.outcome

    @property
    def is_success(self) -> bool:
        """2xx (RFC 9110 §15.3)."""
        return isinstance(self.outcome, int) and 200 <= self.outcome < 300


class Observation(Value, frozen=True):
    """A sighting with the headers and body of its answer; discarded once it has been parsed.

    `headers` have lower-case names; `body` has its content coding decoded and is at most
    `request.max_bytes` long; `complete` says that it is the whole body. `peer` is the address that sent it,
    '' if unknown; `asked_s` is how long the chain's requests took without waits.
    """

    request: Request
    sighting: Sighting
    headers: Mapping[str, str] = NOTHING
    body: bytes = b""
    complete: bool = True
    peer: str = ""
    asked_s: float = 0.0


class Exchange(Value, frozen=True):
    """One request and its outcome, passed to observers. `detail` is a message with the evidence.

    `is_canary`: it was sent only to test the local network.
    """

    at: datetime
    url: Url
    outcome: int | Fault
    request_headers: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    complete: bool = True
    detail: str = ""
    elapsed_s: float = 0.0
    is_lenient: bool = False
    is_canary: bool = False
