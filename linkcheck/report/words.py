"""Words that every format shares, and the cleaning of words that come from the web.

Titles, reasons and URLs are written by strangers and land in terminals, Markdown pages, CI logs
and YAML files: control characters, escape sequences and direction overrides go, lengths are
bounded, and each format escapes what is special to it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from linkcheck import HOME_PAGE, urls
from linkcheck.boundary import trouble_of
from linkcheck.model import Change, Checked, Flag, Link, Report, State, Verdict

T = TypeVar("T")

_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$]|&(?=#?\w+;))")
_URL = re.compile(r"([a-z][a-z0-9+.-]*://\S+)", re.IGNORECASE)
_MARKDOWN_START = re.compile(r"^(\d+)([.)])|^([-:])")
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
    """One line of harmless text, cut at `limit` characters."""
    if not text:
        return ""
    text = text[: _MOST_BLANKS * limit]
    is_clean = text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " "
    shown = text if is_clean else " ".join(_HOSTILE.sub(" ", text).split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def url(text: str) -> str:
    """A URL as text: blanks and control characters in it escaped, not dropped."""
    if not text:
        return ""
    if text.isprintable() and " " not in text:
        return clean(text, MAX_URL)
    safe = "".join(
        c if c.isprintable() and c != " " else "".join(f"%{b:02X}" for b in c.encode(errors="replace")) for c in text
    )
    return clean(safe, MAX_URL)


def markdown(text: str, limit: int = MAX_TEXT) -> str:
    """`text` so that Markdown shows it as it is: no link, no image, no HTML, no mention."""
    return _escaped(clean(text, limit))


def prose(text: str, limit: int = 2_500) -> str:
    """Our own sentence for Markdown: URLs in it stand as code, to be copied; the rest is escaped."""
    parts = _URL.split(clean(text, limit))
    return "".join(code(part) if at % 2 else _escaped(part) for at, part in enumerate(parts))


def code(text: str) -> str:
    """`text` as a Markdown code span, with a fence longer than any run of backticks in it."""
    shown = clean(text, MAX_URL)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _escaped(text: str) -> str:
    escaped = _MARKDOWN.sub(r"\\\1", text)
    escaped = _MARKDOWN_START.sub(lambda m: m[0][:-1] + "\\" + m[0][-1], escaped)
    # GitHub mentions people and links bare URLs whatever is escaped; a word joiner stops it.
    return escaped.replace("@", "@\u2060").replace("://", ":\u2060//").replace("www.", "www\u2060.")


def markdown_link(text: str, target: str) -> str:
    """A Markdown link whose destination cannot break out of its brackets."""
    shown = re.sub(r"[()<>\\]", lambda m: f"%{ord(m[0]):02X}", url(target))
    return f"[{markdown(text) or 'link'}]({shown})"


def json_text(value: Any) -> str:
    """`value` as one line of JSON whose strings hold no character that could harm a terminal."""
    text = json.dumps(value, ensure_ascii=False)
    return _HOSTILE.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def place(link: Link) -> str:
    return f"{clean(link.path)}:{link.line}:{link.column}"


def title(one: Checked) -> str:
    """What to call a link: the list's own title, else the page's."""
    own = next((link.title for link in one.links if link.title and not link.is_image), "")
    return clean(own or (one.metadata.title if one.metadata else "") or one.url)


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


def told_flags(one: Checked) -> dict[Flag, str]:
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
        unseen = sum(one.verdict.rule == "not-looked-at" for one in report.checked)
        told += f"; {_links(unseen)} not judged"
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


def unseen(report: Report) -> int:
    """How many links nobody has looked at, since the run ended before."""
    return sum(one.verdict.rule == "not-looked-at" for one in report.checked)


def missing(report: Report) -> str:
    """What is missing in a report, and why; '' where it is whole."""
    if report.is_cut_off:
        return outages(report)
    why = "the run was interrupted" if report.is_interrupted else "the time was up (--budget)"
    if number := unseen(report):
        return f"{number} of {len(report.checked)} links {'was' if number == 1 else 'were'} not looked at: {why}"
    return why if report.is_interrupted else ""


def counted(report: Report) -> str:
    """`19 links: 1 dead, 2 moved, 16 ok`."""
    total = len(report.checked)
    parts = [f"{number} {state}" for state, number in counts(report).items() if number]
    return f"{total} link{'' if total == 1 else 's'}" + (f": {', '.join(parts)}" if parts else "")
