"""The result of a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from linkcheck.model.base import NOTHING, Value
from linkcheck.model.findings import Metadata
from linkcheck.model.ignores import Ignore, IgnoreState
from linkcheck.model.links import Document, Edit, Link, Repair
from linkcheck.model.packed import unpack
from linkcheck.model.verdicts import FAILING, Change, Verdict


class Checked(Value, frozen=True):
    """The result for one URL (or one malformed link): its links, the verdict and what was learned.

    `url` is the URL as written in its first link, `normal` its normal form ('' if it has none).
    `item` is the site's identifier of it, `arxiv 1706.03762`, or '' if it is no site's.
    `status` is the HTTP status of the last request of its page and `final_url` the URL that answered, None
    and '' without a request or an answer; `at` is the time of the last answer of page or site. `change` is
    against earlier runs, `since` when the link began to fail. `packed` is the metadata. `repair` mends a link that
    cannot work as written; `edits` mend it in the documents, as far as they are certain, and `mending` is the kind of
    mending that `linkcheck fix` has for it, or ''.
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
    repair: Repair | None = None
    edits: tuple[Edit, ...] = ()
    mending: str = ""

    @property
    def metadata(self) -> Metadata | None:
        """Metadata of what is behind the link, unpacked on each call."""
        return None if self.packed is None else unpack(Metadata, self.packed)

    @property
    def ignored(self) -> Ignore | None:
        """The ignore by which it may fail; None if there is none for one of its links."""
        return self.links[0].ignored if self.links and all(link.ignored for link in self.links) else None

    @property
    def is_failing(self) -> bool:
        return self.verdict.state in FAILING and not self.ignored


class IgnoreNote(Value, frozen=True):
    """What a run found of one ignore, and its links in the lists."""

    ignore: Ignore
    state: IgnoreState
    links: tuple[Link, ...] = ()


class Csl(Value, frozen=True):
    """The mapping of a site's kind of metadata to CSL, the Citation Style Language 1.0.2 (csl-data.json).

    `type` is a CSL item type. `fields` are CSL variables, each with a template of `str.format` for its text, filled
    from `Metadata.details`: `{"number": "arXiv:{id}"}`. A list is joined with commas; a missing detail is ''. A
    variable whose text is '' is left out.
    """

    type: str
    fields: Mapping[str, str] = NOTHING


class Outage(Value, frozen=True):
    """An interval in which the local network was down; `end` None: until the end of the run."""

    start: datetime
    end: datetime | None = None


class Report(Value, frozen=True):
    """The result of one run over one or more documents.

    `network_outage` is the local network's fault for which only links that need no request were judged, else ''.
    `outages` are the intervals in which the local network was down, `asked_again` counts the links requested again
    after them. `csl` maps the sites' kinds of metadata, `Metadata.kind`, to CSL. `ignore_notes` are on the ignores that
    can go, or have expired.
    """

    documents: tuple[Document, ...]
    checked: tuple[Checked, ...]
    started: datetime
    finished: datetime
    requests: int = 0
    is_interrupted: bool = False
    network_outage: str = ""
    outages: tuple[Outage, ...] = ()
    asked_again: int = 0
    csl: Mapping[str, Csl] = NOTHING
    ignore_notes: tuple[IgnoreNote, ...] = ()

    @property
    def is_cut_off(self) -> bool:
        """Whether the local network went down and did not come back."""
        return bool(self.outages) and self.outages[-1].end is None

    @property
    def is_partial(self) -> bool:
        """Whether the run ended early, so that some links were not checked."""
        return self.is_interrupted or self.is_cut_off

    @property
    def is_failing(self) -> bool:
        return any(item.is_failing for item in self.checked)
