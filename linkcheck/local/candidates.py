"""Which links may lead into the repository, by their form: the others are passed on before anything is loaded."""

from __future__ import annotations

# Parts of the addresses that forges give to files and versions; see own.py.
_HINTS = (
    "/blob/", "/tree/", "/raw/", "/edit/", "/blame/", "/src/", "/compare/", "/releases/", "/archive/", "/tags/",
    "/media/", "/_edit/", "raw.githubusercontent.com",
)  # fmt: skip


def may_be_local(url: str, base: str = "") -> bool:
    """Whether a link may be a path, or the address of a file or a version on some forge, or begins with `base`."""
    if not url.startswith(("http:", "https:", "//")):
        return True
    return any(hint in url for hint in _HINTS) or (base != "" and url.startswith(base))
