"""Exit codes of the commands."""

from __future__ import annotations

from linkcheck.cli.output import say
from linkcheck.model import Report, State

OK, FAILING, ERROR, NO_NETWORK = range(4)


def of(result: Report) -> int:
    """The exit code of a run whose links were judged."""
    return FAILING if result.is_failing else OK


def no_network(result: Report, consequence: str = "") -> int:
    """Print that the local network does not work, and the `consequence`: by default, what was judged."""
    from linkcheck.report import sanitise

    is_judged = any(one.verdict.state is not State.SKIPPED for one in result.checked)
    consequence = consequence or ("only links that need no request were judged" if is_judged else "nothing was judged")
    say(f"error: no usable network: {sanitise.clean(result.network_outage, 600)}; {consequence}")
    say("help: check the connection, the proxy (HTTPS_PROXY) and the name servers, then run again")
    return NO_NETWORK


def cut_off(result: Report) -> int:
    """Print that the local network went down during the run. What was judged is reported, but the run is no success:
    it saw only some of the links."""
    from linkcheck.report import messages

    say(f"error: {messages.outages(result)}")
    say("help: check the connection, then run again: what has answered is not asked again for some minutes")
    return NO_NETWORK
