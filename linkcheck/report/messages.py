"""Words that every format shares, and the cleaning of words that come from the web.

Titles, reasons and URLs are written by strangers and land in terminals, Markdown pages, CI logs
and YAML files: what is not seen (unseen.py) and what commands (harmless.py) goes, secrets are hidden, lengths
are bounded, and each format escapes what is special to it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any, TypeVar

from linkcheck import HOME_PAGE, urls
from linkcheck.common import secret
from linkcheck.common.boundary import trouble_of
from linkcheck.common.invisible import JOINERS, visible
from linkcheck.model import Change, Checked, Flag, Link, Report, State, Verdict
from linkcheck.report import harmless

T = TypeVar("T")

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$]|&(?=#?\w+;))")
_MARKDOWN_START = re.compile(r"^(\d+)([.)])|^([-+:=])")
# What GitHub turns into links, pictures and formulas in the text of a rendered page, whatever is escaped, but never
# in code: mentions, mail addresses, URLs, issues, advisories, commits, emoji, mathematics.
# (https://docs.github.com/en/get-started/writing-on-github, read 2026-11-24)
_LIVELY = re.compile(
    r"[@$]|://|www\.|#\d|(?:GH|GHSA|CVE)-|(?<![^\W_])[0-9a-f]{7,64}(?![^\W_])|:(?-i:[0-9]*[a-z_+-][a-z0-9_+-]*|100|1234):|(?:mailto|xmpp):",
    re.IGNORECASE,
)
_NOT_IN_TARGETS = re.compile(r"[()<>\\]")
_LONG_FENCE = re.compile("`{20,}")  # cmark-gfm takes no fence of more than 80 for one (inlines.c, MAXBACKTICKS)
MAX_TEXT = 300
MAX_URL = 2_000
_HOST_LINKS = 5
_MOST_BLANKS = 20  # characters for each that is left when blanks are put together: what is longer is not looked through

STATES = (
    State.DEAD, State.GONE, State.INVALID, State.MOVED, State.BLOCKED, State.RESTRICTED, State.UNREACHABLE,
    State.SKIPPED, State.OK,
)  # fmt: skip
UNJUDGED = (State.BLOCKED, State.UNREACHABLE)


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """One line of harmless text without secrets, cut at `limit` characters."""
    if not text:
        return ""
    text = text[: _MOST_BLANKS * limit]
    if not text.isascii() or not text.isprintable():
        text = visible(text)
    if "  " in text or text[:1] == " " or text[-1:] == " " or not text.isprintable():
        text = " ".join(text.split())
    if "@" in text or "=" in text or "::" in text or "##" in text or "_" in text:  # as in few texts
        text = _inert(text)
    return text if len(text) <= limit else _cut(text, limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip(JOINERS) + "…"


def line(text: str) -> str:
    """A line of ours with strangers' words in it, harmless and without secrets; its blanks stay."""
    return _inert(visible(text))


def _inert(text: str) -> str:
    return harmless.inert(secret.masked(text), " {}".format)


def url(text: str) -> str:
    """A URL as text: blanks, and what is not seen or would command, escaped and not dropped."""
    if not text:
        return ""
    text = secret.masked_url(text)
    if not (text.isascii() and text.isprintable()) or " " in text:
        text = secret.masked("".join(c if c.isprintable() and c != " " else _percent(c) for c in text))
    return _cut(harmless.escaped(text, _percent), MAX_URL)


def written_url(text: str) -> str:
    """A URL as text, as `url` gives it, but with its blanks: where they are what is wrong with it."""
    if " " not in text:
        return url(text)
    return clean(secret.masked_url(text), MAX_URL)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode(errors="replace"))


def markdown(text: str, limit: int = MAX_TEXT) -> str:
    """`text` so that Markdown, and GitHub's, shows it as it is: no link, no image, no HTML, no mention.

    Words that GitHub would make something of stand as code, which it leaves alone; the rest is escaped.
    """
    shown = clean(text, limit)
    if not _LIVELY.search(shown):
        return _escaped(shown)
    return " ".join(_word(word) for word in shown.split(" "))


