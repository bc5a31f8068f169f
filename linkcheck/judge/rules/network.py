"""No usable HTTP answer: names, addresses, connections, rate limits, internal errors."""

from __future__ import annotations

from linkcheck.contracts import Needs, Rule
from linkcheck.judge import addresses, facts, wording
from linkcheck.model import Confidence, Evidence, Fault, State, Verdict


def internal_error(trouble: str) -> Verdict:
    """Verdict for an internal error; `trouble` describes it."""
    reason = f"{wording.FAULT_MESSAGES[Fault.INTERNAL_ERROR]}: {trouble}"
    return Verdict(State.UNREACHABLE, "internal-error", reason, Confidence.LIKELY)


def _internal_error(e: Evidence) -> Verdict | None:
    if e.looks and facts.is_internal_error(e.looks[-1]):
        return internal_error(e.looks[-1].detail)
    if e.probe is not None and facts.is_internal_error(e.probe.sighting):
        return internal_error(e.probe.sighting.detail)
    return None


INTERNAL_ERROR = Rule(
    "internal-error",
    (State.UNREACHABLE,),
    "linkcheck failed on the data of the page, its server or the list. The reason says how and where.",
    "It says nothing about the link. Nothing of it is stored, so the link is checked again in the next run. "
    "Please report it, with a recording (`--record FILE`).",
    "A page that a parser failed on.",
    "docs/security.md",
    _internal_error,
)


def _no_such_host(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if last.fault not in (Fault.DNS_NXDOMAIN, Fault.DNS_NODATA) or not e.resolver_works:
        return None
    is_unknown = last.fault is Fault.DNS_NXDOMAIN
    what = "does not exist" if is_unknown else "has no address"
    detail = f"; {last.detail}" if is_unknown and last.detail else ""
    reason = f"the name {addresses.host(last.final_url)} {what}, by two queries{detail}"
    advice = "look for the page's new home, or use an archived copy"
    return Verdict(State.DEAD, "no-such-host", reason, Confidence.LIKELY, advice)


NO_SUCH_HOST = Rule(
    "no-such-host",
    (State.DEAD,),
    "The name does not exist, or has no address, by two queries, while other names resolve.",
    "A resolver that fails must not kill links: SERVFAIL and time-outs are `unreachable`.",
    "NXDOMAIN for the host of a site that was given up.",
    "RFC 8020; RFC 2308 §2.2",
    _no_such_host,
    needs=Needs.FAULT,
)


def _rate_limited(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if last.status == 429:
        return Verdict(State.BLOCKED, "rate-limited", last.detail or wording.status(last))
    if last.fault is Fault.HELD_BACK:
        return Verdict(State.BLOCKED, "rate-limited", last.detail or wording.FAULT_MESSAGES[Fault.HELD_BACK])
    return None


RATE_LIMITED = Rule(
    "rate-limited",
    (State.BLOCKED,),
    "The host asked us to wait longer than a run lasts, or went on limiting the rate.",
    "That is about our requests, not about the page.",
    "HTTP 429 with `Retry-After: 3600`.",
    "RFC 6585 §4; RFC 9110 §10.2.3",
    _rate_limited,
    needs=Needs.LOOK,
)


def _address_not_public(e: Evidence) -> Verdict | None:
    last = e.looks[-1]
    if last.fault is not Fault.ADDRESS_NOT_PUBLIC:
        return None
    advice = "allow it with --allow-private, or leave it out with --exclude"
    return Verdict(State.UNREACHABLE, "address-not-public", last.detail, advice=advice)


ADDRESS_NOT_PUBLIC = Rule(
    "address-not-public",
    (State.UNREACHABLE,),
    "The name resolves to an address of a private network, or the port is that of another protocol, so no connection "
    "was made, nor was a proxy asked.",
    "A list must not be able to send requests to the network that linkcheck runs in. `--allow-private` allows it.",
    "http://169.254.169.254/",
    "IANA special-purpose registries (RFC 6890); WHATWG Fetch, port blocking",
    _address_not_public,
    needs=Needs.FAULT,
)


def _fault_rule(fault: Fault) -> Rule:
    """The rule for one fault, which has the fault's name."""
    message = wording.FAULT_MESSAGES[fault]

    def check(e: Evidence) -> Verdict | None:
        last = e.looks[-1]
        if last.outcome is not fault:
            return None
        times = f", asked {last.attempts} times" if last.attempts > 1 else ""
        detail = f" ({last.detail})" if last.detail and last.detail not in message else ""
        return Verdict(State.UNREACHABLE, fault.value, f"{message}{times}{detail}", Confidence.LIKELY)

    return Rule(
        fault.value,
        (State.UNREACHABLE,),
        f"No HTTP answer: {message}.",
        "Network faults prove nothing in one run: 26 of 26 time-outs of another tool's run were alive.",
        source="emmabostian/developer-portfolios#4099; docs/verdicts.md, Unreachable",
        check=check,
        needs=Needs.FAULT,
    )


_WITH_RULES_OF_THEIR_OWN = (Fault.ADDRESS_NOT_PUBLIC, Fault.HELD_BACK, Fault.INTERNAL_ERROR)
FAULTS = tuple(_fault_rule(fault) for fault in Fault if fault not in _WITH_RULES_OF_THEIR_OWN)
