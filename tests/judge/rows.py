"""One case for each rule that evidence can lead to: evidence, when it was seen, and what is said by it."""

from __future__ import annotations

from linkcheck.model import Evidence, Fault, Finding, Flag, Presence, SignatureKind, State
from tests.judge.values import HERE, NOT_FOUND, earlier, evidence, match, redirected, shown, swapped

_FAULTS = [fault for fault in Fault if fault not in (Fault.ADDRESS_NOT_PUBLIC, Fault.HELD_BACK, Fault.INTERNAL_ERROR)]
ROWS: dict[str, Evidence] = {
    "site-denies": evidence(200, site=Finding(Presence.ABSENT, "deleted")),
    "site-restricts": evidence(200, site=Finding(Presence.RESTRICTED, "private")),
    "withdrawn": evidence(404, 404, site=Finding(Presence.PRESENT, flags={Flag.WITHDRAWN: "x"}, ask_page=True)),
    "site-confirms": evidence(403, site=Finding(Presence.PRESENT, "listed")),
    "internal-error": evidence(Fault.INTERNAL_ERROR),
    "bot-screen": shown(match(SignatureKind.CHALLENGE)),
    "consent-page": shown(match(SignatureKind.CONSENT)),
    "parked-domain": shown(match(SignatureKind.PARKED)),
    "suspended-site": shown(match(SignatureKind.SUSPENDED)),
    "placeholder-page": shown(match(SignatureKind.PLACEHOLDER)),
    "platform-missing": shown(match(SignatureKind.MISSING)),
    "no-such-host": evidence(Fault.DNS_NXDOMAIN, resolver_works=True),
    "rate-limited": evidence(429),
    "address-not-public": evidence(Fault.ADDRESS_NOT_PUBLIC),
    **{fault.value: evidence(fault) for fault in _FAULTS},
    "http-gone": evidence(410),
    "http-not-found": evidence(404, 404),
    "unconfirmed": evidence(404),
    "http-restricted": evidence(451),
    "http-refused": evidence(403),
    "http-server-error": evidence(503),
    "http-unexplained": evidence(406),
    "login-wall": shown(match(SignatureKind.LOGIN)),
    "soft-404": shown(NOT_FOUND),
    "hijacked": swapped("Slot gacor"),
    "sent-to-error-page": redirected("https://a.example/404"),
    "sent-home": redirected("https://a.example/"),
    "not-a-pdf": shown(url="https://a.example/x.pdf"),
    "moved-permanently": redirected("https://a.example/other/place", 301),
    "http-ok": evidence(200),
    "not-looked-at": Evidence(HERE),
    "failing-since": evidence(404, 404, past=earlier((8, State.OK))),
    "unreachable-for-long": evidence(503, past=earlier((9, State.UNREACHABLE), (4, State.UNREACHABLE))),
}
