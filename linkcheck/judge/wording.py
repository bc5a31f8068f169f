"""Reasons and advice that several rules share."""

from __future__ import annotations

from sys import intern

from linkcheck.model import Evidence, Fault, Sighting

FIND_COPY = "find another copy, or take the link out"
FIND_NEW_ADDRESS = "find its new address or an archived copy, or take the link out"
FIND_NEW_HOME = "find the page's new home"
FAULT_MESSAGES = {
    Fault.DNS_NXDOMAIN: "the name is not known",
    Fault.DNS_NODATA: "the name has no address",
    Fault.DNS_SERVFAIL: "the name servers failed",
    Fault.DNS_TIMEOUT: "the name servers did not answer",
    Fault.DNS_FAILED: "the name could not be looked up",
    Fault.ADDRESS_NOT_PUBLIC: "its address is not a public one, so it was not connected to",
    Fault.CONNECT_REFUSED: "the host refused the connection",
    Fault.CONNECT_TIMEOUT: "the host did not answer",
    Fault.NO_ROUTE: "there is no route to the host",
    Fault.CONNECT_FAILED: "no connection could be made",
    Fault.TLS_EXPIRED: "its certificate has expired",
    Fault.TLS_WRONG_HOST: "its certificate is for another host",
    Fault.TLS_SELF_SIGNED: "its certificate is self-signed",
    Fault.TLS_UNKNOWN_ISSUER: "its certificate's issuer is unknown",
    Fault.TLS_CERTIFICATE: "no secure connection could be made",
    Fault.TLS_HANDSHAKE: "no secure connection could be made",
    Fault.PROXY: "the proxy failed",
    Fault.RESET: "the connection was reset",
    Fault.CLOSED: "the connection was closed without an answer",
    Fault.READ_TIMEOUT: "no answer came in time",
    Fault.PROTOCOL: "the answer was not HTTP",
    Fault.TOO_MANY_REDIRECTS: "it redirects without end",
    Fault.BAD_REDIRECT: "it redirects to what is no web address",
    Fault.HELD_BACK: "the host limits the rate of requests",
    Fault.OUT_OF_TIME: "there was no time left to look",
    Fault.OWN_LIMIT: "this machine could not open another connection",
    Fault.INTERNAL_ERROR: "internal error in linkcheck",
}


def status(seen: Sighting) -> str:
    """`HTTP 404`, as one shared string."""
    return intern(f"HTTP {seen.outcome}")


def missing(e: Evidence) -> str:
    """The answers of a missing page."""
    text = status(e.looks[-1])
    return text if len(e.looks) < 2 else f"{text} twice, seconds apart and asked in two ways"


def insecure(fault: Fault) -> str:
    """Why a page was requested without TLS verification."""
    if fault is Fault.TLS_HANDSHAKE:
        return "it speaks only an old form of TLS"
    return "its certificate is not valid" if fault is Fault.TLS_CERTIFICATE else FAULT_MESSAGES[fault]


def use(url: str) -> str:
    return f"use {url}" if url else ""
