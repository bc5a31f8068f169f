"""The values that flow between the stages: facts first, judgements after.

All are immutable and know nothing of the rest of the package. Times are aware UTC, durations
seconds, sizes bytes, unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, NewType

from msgspec import Meta, Struct
from msgspec.structs import replace as replace  # the way to change one: `replace(value, field=other)`

from linkcheck.packed import unpack

Url = NewType("Url", str)
"""An absolute http(s) URL in normal form, without a fragment; only `urls.normalise` makes one."""

# What these three say is checked where a value is read back from a file.
Time = Annotated[datetime, Meta(tz=True)]
Status = Annotated[int, Meta(ge=0, le=999)]
Sketch = Annotated[str, Meta(pattern=r"\A(?:[0-9a-f]{8}){0,16}\Z")]  # what `resemblance.sketch` makes


_NOTHING: Mapping[Any, Any] = MappingProxyType({})
"""One empty mapping for all: 100,000 of one's own are 20 MB."""


class Value(Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """What all values here have in common: made by msgspec, in a sixteenth of a frozen dataclass's time.

    The collector need not look for cycles in them: what cannot be changed cannot come to hold itself.
    """


# -- reading ---------------------------------------------------------------------------------


class LinkKind(StrEnum):
    """How a link is written in its document."""

    INLINE = "inline"
    REFERENCE = "reference"
    AUTOLINK = "autolink"
    BARE = "bare"
    HTML = "html"
    FRONT_MATTER = "front-matter"


class Malformed(Value, frozen=True):
    """Why a link cannot work as written, and what probably was meant ('' when nobody can tell)."""

    reason: str
    repair: str = ""


class Entry(Value, frozen=True):
    """One item of a reading list: what the list itself says of the links in it."""

    title: str
    description: str
    section: tuple[str, ...]
    line: int


class Link(Value, frozen=True):
    """One link at one place.

    `line` and `column` count from 1, columns in characters, and point at the URL itself (for a
    reference link: in its definition). `span` is the URL's place in the file, [start, end) in
    bytes. `url` is the URL as written, with the document's escapes undone; a bare `www.` link
    gets the `http://` that GitHub gives it. `title` is what the list calls the thing behind the
    link: the link's text, or the text before it where the link only says "pdf" or "code".
    `is_main` marks the links an entry is about; the others are mentioned in its description.
    """

    path: str
    line: int
    column: int
    span: tuple[int, int]
    url: str
    kind: LinkKind
    text: str = ""
    title: str = ""
    section: tuple[str, ...] = ()
    entry: Entry | None = None
    is_main: bool = False
    is_image: bool = False
    malformed: Malformed | None = None
    unused: bool = False


class Notice(Value, frozen=True):
    """Something in an input that a maintainer should know, and that stopped nothing."""

    path: str
    line: int
    text: str


class Document(Value, frozen=True):
    """One list as read."""

    path: str
    links: tuple[Link, ...]
    entries: tuple[Entry, ...] = ()
    title: str = ""
    notices: tuple[Notice, ...] = ()


# -- planning --------------------------------------------------------------------------------


class Target(Value, frozen=True):
    """One URL to look at, and every place that links to it."""

    url: Url
    links: tuple[Link, ...]


class Unchecked(Value, frozen=True):
    """A link that is not looked at: malformed (`state` invalid) or left out (`state` skipped)."""

    link: Link
    state: State
    rule: str
    reason: str
    repair: str = ""


class Purpose(StrEnum):
    PAGE = "page"
    LOOKUP = "lookup"
    PROBE = "probe"


class Hop(Value, frozen=True):
    """One redirect: `url` answered `status` and sent us on. A meta refresh has status 200."""

    url: Url
    status: Status


class Request(Value, frozen=True):
    """A page to look at, or a look-up of `items` at the API of `site`.

    `target` is the URL whose page this is, where it is not `url` itself; `trail` holds the hops
    that led here, and `asked_s` is how long they took, waits apart. `look` counts the looks at one
    page: the second is sent over a fresh connection with another header set, `delay_s` after it was
    asked for. `known` is what a site has learned of the items so far, when it asks a second witness.
    """

    url: Url
    purpose: Purpose = Purpose.PAGE
    site: str = ""
    items: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    max_bytes: int = 524_288
    look: int = 1
    delay_s: float = 0.0
    trail: tuple[Hop, ...] = ()
    target: Url | None = None
    known: Finding | None = None
    asked_s: float = 0.0

    @property
    def about(self) -> Url:
        """The URL in the list that this page stands for."""
        return self.target or self.url


class Pace(Value, frozen=True):
    """How a host may be asked: requests in flight, and seconds between two starts."""

    slots: int
    interval_s: float = 0.0


class Plan(Value, frozen=True):
    """What to look at and what to ask first.

    `ask` makes the first requests for all URLs but those it is given, anew each time, so that they
    live no longer than they wait. `in_order` holds every target and every unchecked link in the
    order of the lists; `owner` maps a URL to (site name, item).
    """

    in_order: tuple[Target | Unchecked, ...]
    ask: Callable[[Collection[Url]], Iterator[Request]]
    owner: Mapping[Url, tuple[str, str]]

    @property
    def requests(self) -> Iterator[Request]:
        return self.ask(())

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(one for one in self.in_order if isinstance(one, Target))


# -- looking ---------------------------------------------------------------------------------


class Fault(StrEnum):
    """Why there was no HTTP answer. Each is a fact about the network, never a verdict; the last is one about
    ourselves: our own program failed on what was sent. It is never remembered."""

    DNS_NXDOMAIN = "dns-nxdomain"
    DNS_NODATA = "dns-nodata"
    DNS_SERVFAIL = "dns-servfail"
    DNS_TIMEOUT = "dns-timeout"
    DNS_FAILED = "dns-failed"
    ADDRESS_NOT_PUBLIC = "address-not-public"
    CONNECT_REFUSED = "connect-refused"
    CONNECT_TIMEOUT = "connect-timeout"
    NO_ROUTE = "no-route"
    CONNECT_FAILED = "connect-failed"
    TLS_EXPIRED = "tls-expired"
    TLS_WRONG_HOST = "tls-wrong-host"
    TLS_SELF_SIGNED = "tls-self-signed"
    TLS_UNKNOWN_ISSUER = "tls-unknown-issuer"
    TLS_CERTIFICATE = "tls-certificate"
    TLS_HANDSHAKE = "tls-handshake"
    PROXY = "proxy"
    RESET = "reset"
    CLOSED = "closed"
    READ_TIMEOUT = "read-timeout"
    PROTOCOL = "protocol"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    BAD_REDIRECT = "bad-redirect"
    HELD_BACK = "held-back"
    OUT_OF_TIME = "out-of-time"
    OWN_LIMIT = "own-limit"
    INTERNAL_ERROR = "internal-error"


class Sighting(Value, frozen=True):
    """One fact: how a URL behaved at one time.

    `outcome` is an HTTP status or a Fault, `final_url` where the redirects ended. `insecure` is
    the TLS fault that made us look without verification; `attempts` counts requests for the last
    hop, `elapsed_s` everything including waits; `detail` is evidence in words. `etag` and
    `modified` are the answer's validators (RFC 9110 §8.8).
    """

    at: Time
    outcome: Status | Fault
    final_url: Url
    hops: tuple[Hop, ...] = ()
    attempts: int = 1
    elapsed_s: float = 0.0
    insecure: Fault | None = None
    retry_after_s: float | None = None
    detail: str = ""
    look: int = 1
    etag: str = ""
    modified: str = ""

    @property
    def status(self) -> int | None:
        return self.outcome if isinstance(self.outcome, int) else None

    @property
    def fault(self) -> Fault | None:
        return None if isinstance(self.outcome, int) else self.outcome

    @property
    def is_success(self) -> bool:
        """2xx (RFC 9110 §15.3)."""
        return isinstance(self.outcome, int) and 200 <= self.outcome < 300


class Observation(Value, frozen=True):
    """A sighting with what came along; lives until it has been read.

    `headers` have lower-case names; `body` is decoded of its content coding and at most
    `request.max_bytes` long; `complete` says that it is the whole body. `peer` is the address that sent it,
    '' where that is not known; `asked_s` is the time that the chain's requests took, waits apart.
    """

    request: Request
    sighting: Sighting
    headers: Mapping[str, str] = _NOTHING
    body: bytes = b""
    complete: bool = True
    peer: str = ""
    asked_s: float = 0.0


class Exchange(Value, frozen=True):
    """One request and what came of it, for those who listen. `detail` is evidence in words.

    `is_canary`: it was sent only to see whether our own network works.
    """

    at: datetime
    url: Url
    outcome: int | Fault
    request_headers: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    complete: bool = True
    detail: str = ""
    elapsed_s: float = 0.0
    is_lenient: bool = False
    is_canary: bool = False


# -- extracting ------------------------------------------------------------------------------


class Flag(StrEnum):
    """What a maintainer should know of a link in any state."""

    INSECURE = "insecure"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    SUSPECT = "suspect"
    OPAQUE = "opaque"
    NO_FRAGMENT = "no-fragment"
    FLAKY = "flaky"
    DRIFTED = "drifted"


class Author(Value, frozen=True):
    """A name as its source gives it; `family` and `given` only where the source splits it."""

    name: str
    family: str = ""
    given: str = ""


class Metadata(Value, frozen=True):
    """What is behind a link, as far as it says so itself.

    `published` and `modified` are ISO 8601 dates of the precision the source gives (2020,
    2020-05, 2020-05-17, or with time and offset). `details` are a site's own fields, plain
    YAML-able values. `provenance` says for each field where it was found.
    """

    kind: str = "page"
    title: str = ""
    title_raw: str = ""
    authors: tuple[Author, ...] = ()
    published: str = ""
    modified: str = ""
    description: str = ""
    language: str = ""
    site_name: str = ""
    canonical: str = ""
    doi: str = ""
    duration_s: int | None = None
    details: Mapping[str, Any] = _NOTHING
    provenance: Mapping[str, str] = _NOTHING


class SignKind(StrEnum):
    """What a page turned out to be, where it is not what the link promises."""

    SCREEN = "screen"
    CONSENT = "consent"
    LOGIN = "login"
    PARKED = "parked"
    SUSPENDED = "suspended"
    PLACEHOLDER = "placeholder"
    MISSING = "missing"
    NOT_FOUND = "not-found"
    SHELL = "shell"


class Surety(StrEnum):
    """How far a sign goes: what is only `weak` never makes a verdict."""

    CERTAIN = "certain"
    LIKELY = "likely"
    WEAK = "weak"


class Mark(Value, frozen=True):
    """A sign found on a page, with the line of evidence."""

    kind: SignKind
    name: str
    evidence: str
    surety: Surety


class Presence(StrEnum):
    """What a site or page says of its item. No opinion is None, not a member."""

    PRESENT = "present"
    ABSENT = "absent"
    RESTRICTED = "restricted"


class Finding(Value, frozen=True):
    """What was learned of one link from a site's answer or from its page.

    `presence` None is *no opinion*. `evidence` is the line that decided it, `certain` whether two
    witnesses or an unmistakable one said so. `is_missing` says that the site should know the item
    and does not: alone it proves nothing. `ask_page` wants the page itself looked at although the
    site has spoken. `refresh` is where the page sends every reader at once. `trouble` is a
    reader's failure, never the link's. `marks` are the signs on the page, the surest first, `sketch` the
    fingerprint of its main text, `media` its media type in lower case, `lost` the fragments that
    links ask for and the page does not have.
    """

    presence: Presence | None = None
    evidence: str = ""
    certain: bool = False
    is_missing: bool = False
    metadata: Metadata | None = None
    flags: Mapping[Flag, str] = _NOTHING
    replacement: str = ""
    ask_page: bool = False
    refresh: str = ""
    trouble: str = ""
    marks: tuple[Mark, ...] = ()
    sketch: Sketch = ""
    media: str = ""
    lost: tuple[str, ...] = ()


class Answer(Value, frozen=True):
    """What a site reads out of one observation: findings by item, and what to ask next."""

    findings: Mapping[str, Finding] = _NOTHING
    more: tuple[Request, ...] = ()


# -- judging ---------------------------------------------------------------------------------


class State(StrEnum):
    """What we say of a link; `design/verdicts.md` defines each."""

    OK = "ok"
    MOVED = "moved"
    DEAD = "dead"
    GONE = "gone"
    INVALID = "invalid"
    RESTRICTED = "restricted"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped"


FAILING = frozenset({State.DEAD, State.GONE, State.INVALID})
"""The states that fail a run and block the hook."""

ALIVE = frozenset({State.OK, State.MOVED})
"""The states of what is there for everybody."""


class Probe(Value, frozen=True):
    """What a sibling of the page answered that nobody can have made: the host's own way to say "not here"."""

    sighting: Sighting
    sketch: Sketch = ""
    marks: tuple[Mark, ...] = ()


class Confidence(StrEnum):
    CERTAIN = "certain"
    LIKELY = "likely"


class Past(Value, frozen=True):
    """An earlier look, in short."""

    at: Time
    outcome: Status | Fault | None
    state: State


class Identity(Value, frozen=True):
    """What a page was when it was last good: how a page that was swapped is told."""

    at: Time
    title: str = ""
    language: str = ""
    domain: str = ""
    sketch: Sketch = ""


class Evidence(Value, frozen=True):
    """All that a judge may look at. `looks` are the page's sightings of this run, oldest first, `past`
    the looks of earlier runs, `good` what the page was when it was last fine."""

    url: Url
    looks: tuple[Sighting, ...] = ()
    site: Finding | None = None
    page: Finding | None = None
    probe: Probe | None = None
    resolver_works: bool = False
    past: tuple[Past, ...] = ()
    good: Identity | None = None

    @property
    def last(self) -> Sighting | None:
        """The last look, None where the page was not looked at."""
        return self.looks[-1] if self.looks else None


class Record(Value, frozen=True):
    """All that is remembered of one URL: the last facts, earlier looks (oldest first), its good self."""

    url: Url
    at: Time
    evidence: Evidence
    past: tuple[Past, ...] = ()
    good: Identity | None = None


class Change(StrEnum):
    """What is different from earlier runs."""

    NEW = "newly-failing"
    STILL = "still-failing"
    RECOVERED = "recovered"


class Verdict(Value, frozen=True):
    """State, the rule that spoke, and the evidence in words; `advice` says what to do."""

    state: State
    rule: str
    reason: str
    confidence: Confidence = Confidence.CERTAIN
    advice: str = ""
    replacement: str = ""
    flags: Mapping[Flag, str] = _NOTHING


# -- reporting -------------------------------------------------------------------------------


class Checked(Value, frozen=True):
    """One URL (or one malformed link), its places, the verdict and what was learned.

    `url` is the URL as its first place has it, `normal` its normal form ('' where it has none).
    `item` is the site's own name for it, `arxiv 1706.03762`, or '' where no site knows it.
    `status` is the HTTP status of the last look at its page and `final_url` where it ended, None and ''
    where there was no look or no answer; `at` is when page or site answered last. `change` is against
    earlier runs, `since` when the link began to fail. `packed` is the metadata.
    """

    url: str
    links: tuple[Link, ...]
    verdict: Verdict
    normal: str = ""
    item: str = ""
    packed: bytes | Metadata | None = None
    status: int | None = None
    final_url: str = ""
    at: datetime | None = None
    trouble: str = ""
    change: Change | None = None
    since: datetime | None = None

    @property
    def metadata(self) -> Metadata | None:
        """What is behind the link, made anew each time."""
        return None if self.packed is None else unpack(Metadata, self.packed)

    @property
    def is_failing(self) -> bool:
        return self.verdict.state in FAILING


class Outage(Value, frozen=True):
    """When our own network was away; `end` None: until the run ended."""

    start: datetime
    end: datetime | None = None


class Report(Value, frozen=True):
    """The result of one run over one or more documents.

    `sick_network` says why nothing was judged. `outages` are the times of the run when our own network
    was away, `asked_again` how many links were asked again for that.
    """

    documents: tuple[Document, ...]
    checked: tuple[Checked, ...]
    started: datetime
    finished: datetime
    requests: int = 0
    is_interrupted: bool = False
    sick_network: str = ""
    outages: tuple[Outage, ...] = ()
    asked_again: int = 0

    @property
    def is_cut_off(self) -> bool:
        """Whether our own network went away and did not come back."""
        return bool(self.outages) and self.outages[-1].end is None

    @property
    def is_partial(self) -> bool:
        """Whether the run came to no end."""
        return self.is_interrupted or self.is_cut_off

    @property
    def is_failing(self) -> bool:
        return any(item.is_failing for item in self.checked)
