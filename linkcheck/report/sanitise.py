"""Sanitise untrusted text for display: no secrets, no invisible characters, no CI commands.

Titles, reasons and URLs get into terminals, Markdown pages, CI logs and YAML files: invisible characters
(common/invisible.py) are removed, commands of CI systems are broken up, secrets are masked, lengths are bounded. Each
format escapes its own special characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite
from typing import Any

from linkcheck import urls
from linkcheck.common import secret
from linkcheck.common.invisible import JOINERS, UNSEEN, is_seen, visible
from linkcheck.common.lazy import lazy

# The second character of the start of a command, which is inert without it. GitHub Actions takes `::name …::` at
# the start of a line and `##[name]` anywhere (actions/runner, ActionCommand.cs), Azure Pipelines `##vso[` and `##[`,
# TeamCity `##teamcity[`; GitLab and Travis fold at `section_start:` and `travis_fold:`. (All read 2026-11-24.)
_COMMAND = lazy(
    r"(?<=#)#(?=\w*\[)"
    r"|(?<=:)(?<!\w:):(?=[A-Za-z][\w-]*(?:\s[^\n]*?)?::)"
    r"|(?:(?<=section_start)|(?<=section_end)|(?<=travis_fold)|(?<=travis_time)):"
)
_MARKDOWN = lazy(r"([\\`*_\[\]<>#|~$]|&(?=#?\w+;))")
_MARKDOWN_START = lazy(r"^(\d+)([.)])|^([-+:=])")
# Text that GitHub turns into links, images and formulas even if it is escaped, but never in code: mentions, mail
# addresses, URLs, issues, advisories, commits, emoji, mathematics.
# (https://docs.github.com/en/get-started/writing-on-github, read 2026-11-24)
_LIVELY = lazy(
    r"[@$]|://|www\.|#\d|(?:GH|GHSA|CVE)-|(?<![^\W_])[0-9a-f]{7,64}(?![^\W_])|:(?-i:[0-9]*[a-z_+-][a-z0-9_+-]*|100|1234):|(?:mailto|xmpp):",
    re.IGNORECASE,
)
_NOT_IN_TARGETS = lazy(r"[()<>\\]")
_LONG_FENCE = lazy("`{20,}")  # cmark-gfm accepts no fence of more than 80 backticks (inlines.c, MAXBACKTICKS)
MAX_TEXT = 300
MAX_URL = 2_000
_MOST_BLANKS = 20  # characters read for each that remains after blanks are collapsed


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """One line of sanitised text without secrets, truncated to `limit` characters."""
    if not text:
        return ""
    text = text[: _MOST_BLANKS * limit]
    if not text.isascii() or not text.isprintable():
        text = visible(text)
    if "  " in text or text[:1] == " " or text[-1:] == " " or not text.isprintable():
        text = " ".join(text.split())
    if "@" in text or "=" in text or "::" in text or "##" in text or "_" in text:  # rare
        text = safe(text)
    return text if len(text) <= limit else _cut(text, limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip(JOINERS) + "…"


def line(text: str) -> str:
    """One of our messages with untrusted text in it, sanitised and masked; its blanks stay."""
    return safe(visible(text))


def safe(text: str) -> str:
    """`text` without secrets and commands; invisible characters stay."""
    return _break_commands(secret.masked(text), " {}".format)


def url(text: str) -> str:
    """A URL as text: blanks, invisible characters and commands are escaped, not removed."""
    if not text:
        return ""
    text = secret.masked_url(text)
    if not (text.isascii() and text.isprintable()) or " " in text:
        text = secret.masked("".join(c if c.isprintable() and c != " " else _percent(c) for c in text))
    return _cut(_escape_unsafe(text, _percent), MAX_URL)


def written_url(text: str) -> str:
    """A URL as text, as by `url`, but with its blanks, which may be what is wrong with it."""
    if " " not in text:
        return url(text)
    return clean(secret.masked_url(text), MAX_URL)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode(errors="replace"))


def path(text: str) -> str:
    """A path at the start of a line, where CI systems look for commands (`::`, `---`, `##`)."""
    shown = clean(text)
    return shown if shown[:1].isalnum() or shown[:1] in ("", *"./\\_~<") else f"./{shown}"


# -- Markdown --------------------------------------------------------------------------------


def markdown(text: str, limit: int = MAX_TEXT) -> str:
    """`text` escaped for Markdown, and GitHub's, so that it is rendered literally: no link, image, HTML or mention.

    Text that GitHub would transform is put in a code span, which it leaves unchanged; the rest is escaped.
    """
    shown = clean(text, limit)
    if not _LIVELY.search(shown):
        return _escape_markdown(shown)
    return " ".join(_word(word) for word in shown.split(" "))


def prose(text: str) -> str:
    """One of our messages for Markdown, with URLs in it that can be copied."""
    return markdown(text, 2_500)


def _word(word: str) -> str:
    if not _LIVELY.search(word):
        return _escape_markdown(word)
    inner = word.lstrip("(\"'")
    lively = inner.rstrip(")\"',.;:!?…") or inner
    return f"{word[: len(word) - len(inner)]}{code(lively)}{_escape_markdown(inner[len(lively) :])}"


def code(text: str) -> str:
    """`text` as a Markdown code span, with a fence longer than any run of backticks in it."""
    shown = _LONG_FENCE.sub("…", clean(text, MAX_URL))
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _escape_markdown(text: str) -> str:
    shown = _MARKDOWN.sub(r"\\\1", text)
    return _MARKDOWN_START.sub(lambda m: m[0][:-1] + "\\" + m[0][-1], shown)


def markdown_link(text: str, target: str) -> str:
    """A Markdown link whose destination cannot break out of its brackets; only text if the target is no http(s) URL."""
    shown = markdown(text) or "link"
    if urls.scheme(target) not in urls.CHECKED_SCHEMES and not target.startswith("//"):
        return shown
    where = _NOT_IN_TARGETS.sub(lambda found: _percent(found[0]), url(target)).replace("&", "&amp;")
    return f"[{shown}]({where})"


# -- JSON ------------------------------------------------------------------------------------


def json_text(value: Any) -> str:
    """`value` as one line of JSON without secrets, whose strings are inert in a terminal or a CI log."""
    import json  # loaded lazily: other formats do not need it

    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:  # NaN and infinity are not valid JSON (RFC 8259 §6)
        value = _finite(value)
        text = json.dumps(value, ensure_ascii=False)
    if "@" in text or secret.is_in(text):  # an escape, or the start of a string, may hide one
        text = json.dumps(secret.all_masked(value), ensure_ascii=False)
    return _escape_unsafe(text, _json_escape)


def _finite(value: Any) -> Any:
    """`value` with None for NaN and infinity."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _json_escape(char: str) -> str:
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


# -- commands of CI systems ------------------------------------------------------------------


def _break_commands(text: str, change: Callable[[str], str]) -> str:
    """`text` with `change` applied to the characters that make CI commands of parts of it."""
    if "##" in text or "::" in text or "section_" in text or "travis_" in text:
        return _COMMAND.sub(lambda found: change(found[0]), text)
    return text


def _escape_unsafe(text: str, escape: Callable[[str], str]) -> str:
    """`text` with `escape` applied to invisible characters and CI commands."""
    if not is_seen(text):
        text = UNSEEN.sub(lambda found: escape(found[0]), text)
    return _break_commands(text, escape)
