"""`linkcheck links`: which URLs would be checked, without any request."""

from __future__ import annotations

from collections.abc import Sequence

from linkcheck.cli import exit_codes, inputs, output, wiring
from linkcheck.plan import sort
from linkcheck.report import links
from linkcheck.settings import Settings


def command(paths: Sequence[str], settings: Settings) -> int:
    """Print the links of lists."""
    choice, found = wiring.choice(settings), inputs.documents(paths)
    output.warn(found.all_notices)
    sorted_links = ((link, sort(link, choice)) for document in found.documents for link in document.links)
    is_json = settings.format == "json"
    output.show(links.as_json(found.documents, sorted_links) if is_json else links.as_lines(sorted_links))
    return exit_codes.OK
