"""Case: all that is known of one URL. Cases: those of a run, by URL and by the sites' items."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from datetime import datetime
from itertools import groupby

from linkcheck import urls
from linkcheck.model import (
    ALIVE,
    Answer,
    Evidence,
    Finding,
    Flag,
    Identity,
    Metadata,
    Mutable,
    Observation,
    Past,
    Plan,
    Probe,
    Purpose,
    Record,
    Sighting,
    Url,
    Verdict,
    field,
    replace,
)

MOST_PAST = 20


class Item(Mutable, eq=False):
    """One item of a site (a paper, a video): the cases of all URLs that lead to it, the site's finding and its time."""

    site: str
    name: str
    cases: list[Case] = field(default_factory=list)
    finding: Finding | None = None
    at: datetime | None = None


class Sibling(Mutable, eq=False):
    """A URL in a page's directory that cannot exist: its answer shows how the host says "not found"."""

    url: Url
    cases: list[Case] = field(default_factory=list)
    probe: Probe | None = None


class Case(Mutable, eq=False):
    """All that is known of one URL.

    `looks` are the page's sightings of this run, oldest first, `page` its finding. `records` are those of earlier
    runs, of all URLs; the record of an `is_fresh` URL stands for a request. One that `is_left_out` is not requested,
    although nothing is known of it. `is_page_asked`: the page is requested as well as its site.
    """

    url: Url
    records: MutableMapping[Url, Record]
    item: Item | None = None
    fragments: Collection[str] = ()
    is_fresh: bool = False
    is_left_out: bool = False
    is_page_asked: bool = False
    looks: tuple[Sighting, ...] = ()
    page: Finding | None = None
    sibling: Sibling | None = None

    @property
    def record(self) -> Record | None:
        """What earlier runs know, looked up lazily."""
        if self.url not in self.records:
            return None
        return self.records[self.url]

    @property
    def is_answered(self) -> bool:
        """Whether anything was learned, in this run or in an earlier one that is still fresh."""
        return bool(self.looks) or self.is_fresh or (self.item is not None and self.item.finding is not None)

    @property
    def answered_at(self) -> datetime | None:
        """When the page, or else the site, answered last."""
        record = self.record if self.is_fresh else None
        if self.looks:
            return self.looks[-1].at
        if record and record.evidence.last:
            return record.evidence.last.at
        if self.item is not None and self.item.at is not None:
            return self.item.at
        return record.at if record else None

    def evidence(self, *, resolver_works: bool = True) -> Evidence:
        """The evidence for a verdict; for a fresh URL that was not requested, that of the earlier run."""
        record, at = self.record, self.answered_at
        then = record.evidence if record and self.is_fresh and not self.looks else None
        site = then.site if then and self.item else None
        if self.item is not None and self.item.finding is not None:
            site = self.item.finding
        return Evidence(
            self.url,
            looks=then.looks if then else self.looks,
            site=site,
            page=then.page if then else self.page,
            probe=then.probe if then else self.sibling.probe if self.sibling else None,
            resolver_works=resolver_works or (then is not None and then.resolver_works),
            # Of a fresh URL, the looks before the one that counts.
            past=tuple(one for one in record.past if at is None or one.at < at) if record else (),
            good=record.good if record else None,
        )

    # -- what was just seen --------------------------------------------------------------------

    def note_page(self, seen: Sighting, page: Finding) -> None:
        """Note a request of the page. One without an answer keeps the finding of an earlier one."""
        self.looks = (*self.looks, seen)
        if self.page is None or seen.status is not None:
            known = self.page.metadata if self.page else None
            self.page = page if page.metadata or not known else replace(page, metadata=known)

    def note_unchanged(self, seen: Sighting) -> None:
        """Note a 304 (RFC 9110 §15.4.5): what was read from the page then is true now."""
        record = self.record
        if record is not None:
            self.looks = (replace(record.evidence.looks[-1], at=seen.at, attempts=seen.attempts),)
            self.page = record.evidence.page or Finding()

    def note_internal_error(self, seen: Sighting) -> None:
        """Note an internal error: nothing else is known of the page."""
        self.looks, self.page = (seen,), None

    def retract(self, seen: Sighting) -> None:
        """Discard what was learned from `seen`."""
        looks = tuple(look for look in self.looks if look is not seen)
        if len(looks) < len(self.looks):
            self.looks = looks
            self.page = self.page if looks else None

    def close(self) -> None:
        """Free what is known: the verdict has been given."""
        self.looks, self.page = (), None
        self.records.pop(self.url, None)


