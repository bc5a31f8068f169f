"""Observations to findings: what the answers say, and what has to be asked next.

A site's reader that fails spoils its own findings, and the page is asked; a page that our own program fails on
counts as not read (`Fault.INTERNAL_ERROR`). Neither ends the run.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from linkcheck import urls
from linkcheck.common.boundary import trouble_of
from linkcheck.contracts import Site
from linkcheck.model import (
    Answer,
    Evidence,
    Fault,
    Finding,
    Hop,
    Metadata,
    Observation,
    Plan,
    Probe,
    Purpose,
    Record,
    Request,
    Sighting,
    Url,
    replace,
)

_MAX_TRAIL = 20
_NOT_MODIFIED = 304
_VALIDATORS = ("if-none-match", "if-modified-since")


@dataclass(slots=True)
class Extraction:
    """What has been learned so far, by URL; `done` counts the URLs that something has been learned of.

    What is `known` from earlier runs of the `recalled` URLs counts as learned.
    """

    plan: Plan
    sites: Sequence[Site]
    looks: dict[Url, tuple[Sighting, ...]] = field(default_factory=dict)
    pages: dict[Url, Finding] = field(default_factory=dict)
    items: dict[tuple[str, str], Finding] = field(default_factory=dict)
    answers: dict[tuple[str, str], datetime] = field(default_factory=dict)
    probes: dict[Url, Probe] = field(default_factory=dict)
    known: MutableMapping[Url, Record] = field(default_factory=dict)
    recalled: Collection[Url] = frozenset()
    fragments: Mapping[Url, Collection[str]] = field(default_factory=dict)
    _probe_of: dict[Url, Url] = field(default_factory=dict)
    _probed: dict[Url, list[Url]] = field(default_factory=dict)
    _targets: dict[tuple[str, str], list[Url]] = field(init=False)
    _asked: set[Url] = field(default_factory=set)
    done: int = 0

    def __post_init__(self) -> None:
        self._targets = {}
        for url, key in self.plan.owner.items():
            self._targets.setdefault(key, []).append(url)

    def take(self, seen: Observation) -> list[Request]:
        """Keep what `seen` says; the requests that should follow."""
        match seen.request.purpose:
            case Purpose.LOOKUP:
                return self._take_lookup(seen)
            case Purpose.PROBE:
                sighting, found = _page(seen)
                self.probes[seen.request.url] = Probe(sighting, found.fingerprint, found.matches)
                return []
            case Purpose.PAGE:
                return self._take_page(seen)

    def unlearn(self, seen: Observation) -> None:
        """Let nothing be known that `seen` has told: it may not have been the link that spoke."""
        match seen.request.purpose:
            case Purpose.LOOKUP:
                self._unlearn_items([(seen.request.site, one) for one in seen.request.items], seen.sighting.at)
            case Purpose.PROBE:
                self.probes.pop(seen.request.url, None)
            case Purpose.PAGE:
                self._unlearn_look(seen.request.about, seen.sighting)

    def spoil(self, seen: Observation, trouble: str) -> list[Request]:
        """Let nothing be known of `seen`, which our own program fails on; the requests that should follow."""
        match seen.request.purpose:
            case Purpose.LOOKUP:
                keys = [(seen.request.site, one) for one in seen.request.items]
                self.done += sum(self._is_new(url) for key in keys for url in self._targets.get(key, ()))
                self.items |= dict.fromkeys(keys, Finding(trouble=trouble, ask_page=True))
                self.answers |= dict.fromkeys(keys, seen.sighting.at)
                return [request for key in keys for request in self._pages_of(key)]
            case Purpose.PROBE:
                self.probes[seen.request.url] = Probe(_spoilt(seen.sighting, trouble))
            case Purpose.PAGE:
                self.done += self._is_new(seen.request.about)
                self.looks[seen.request.about] = (_spoilt(seen.sighting, trouble),)
                self.pages.pop(seen.request.about, None)
        return []

    def _unlearn_items(self, keys: Sequence[tuple[str, str]], at: datetime) -> None:
        for key in keys:
            if self.answers.get(key) == at:
                del self.items[key], self.answers[key]
                self.done -= sum(self._is_new(url) for url in self._targets.get(key, ()))

    def _unlearn_look(self, url: Url, seen: Sighting) -> None:
        before = self.looks.get(url, ())
        looks = tuple(look for look in before if look is not seen)
        if looks == before:
            return
        if looks:
            self.looks[url] = looks
        else:
            del self.looks[url]
            self.pages.pop(url, None)
            self.done -= self._is_new(url)

    def recall(self, urls: Collection[Url]) -> None:
        """Take what is known of `urls` for what was learned of them now."""
        self.recalled = urls
        self.done += len(urls)
        for key, targets in self._targets.items():
            known = [url for url in targets if url in urls]
            if known and len(known) < len(targets):
                self._share(key, self.known[known[-1]])

    def _share(self, key: tuple[str, str], record: Record) -> None:
        """Let the other URLs of an item have what is known of it."""
        if record.evidence.site is not None:
            self.items[key] = record.evidence.site
            self.answers[key] = record.at

    def settled(self, seen: Observation) -> list[Url]:
        """The URLs of which nothing more will be learned than `seen` has told."""
        match seen.request.purpose:
            case Purpose.LOOKUP:
                keys = [(seen.request.site, one) for one in seen.request.items]
                return [
                    u for key in keys if key in self.items for u in self._targets.get(key, ()) if u not in self._asked
                ]
            case Purpose.PROBE:
                return self._probed.get(seen.request.url, [])
            case Purpose.PAGE:
                return [seen.request.about]

    def probe_for(self, url: Url) -> Request | None:
        """A request for what cannot be there, beside `url`; None where it has been asked already."""
        sibling = self._probe_of[url] = urls.sibling(url)
        if sibling in self._probed:
            self._probed[sibling].append(url)
            return None
        self._probed[sibling] = [url]
        return Request(sibling, Purpose.PROBE, max_bytes=131_072)

    def forget(self, url: Url) -> None:
        """Let go of what was learned of the page at `url`: all has been said of it."""
        self.looks.pop(url, None)
        self.pages.pop(url, None)
        self.known.pop(url, None)

    def _is_new(self, url: Url) -> bool:
        return url not in self.looks and url not in self.recalled and self.plan.owner.get(url) not in self.items

    def evidence(self, url: Url, *, resolver_works: bool = True) -> Evidence:
        own, known = self._own(url), self.known.get(url)
        at = self._answered_at(url, own)
        return replace(
            own,
            site=self._site_finding(url, own),
            resolver_works=resolver_works,
            # Of a URL that was only recalled, the looks before the one recalled.
            past=tuple(one for one in known.past if at is None or one.at < at) if known else (),
            good=known.good if known else None,
        )

    def answered_at(self, url: Url) -> datetime | None:
        """When the page, or else the site, answered last."""
        return self._answered_at(url, self._own(url))

    def _own(self, url: Url) -> Evidence:
        """What was seen of the URL itself, in this run or in the one that is recalled."""
        if url in self.recalled and url not in self.looks:
            return self.known[url].evidence
        probe = self.probes.get(self._probe_of.get(url, Url("")))
        return Evidence(url, looks=self.looks.get(url, ()), page=self.pages.get(url), probe=probe)

    def _site_finding(self, url: Url, own: Evidence) -> Finding | None:
        key = self.plan.owner.get(url)
        return self.items.get(key, own.site) if key else None

    def _answered_at(self, url: Url, own: Evidence) -> datetime | None:
        if own.last:
            return own.last.at
        recalled = self.known[url].at if url in self.recalled else None
        return self.answers.get(self.plan.owner.get(url, ("", "")), recalled)

    def _take_lookup(self, seen: Observation) -> list[Request]:
        site = next(s for s in self.sites if s.name == seen.request.site)
        answer = _read(site, seen)
        asked_again = {one for request in answer.more for one in request.items}
        requests = list(answer.more)
        for one in seen.request.items:
            key = (site.name, one)
            finding = answer.findings.get(one)
            if finding is not None:
                self.done += sum(self._is_new(url) for url in self._targets.get(key, ()))
                self.items[key] = finding
                self.answers[key] = seen.sighting.at
            is_open = finding is None or finding.ask_page or finding.presence is None
            if is_open and one not in asked_again:
                requests += self._pages_of(key)
        return requests

    def _pages_of(self, key: tuple[str, str]) -> list[Request]:
        wanted = [url for url in self._targets.get(key, ()) if url not in self._asked]
        self._asked.update(wanted)
        return [Request(url) for url in wanted]

    def _take_page(self, seen: Observation) -> list[Request]:
        url = seen.request.about
        is_known = url in self.known and self.known[url].evidence.looks and seen.sighting.final_url == url
        is_conditional = any(name in _VALIDATORS for name, _ in seen.request.headers)
        if seen.sighting.status == _NOT_MODIFIED and is_known and is_conditional:
            return self._unchanged(url, seen)
        sighting, finding = _page(seen, self.fragments.get(url, ()))
        if onward := _refreshed(seen, finding):
            return [onward]
        self.done += self._is_new(url)
        if seen.request.known and url in self.plan.owner:  # its site could not be asked
            self.items.setdefault(self.plan.owner[url], seen.request.known)
        self.looks[url] = (*self.looks.get(url, ()), sighting)
        before = self.pages.get(url)
        if before is None or sighting.status is not None:
            known = before.metadata if before else None
            self.pages[url] = finding if finding.metadata or not known else replace(finding, metadata=known)
        return []

    def _unchanged(self, url: Url, seen: Observation) -> list[Request]:
        """The page is what it was (RFC 9110 §15.4.5): what was read from it then is true now."""
        before = self.known[url].evidence
        self.done += self._is_new(url)
        self.looks[url] = (replace(before.looks[-1], at=seen.sighting.at, attempts=seen.sighting.attempts),)
        self.pages[url] = before.page or Finding()
        return []


def _page(seen: Observation, fragments: Collection[str] = ()) -> tuple[Sighting, Finding]:
    """What the page says, and its sighting: one of an internal error where it cannot be read."""
    from linkcheck import page  # not loaded where no page is read

    try:
        return seen.sighting, page.read(seen, fragments)
    except Exception as error:
        return _spoilt(seen.sighting, trouble_of(error)), Finding()


def _spoilt(seen: Sighting, trouble: str) -> Sighting:
    """`seen` as what our own program failed on; its validators would say that we have read it."""
    status = f"HTTP {seen.status}, " if seen.status else ""
    return replace(seen, outcome=Fault.INTERNAL_ERROR, detail=f"{status}{trouble}", etag="", modified="")


def _read(site: Site, seen: Observation) -> Answer:
    try:
        return site.read(seen)
    except Exception as error:
        words = f"the reader of {site.name} failed on {seen.request.url[:200]}: {trouble_of(error)}"
        return Answer(dict.fromkeys(seen.request.items, Finding(trouble=words, ask_page=True)))


def _refreshed(seen: Observation, finding: Finding) -> Request | None:
    """A meta refresh counts as a redirect (WHATWG HTML §4.2.5.3)."""
    here = seen.sighting.final_url
    target = urls.normalise(finding.refresh, base=here) if finding.refresh else None
    trail = (*seen.sighting.hops, Hop(here, seen.sighting.status or 200))
    if target is None or target == here or any(hop.url == target for hop in trail) or len(trail) > _MAX_TRAIL:
        return None
    return replace(seen.request, url=target, trail=trail, target=seen.request.about, delay_s=0.0, asked_s=seen.asked_s)


def metadata(found: Evidence) -> Metadata | None:
    """What the site says, the page's words where the site has none."""
    first = found.site.metadata if found.site else None
    second = found.page.metadata if found.page else None
    return merged(first, second) if first and second else first or second


def merged(first: Metadata, second: Metadata) -> Metadata:
    """`first`, its empty fields filled from `second`; provenance follows the fields."""
    filled: dict[str, object] = {}
    provenance: dict[str, str] = dict(first.provenance)
    for name in ("title", "title_raw", "authors", "published", "modified", "description", "language", "doi"):
        if not getattr(first, name) and getattr(second, name) and not (name == "title_raw" and first.title):
            filled[name] = getattr(second, name)
            if name in second.provenance:
                provenance[name] = second.provenance[name]
    return replace(first, **filled, provenance=provenance)
