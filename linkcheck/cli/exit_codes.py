"""Exit codes of the commands."""

from __future__ import annotations

from linkcheck.cli.output import say
from linkcheck.model import Report

OK, FAILING, ERROR, NO_NETWORK = range(4)


def of(result: Report) -> int:
    """The exit code of a run whose links were judged."""
    return FAILING if result.is_failing else OK


def no_network(result: Report) -> int:
    """Print that the local network does not work."""
    from linkcheck.report import sanitise

    say(f"error: no usable network: {sanitise.clean(result.network_outage, 600)}; nothing was judged")
    say("help: check the connection, the proxy (HTTPS_PROXY) and the name servers, then run again")
    return NO_NETWORK


def cut_off(result: Report) -> int:
    """Print that the local network went down during the run. What was judged is reported, but the run is no success:
    it saw only some of the links."""
    from linkcheck.report import messages

    say(f"error: {messages.outages(result)}")
    say("help: check the connection, then run again: what has answered is not asked again for some minutes")
    return NO_NETWORK
