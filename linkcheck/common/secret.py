"""Mask secrets in URLs as `***`: passwords, and the values of query parameters that are known to be secret.

Requests keep them: only what is printed, reported and stored is masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from linkcheck.common.lazy import lazy

SHOWN = "***"

# Parameters whose value lets anybody in who has it: AWS Signature 4 and 2, Google Cloud Storage, OAuth 2 (RFC 6750
# §2.3), and what many services call theirs. (All read 2026-11-24.)
_NAMES = (
    "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "AWSAccessKeyId", "X-Goog-Signature",
    "X-Goog-Credential", "access_token", "refresh_token", "id_token", "auth_token", "private_token", "session_token",
    "client_secret", "api_key", "api-key", "apikey", "token", "jwt", "secret", "password", "passwd", "pwd",
)  # fmt: skip
# `sig` (Azure), `Signature` (CloudFront, S3) and `key` (Google's API keys) have harmless uses: their values decide.
_GOOGLE_KEY = lazy("AIza")
_LONG = lazy(r"[^&#\s]{20}")
_BY_VALUE = {"sig": _LONG, "signature": _LONG, "key": _GOOGLE_KEY}

# The user info before the last `@` of an authority; WHATWG parsers ignore tabs and line breaks there (URL §4.4). If the
# part after a colon is no port, it is a password even if it holds a character that ends the host, or if the `@` is
# escaped: then the text is no valid URL.
_BROKEN = r"[^/\\?#\s@:\[]{0,256}+:(?!\d{0,5}(?:[/\\?#\s]|$))[^\s@]{0,128}?(?:@|%40)"
_USER = rf"(?:[^/\\?# \f\v]{{0,16384}}@|{_BROKEN})"
_NO_OTHER = rf"(?:(?:[^/\\?# \f\v:]|(?<!http)(?<!https):){{0,16384}}@|{_BROKEN})"
_BEHIND_SLASHES = lazy(rf"((?<![/\\])[/\\]{{2,}}+)({_USER})")
_BEHIND_SCHEME = lazy(rf"((?<![A-Za-z0-9+.-])https?:[/\\]?(?![/\\]))({_NO_OTHER})", re.IGNORECASE)
_BEHIND_NOTHING = lazy(
    r"(^(?!https?:|mailto:|xmpp:|sips?:|acct:|im:|git:))([\w.%+-]{1,256}+:[^/\\?#\s@]{1,1024}@)(?=[\w.-]{1,256}[:/?#])"
)
# In a whole link target: a password with blanks, and one that is cut before its `@` (no port has letters).
_WITH_BLANKS = lazy(r"(^(?:https?:)?//)([^/\\?#@:\[]{1,256}:(?! )[^/\\?#@]{0,1024}@)", re.IGNORECASE)
_CUT_OFF = lazy(r"(^https?://)([^/\\?#@:\[\]\s]{1,1024}:)(?!\d{0,5}$)[^/\\?#@]{1,1024}$", re.IGNORECASE)
# The same in a URL inside another's query.
_ESCAPED = lazy(
    r"(%2F%2F)((?:[^/?&#\s%:]|%(?!2F|3A|3F|23)){0,256}+(?::|%3A)(?:[^/?&#\s%]|%(?!2F|3F|23|40)){0,1024}(?:@|%40))",
    re.IGNORECASE,
)
_LONG_NAME = 20  # characters; a name that is as long is a token (`https://TOKEN:x-oauth-basic@github.com`)

_PARAMETER = lazy(
    r"([?&;#%](?:(?<!%)|3F|26|23|3B)((?:[^?&;#=%\s]|%(?!3[BDF]|2[36])){1,100}) ?(?:=|%3D) ?)", re.IGNORECASE
)
_VALUE = lazy(r"[^&#\s]+")


class _Hidden:
    """The query parameters that are hidden in this process, in lower case."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        self.names = frozenset(name.lower() for name in (*_NAMES, *more) if name)


_hidden = [_Hidden()]


def hide(names: Iterable[str]) -> None:
    """Hide the values of these query parameters too."""
    _hidden[0] = _Hidden(names)


def masked(text: str) -> str:
    """`text` with `***` for every secret in its URLs."""
    if "@" in text or "%40" in text:
        for users in (_BEHIND_SLASHES, _BEHIND_SCHEME):
            text = users.sub(_without_password, text)
        text = _ESCAPED.sub(_without_password, text) if "%2" in text else text
    if "=" in text or "%3" in text:
        text = _without_values(text)
    return text


def masked_url(text: str) -> str:
    """`masked` for a whole link target, also if its scheme is missing."""
    text = masked(text)
    if "@" not in text:
        return _CUT_OFF.sub(rf"\1\2{SHOWN}", text)
    for users in (_BEHIND_NOTHING, _WITH_BLANKS):
        text = users.sub(_without_password, text)
    return text


def is_in(text: str) -> bool:
    """Whether there is a secret in `text`."""
    return masked(text) != text


def all_masked(value: object) -> object:
    """A plain value (of dictionaries, lists and the like) with every string masked."""
    if isinstance(value, str):
        return masked_url(value)
    if isinstance(value, dict):
        return {masked(name) if isinstance(name, str) else name: all_masked(one) for name, one in value.items()}
    return [all_masked(one) for one in value] if isinstance(value, list | tuple) else value


def _without_password(found: re.Match[str]) -> str:
    start, user = found.groups()
    end = "@" if user.endswith("@") else user[-3:]
    name, colon, _ = user.partition(":")
    if colon and len(name) < _LONG_NAME:
        return f"{start}{name}:{SHOWN}{end}"
    is_secret = colon or len(user) > _LONG_NAME or "%3a" in user.lower()
    return f"{start}{f'{SHOWN}:' if colon else ''}{SHOWN}{end}" if is_secret else found[0]


def _without_values(text: str) -> str:
    pieces, done = list[str](), 0
    for found in _PARAMETER.finditer(text):
        value = _VALUE.match(text, found.end()) if found.start() >= done and _is_secret(found) else None
        if value:
            pieces += (text[done : found.end()], SHOWN)
            done = value.end()
    return "".join((*pieces, text[done:])) if pieces else text


def _is_secret(found: re.Match[str]) -> bool:
    name = unquote(found[2]).strip().lower() if "%" in found[2] else found[2].lower()
    by_value = _BY_VALUE.get(name)
    return name in _hidden[0].names or (by_value is not None and bool(by_value.match(found.string, found.end())))