class Cases:
    """The cases of a run. `answered` counts those of which anything was learned."""

    def __init__(
        self,
        plan: Plan,
        records: MutableMapping[Url, Record] | None = None,
        fragments: Mapping[Url, Collection[str]] | None = None,
    ) -> None:
        self._records = {} if records is None else records
        fragments = fragments or {}
        self._by_url: dict[Url, Case] = {}
        self._items: dict[tuple[str, str], Item] = {}
        self._siblings: dict[Url, Sibling] = {}
        self.answered = 0
        for target in plan.targets:
            case = Case(target.url, self._records, fragments=fragments.get(target.url, ()))
            self._by_url[target.url] = case
            if key := plan.owner.get(target.url):
                case.item = self._items.setdefault(key, Item(*key))
                case.item.cases.append(case)

    def __getitem__(self, url: Url) -> Case:
        return self._by_url[url]

    def __iter__(self) -> Iterator[Case]:
        return iter(self._by_url.values())

    def __len__(self) -> int:
        return len(self._by_url)

    def items(self, seen: Observation) -> list[Item]:
        """The items of the list that a look-up asked for; a site may ask for others too."""
        found = (self._items.get((seen.request.site, name)) for name in seen.request.items)
        return [item for item in found if item is not None]

    def take_fresh(self, fresh: Collection[Url]) -> None:
        """Use the earlier runs' records of the `fresh` URLs instead of requests, for other URLs of their items too."""
        for url in fresh:
            self._by_url[url].is_fresh = True
        self.answered += len(fresh)
        for item in self._items.values():
            known = [case for case in item.cases if case.is_fresh]
            record = known[-1].record if known and len(known) < len(item.cases) else None
            if record and record.evidence.site is not None:
                item.finding, item.at = record.evidence.site, record.at

    def leave_out(self, unknown: Iterable[Url]) -> None:
        """Request none of the `unknown` URLs."""
        for url in unknown:
            self._by_url[url].is_left_out = True

    # -- what was just seen ----------------------------------------------------------------------

    def note_answer(self, seen: Observation, answer: Answer) -> None:
        """Note a site's answer about some items."""
        for item in self.items(seen):
            if (finding := answer.findings.get(item.name)) is not None:
                self._note_item(item, finding, seen.sighting.at)

    def note_page(self, seen: Observation, sighting: Sighting, page: Finding) -> None:
        case = self._counted(seen.request.about)
        if seen.request.known and case.item and case.item.finding is None:  # the site could not be asked
            self.answered += sum(not one.is_answered for one in case.item.cases if one is not case)
            case.item.finding = seen.request.known
        case.note_page(sighting, page)

    def note_unchanged(self, seen: Observation) -> None:
        self._counted(seen.request.about).note_unchanged(seen.sighting)

    def note_probe(self, seen: Observation, probe: Probe) -> None:
        self._sibling(seen).probe = probe

    def note_internal_error(self, seen: Observation, sighting: Sighting, error: str) -> None:
        """Note an internal error in processing `seen`; `sighting` states it and takes its place."""
        match seen.request.purpose:
            case Purpose.LOOKUP:
                for item in self.items(seen):
                    self._note_item(item, Finding(trouble=error, ask_page=True), seen.sighting.at)
            case Purpose.PROBE:
                self.note_probe(seen, Probe(sighting))
            case Purpose.PAGE if seen.request.about in self._by_url:
                self._counted(seen.request.about).note_internal_error(sighting)

    def retract(self, seen: Observation) -> None:
        """Discard what was learned from `seen`: something else than the link may have answered."""
        match seen.request.purpose:
            case Purpose.LOOKUP:
                for item in self.items(seen):
                    if item.at == seen.sighting.at:
                        item.finding = item.at = None
                        self.answered -= sum(not case.is_answered for case in item.cases)
            case Purpose.PROBE:
                self._sibling(seen).probe = None
            case Purpose.PAGE:
                case = self._by_url[seen.request.about]
                was_answered = case.is_answered
                case.retract(seen.sighting)
                self.answered -= was_answered and not case.is_answered

    def settled(self, seen: Observation) -> Sequence[Case]:
        """Cases that `seen` completes: nothing more will be learned of them."""
        match seen.request.purpose:
            case Purpose.LOOKUP:
                answered = (item for item in self.items(seen) if item.finding is not None)
                return [case for item in answered for case in item.cases if not case.is_page_asked]
            case Purpose.PROBE:
                return self._sibling(seen).cases
            case Purpose.PAGE:
                return [self._by_url[seen.request.about]]

    def sibling_of(self, case: Case) -> Sibling:
        """The sibling URL of `case`, shared by all cases that have the same one."""
        url = urls.sibling(case.url)
        case.sibling = self._siblings.setdefault(url, Sibling(url))
        case.sibling.cases.append(case)
        return case.sibling

    def _sibling(self, seen: Observation) -> Sibling:
        return self._siblings.setdefault(seen.request.url, Sibling(seen.request.url))

    def _counted(self, url: Url) -> Case:
        case = self._by_url[url]
        self.answered += not case.is_answered
        return case

    def _note_item(self, item: Item, finding: Finding, at: datetime) -> None:
        self.answered += sum(not case.is_answered for case in item.cases)
        item.finding, item.at = finding, at


def metadata(found: Evidence) -> Metadata | None:
    """The site's metadata, its empty fields filled from the page's."""
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


def record_of(
    evidence: Evidence, verdict: Verdict, at: datetime, found: Metadata | None, known: Record | None
) -> Record:
    """The record to store of a URL: facts, looks (this one included), and the page's identity when it is good."""
    outcome = evidence.last.outcome if evidence.last else None
    looks = in_short((*(known.past if known else ()), Past(at, outcome, verdict.state)))
    good, page = known.good if known else None, evidence.page
    if verdict.state in ALIVE and page and page.fingerprint and Flag.DRIFTED not in verdict.flags:
        domain = urls.registrable_domain(urls.host(evidence.last.final_url)) if evidence.last else ""
        language, title = (found.language, found.title) if found else ("", "")
        good = Identity(at, title, language, domain, page.fingerprint)
    kept = replace(evidence, past=(), good=None)
    return Record(evidence.url, at, kept, looks[-MOST_PAST:], good)


def in_short(past: Iterable[Past]) -> tuple[Past, ...]:
    """`past` with at most three of each run of looks of one state: the first, the last, and one on a day between."""
    kept = list[Past]()
    for _, same in groupby(past, lambda look: look.state):
        run = list(same)
        days = {run[0].at.date(), run[-1].at.date()}
        between = [look for look in run[1:-1] if look.at.date() not in days][:1]
        kept += [run[0], *between, *run[1:][-1:]]
    return tuple(kept)
