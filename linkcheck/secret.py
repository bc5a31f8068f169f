"""Secrets in URLs, shown and stored as `***`: passwords, and the query parameters that are known to be secret.

What is asked for stays what it is: only what is printed, reported and remembered goes through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SHOWN = "***"

# Parameters whose value lets anybody in who has it: AWS Signature 4 and 2, Google Cloud Storage, OAuth 2 (RFC 6750
# §2.3), and what many services call theirs. (All read 2026-11-24.)
_NAMES = (
    "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "AWSAccessKeyId", "X-Goog-Signature",
    "X-Goog-Credential", "access_token", "refresh_token", "id_token", "auth_token", "private_token", "session_token",
    "client_secret", "api_key", "api-key", "apikey", "token", "jwt", "secret", "password", "passwd", "pwd",
)  # fmt: skip
# `sig` (Azure), `Signature` (CloudFront, S3) and `key` (Google's API keys) have honest uses: their values tell.
_BY_VALUE = r"[?&;#](?:sig|signature)=(?=[^&#\s]{20})|[?&;#]key=(?=AIza)"

# A user's name and a password before the `@`. Where the part behind the colon is no port, it is a password also
# where it holds what ends the host, and the URL is none. A long name without a password is a token.
_USER = (
    r"[^/\\?#\s@:\[]{0,256}(?::|%3A)(?!\d{0,5}(?:[/\\?#\s]|$))(?:[^/\\?#\s]{0,1024}|[^\s@]{0,128})@"
    r"|[^/\\?#\s@:\[]{20,256}@"
)
_PLACES = (
    re.compile(rf"(?<![/\\])([/\\]{{2,}}+)({_USER})", re.IGNORECASE),
    re.compile(rf"(https?:[/\\]?)({_USER})", re.IGNORECASE),
)


_PARAMETER = re.compile(r"[?&;#]([^?&;#=\s]{1,100})=")


class _Hidden:
    """The query parameters that are hidden in this process; `names` are those that may be, in lower case."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        names = [name for name in (*_NAMES, *more) if name]
        self.names = frozenset(name.lower() for name in (*names, "sig", "signature", "key"))
        every = "|".join(map(re.escape, names))
        self.pattern = re.compile(rf"([?&;#](?:{every})=|{_BY_VALUE})[^&#\s]+", re.IGNORECASE)


_hidden = [_Hidden()]


def hide(names: Iterable[str]) -> None:
    """Hide the values of these query parameters too."""
    _hidden[0] = _Hidden(names)


def masked(text: str) -> str:
    """`text` with `***` for every secret in its URLs."""
    if "@" in text:
        for users in _PLACES:
            text = users.sub(_without_password, text)
    if "=" in text and any(name.lower() in _hidden[0].names for name in _PARAMETER.findall(text)):
        text = _hidden[0].pattern.sub(rf"\1{SHOWN}", text)
    return text


def is_in(text: str) -> bool:
    """Whether there is a secret in `text`."""
    return masked(text) != text


def all_masked(value: object) -> object:
    """A plain value (of dictionaries, lists and the like) with every text masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {masked(name) if isinstance(name, str) else name: all_masked(one) for name, one in value.items()}
    return [all_masked(one) for one in value] if isinstance(value, list | tuple) else value


def _without_password(found: re.Match[str]) -> str:
    name, colon, _ = found[2].partition(":")
    return f"{found[1]}{name}:{SHOWN}@" if colon else f"{found[1]}{SHOWN}@"
