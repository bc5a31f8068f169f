"""Names of hosts."""

from __future__ import annotations


def is_within(host: str, domain: str) -> bool:
    """Whether `host` is `domain` or a sub-domain of it."""
    return host == domain or host.endswith(f".{domain}")
