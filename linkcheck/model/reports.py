"""The result of a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from linkcheck.model.base import NOTHING, Value
from linkcheck.model.findings import Metadata
from linkcheck.model.links import Document, Link
from linkcheck.model.packed import unpack
from linkcheck.model.verdicts import FAILING, Change, Verdict


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


class Csl(Value, frozen=True):
    """What a site's kind of metadata is in CSL, the Citation Style Language 1.0.2 (csl-data.json).

    `type` is a CSL item type. `fields` are CSL variables, each with a template of `str.format` for its text, filled
    from `Metadata.details`: `{"number": "arXiv:{id}"}`. A list is joined with commas; a detail that is not there is
    ''. A variable whose text is '' is left out.
    """

    type: str
    fields: Mapping[str, str] = NOTHING


class Outage(Value, frozen=True):
    """When our own network was away; `end` None: until the run ended."""

    start: datetime
    end: datetime | None = None


class Report(Value, frozen=True):
    """The result of one run over one or more documents.

    `sick_network` says why nothing was judged. `outages` are the times of the run when our own network
    was away, `asked_again` how many links were asked again for that. `csl` says what the
    sites' kinds of metadata are in CSL, by `Metadata.kind`.
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
    csl: Mapping[str, Csl] = NOTHING

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