def prose(text: str) -> str:
    """Our own sentence for Markdown, with URLs in it that are to be copied."""
    return markdown(text, 2_500)


def _word(word: str) -> str:
    if not _LIVELY.search(word):
        return _escaped(word)
    inner = word.lstrip("(\"'")
    lively = inner.rstrip(")\"',.;:!?…") or inner
    return f"{word[: len(word) - len(inner)]}{code(lively)}{_escaped(inner[len(lively) :])}"


def code(text: str) -> str:
    """`text` as a Markdown code span, with a fence longer than any run of backticks in it."""
    shown = _LONG_FENCE.sub("…", clean(text, MAX_URL))
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _escaped(text: str) -> str:
    escaped = _MARKDOWN.sub(r"\\\1", text)
    return _MARKDOWN_START.sub(lambda m: m[0][:-1] + "\\" + m[0][-1], escaped)


def markdown_link(text: str, target: str) -> str:
    """A Markdown link whose destination cannot break out of its brackets; text where the target is no web address."""
    shown = markdown(text) or "link"
    if urls.scheme(target) not in urls.CHECKED_SCHEMES and not target.startswith("//"):
        return shown
    where = _NOT_IN_TARGETS.sub(lambda found: _percent(found[0]), url(target)).replace("&", "&amp;")
    return f"[{shown}]({where})"


