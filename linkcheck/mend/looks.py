"""What a run has seen of addresses, as far as mending needs it: where they lead, and what is there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from linkcheck import urls
from linkcheck.common.similarity import similarity
from linkcheck.contracts import Observer
from linkcheck.model import ALIVE, Checked, Evidence, Exchange, Fingerprint, Flag, Record, State, Url

PERMANENT = frozenset({301, 308})
"""The statuses of permanent redirects (RFC 9110 §15.4.2, §15.4.9)."""

_REDIRECTS = range(300, 400)
_SAME = 0.9
_COMMON_WORDS = 0.6
_WORD = re.compile(r"[^\W_]{3,}")
_EMPTY_WORDS = frozenset(
    "the and for with from your you are how what its this that our here link page site home".split()
)
_DOUBTFUL = frozenset({Flag.SUSPECT, Flag.DRIFTED, Flag.INSECURE})


class Look(NamedTuple):
    """One look at an address that was answered with success: where it led (`final_url`), whether each redirect on the
    way was permanent, and the page's title and fingerprint."""

    at: datetime
    final_url: Url
    is_permanent: bool
    title: str = ""
    fingerprint: Fingerprint = ""


class Looks(Observer):
    """The looks of a run and of the run before it, by address.

    With `only_redirects` those without redirects are not kept: a long list has many. `can_ask`: further looks are
    possible; `asked` are the addresses that were asked for in them.
    """

    def __init__(self, *, only_redirects: bool = False, can_ask: bool = False) -> None:
        self._only_redirects, self.can_ask = only_redirects, can_ask
        self._of: dict[Url, list[Look]] = {}
        self._titles: dict[Url, str] = {}
        self._results: dict[Url, Checked] = {}
        self._led: dict[Url, Url] = {}
        self._ends: set[Url] = set()
        self.good_at: dict[Url, datetime] = {}
        self.fragments: dict[Url, str] = {}
        self.asked: set[Url] = set()

    # -- what was seen -------------------------------------------------------------------------

    def on_verdict(self, evidence: Evidence, record: Record | None) -> None:
        if evidence.good and not self._only_redirects:
            self.good_at[evidence.url] = evidence.good.at
        now = None if self._only_redirects and not (evidence.last and evidence.last.hops) else _look(evidence)
        if now is None:
            return
        before = _look(record.evidence) if record else None
        seen = self._of.setdefault(evidence.url, [])
        for one in (before, now):
            if one and all(one.at != other.at for other in seen):
                seen.append(one)
        self._led[now.final_url] = evidence.url
        if before and before.final_url != now.final_url:
            self._titles[evidence.url] = before.title

    def note(self, results: Iterable[Checked]) -> None:
        """Take the results of a run; later ones replace those of an earlier run."""
        for one in results:
            if one.normal:
                self._results[Url(one.normal)] = one
                if one.verdict.rule == "moved-permanently":
                    self._ends.add(Url(one.final_url))

    # -- what is known -------------------------------------------------------------------------

    def last(self, url: Url) -> Look | None:
        """The last look at an address; at the end of redirects, the look that led there."""
        if url in self._of:
            return self._of[url][-1]
        led = self._of[self._led[url]][-1] if url in self._led else None
        return led if led and led.final_url == url else None

    def state(self, url: Url) -> State | None:
        """The state of an address, without doubts; None if it is not known."""
        if url in self._results:
            verdict = self._results[url].verdict
            return None if _DOUBTFUL & set(verdict.flags) else verdict.state
        return State.OK if url in self._ends else None

    def is_known(self, url: Url) -> bool:
        return url in self._results or url in self.asked

    def item(self, url: Url) -> str:
        """The site's identifier of what is at an address, or ''."""
        return self._results[url].item if url in self._results else ""

    def has_moved_twice(self, url: Url) -> bool:
        """Whether the last two looks agree that an address redirects for good, and to which."""
        seen = self._of.get(url, [])
        return len(seen) > 1 and all(one.is_permanent and one.final_url == seen[-1].final_url for one in seen[-2:])

    def titles_before(self, url: Url) -> list[str]:
        """The title that an earlier run saw at an address, if it did not lead then where it leads now."""
        return list(filter(None, [self._titles.get(url, "")]))

    def is_same_page(self, one: Url, other: Url) -> bool:
        """Whether both addresses work, neither redirects, and the same page is there."""
        here, there = self.last(one), self.last(other)
        if self.state(other) is not State.OK or self.state(one) not in ALIVE:
            return False
        if self.item(one) and self.item(one) == self.item(other):
            return True
        if here is None or there is None or there.final_url != other:
            return False
        if here.fingerprint and there.fingerprint:
            return similarity(here.fingerprint, there.fingerprint) >= _SAME
        return bool(here.title) and here.title == there.title


class FullLooks(Looks):
    """`Looks` that also know which redirects name a fragment: `fragments`, by the address that redirects."""

    def on_exchange(self, exchange: Exchange) -> None:
        if exchange.outcome in _REDIRECTS and not exchange.is_canary:
            for name, value in exchange.headers:
                if name.lower() == "location" and "#" in value:
                    self.fragments[exchange.url] = value.partition("#")[2]


def _look(evidence: Evidence) -> Look | None:
    last = evidence.last
    if last is None or not last.is_success:
        return None
    page = evidence.page
    title = page.metadata.title if page and page.metadata else ""
    is_permanent = bool(last.hops) and all(hop.status in PERMANENT for hop in last.hops)
    return Look(last.at, last.final_url, is_permanent, title, page.fingerprint if page else "")


def have_one_title(title: str, others: Iterable[str], url: Url) -> bool:
    """Whether the title of the page at `url` says the same as one of the `others`: most words of the shorter one are in
    both. Words of the site's own name do not count: all its pages have them."""
    site = urls.registrable_domain(urls.host(url))
    words = _words(title, site)
    return any(_is_alike(words, _words(other, site)) for other in others)


def _is_alike(one: set[str], other: set[str]) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) >= _COMMON_WORDS * shorter


def _words(title: str, site: str) -> set[str]:
    words = set(_WORD.findall(title[:500].casefold())) - _EMPTY_WORDS
    return {word for word in words if word not in site}


def titles_of(one: Checked) -> list[str]:
    """What the lists call what is behind a link."""
    return [text for link in one.links if not link.is_image for text in (link.title, link.text) if text != link.url]
