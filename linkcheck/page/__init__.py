"""Any page to a Finding: what it says of itself, and signs that it is no page at all."""

from __future__ import annotations

from linkcheck.model import Finding, Observation
from linkcheck.page import charset, metadata

_HTML = ("text/html", "application/xhtml+xml")


def read(seen: Observation) -> Finding:
    """What the page in `seen` says of itself. An error page and what is not HTML say nothing."""
    status = seen.sighting.status
    kind = seen.headers.get("content-type", "").partition(";")[0].strip().lower()
    if status is None or not 200 <= status < 300 or not seen.body:
        return Finding()
    if kind not in _HTML and not (not kind and seen.body.lstrip()[:1] == b"<"):
        return Finding()
    text, _ = charset.decode(seen.body, seen.headers.get("content-type", ""))
    page = metadata.parse(text, seen.sighting.final_url, seen.sighting.at)
    return Finding(metadata=metadata.extract(page), refresh=metadata.refresh(page))