def json_text(value: Any) -> str:
    """`value` as one line of JSON without secrets, whose strings do nothing in a terminal or a CI log."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:  # what is no number is no JSON either (RFC 8259 §6)
        value = _finite(value)
        text = json.dumps(value, ensure_ascii=False)
    if "@" in text or secret.is_in(text):  # an escape, or where a text begins, may hide one
        text = json.dumps(secret.all_masked(value), ensure_ascii=False)
    return harmless.escaped(text, _json_escape)


def _finite(value: Any) -> Any:
    """`value` with None for every number that is none."""
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


def place(link: Link) -> str:
    return _inert(f"{path(link.path)}:{link.line}:{link.column}")  # `section_start` and a line are a command together


def path(text: str) -> str:
    """A path at the start of a line, where CI systems look for commands (`::`, `---`, `##`)."""
    shown = clean(text)
    return shown if shown[:1].isalnum() or shown[:1] in ("", *"./\\_~<") else f"./{shown}"


def target(one: Checked) -> str:
    """The URL of a link; that of a malformed one as it is written."""
    return written_url(one.url) if one.verdict.state is State.INVALID else url(one.url)


def title(one: Checked) -> str:
    """What to call a link: the list's own title, else the page's."""
    own = next((link.title for link in one.links if link.title and not link.is_image), "")
    return clean(own or (one.metadata.title if one.metadata else "") or secret.masked_url(one.url))


def entry(render: Callable[[Checked], T], one: Checked) -> T:
    """What `render` makes of one link; where our own program fails on that, of what is certain of it."""
    try:
        return render(one)
    except Exception as error:
        return render(_bare(one, trouble_of(error)))


def entry_lines(render: Callable[[Checked], Iterable[str]], one: Checked) -> list[str]:
    """`entry` of what is written line by line."""
    return entry(lambda one: list(render(one)), one)


def _bare(one: Checked, trouble: str) -> Checked:
    """One link without all that its page, its list and our judgement say of it."""
    place, verdict = one.links[0], one.verdict
    reason = f"linkcheck failed in writing its entry ({verdict.state}[{verdict.rule}]): {trouble}"
    link = Link(place.path, place.line, place.column, place.span, url(one.url), place.kind)
    return Checked(link.url, (link,), Verdict(State.UNREACHABLE, "internal-error", reason))


def in_state(report: Report, *states: State) -> list[Checked]:
    return [one for one in report.checked if one.verdict.state in states]


def failing(report: Report) -> list[Checked]:
    return [one for one in report.checked if one.is_failing]


def host_of(one: Checked) -> str:
    normal = urls.normalise(one.url)
    return urls.host(normal) if normal else one.url


def by_host(found: Iterable[Checked]) -> list[tuple[str, list[Checked]]]:
    """Grouped by host where they fare alike, most links first."""
    groups: dict[tuple[str, str], list[Checked]] = {}
    for one in found:
        groups.setdefault((host_of(one), one.verdict.rule), []).append(one)
    by_size = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [(host, group) for (host, _), group in by_size]


def alike(found: list[Checked]) -> list[list[Checked]]:
    """Groups for one line each: five or more of one host that have the same reason are about the host.

    Each malformed link has a repair of its own, so they stay apart.
    """
    groups: dict[tuple[str, ...], list[Checked]] = {}
    for one in found:
        verdict = one.verdict
        groups.setdefault((host_of(one), verdict.rule, verdict.reason, verdict.advice), []).append(one)
    told: list[list[Checked]] = []
    for one in found:
        group = groups[host_of(one), one.verdict.rule, one.verdict.reason, one.verdict.advice]
        if len(group) < _HOST_LINKS or one.verdict.state is State.INVALID:
            told.append([one])
        elif group[0] is one:
            told.append(group)
    return told


def shown_flags(one: Checked) -> dict[Flag, str]:
    """The flags a person should read. That a script draws the page is for programs: there are many."""
    return {flag: why for flag, why in one.verdict.flags.items() if flag is not Flag.OPAQUE}


def changed(one: Checked) -> str:
    """How a failing link stands against earlier runs, to be put behind its line; or ''."""
    if one.change is Change.NEW:
        return " (newly failing)"
    return f" (failing since {one.since:%Y-%m-%d})" if one.change is Change.STILL and one.since else ""


def outages(report: Report) -> str:
    """When our own network was away, and what that meant; '' where it was not."""
    if not report.outages:
        return ""
    times = " and ".join(
        f"from {one.start:%H:%M:%S} {f'to {one.end:%H:%M:%S}' if one.end else 'on'}" for one in report.outages
    )
    told = f"our network was away {times} (UTC)"
    if report.asked_again:
        told += f"; {_links(report.asked_again)} asked again"
    if report.is_cut_off:
        invisible = sum(one.verdict.rule == "not-looked-at" for one in report.checked)
        told += f"; {_links(invisible)} not judged"
    return told


def _links(number: int) -> str:
    return "1 link was" if number == 1 else f"{number} links were"


def counts(report: Report) -> dict[str, int]:
    """How many URLs are in each state, every state named."""
    found = Counter(one.verdict.state for one in report.checked)
    return {state.value: found[state] for state in STATES}


def mistakes(report: Report) -> list[Checked]:
    """The links that our own program failed on."""
    return [one for one in report.checked if one.verdict.rule == "internal-error"]


def bug_report(report: Report) -> str:
    """What to do about those; '' where there are none."""
    number = len(mistakes(report))
    links = "1 link" if number == 1 else f"{number} links"
    how = f"please run it again with --record FILE, and report it with that file at {HOME_PAGE}/issues"
    return f"linkcheck failed on {links} (internal-error): {how}" if number else ""


def invisible(report: Report) -> int:
    """How many links nobody has looked at, since the run ended before."""
    return sum(one.verdict.rule == "not-looked-at" for one in report.checked)


def missing(report: Report) -> str:
    """What is missing in a report, and why; '' where it is whole."""
    if report.is_cut_off:
        return outages(report)
    why = "the run was interrupted" if report.is_interrupted else "the time was up (--budget)"
    if number := invisible(report):
        return f"{number} of {len(report.checked)} links {'was' if number == 1 else 'were'} not looked at: {why}"
    return why if report.is_interrupted else ""


def counted(report: Report) -> str:
    """`19 links: 1 dead, 2 moved, 16 ok`."""
    total = len(report.checked)
    parts = [f"{number} {state}" for state, number in counts(report).items() if number]
    return f"{total} link{'' if total == 1 else 's'}" + (f": {', '.join(parts)}" if parts else "")
