"""What a command ends with."""

from __future__ import annotations

from linkcheck.cli.output import say
from linkcheck.model import Report
from linkcheck.report import messages

OK, FAILING, ERROR, NO_NETWORK = range(4)


def of(result: Report) -> int:
    """The exit code of a run whose links were judged."""
    return FAILING if result.is_failing else OK


def no_network(result: Report) -> int:
    """Say that our own network does not work."""
    say(f"error: no usable network: {messages.clean(result.sick_network, 600)}; nothing was judged")
    say("help: check the connection, the proxy (HTTPS_PROXY) and the name servers, then run again")
    return NO_NETWORK


def cut_off(result: Report) -> int:
    """Say that our own network went away. What was judged is reported; but a run that saw a part of the links cannot
    say that none fails."""
    say(f"error: {messages.outages(result)}")
    say("help: check the connection, then run again: what has answered is not asked again for some minutes")
    return NO_NETWORK
