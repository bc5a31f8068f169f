"""What a site's answer or a page says of what is behind a link."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from linkcheck.model.base import NOTHING, Fingerprint, Value


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


class Confidence(StrEnum):
    """How far evidence goes. What is only `weak` never makes a verdict."""

    CERTAIN = "certain"
    LIKELY = "likely"
    WEAK = "weak"


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
    details: Mapping[str, Any] = NOTHING
    provenance: Mapping[str, str] = NOTHING


class SignatureKind(StrEnum):
    """What a page turned out to be, where it is not what the link promises."""

    CHALLENGE = "screen"
    CONSENT = "consent"
    LOGIN = "login"
    PARKED = "parked"
    SUSPENDED = "suspended"
    PLACEHOLDER = "placeholder"
    MISSING = "missing"
    NOT_FOUND = "not-found"
    SHELL = "shell"


class Match(Value, frozen=True, rename={"confidence": "surety"}):
    """A sign found on a page, with the line of evidence."""

    kind: SignatureKind
    name: str
    evidence: str
    confidence: Confidence


class Presence(StrEnum):
    """What a site or page says of its item. No opinion is None, not a member."""

    PRESENT = "present"
    ABSENT = "absent"
    RESTRICTED = "restricted"


class Finding(Value, frozen=True, rename={"matches": "marks", "fingerprint": "sketch"}):
    """What was learned of one link from a site's answer or from its page.

    `presence` None is *no opinion*. `evidence` is the line that decided it, `certain` whether two
    witnesses or an unmistakable one said so. `is_missing` says that the site should know the item
    and does not: alone it proves nothing. `ask_page` wants the page itself looked at although the
    site has spoken. `refresh` is where the page sends every reader at once. `trouble` is a
    reader's failure, never the link's. `matches` are the signs on the page, the surest first, `fingerprint` the
    fingerprint of its main text, `media` its media type in lower case, `lost` the fragments that
    links ask for and the page does not have.
    """

    presence: Presence | None = None
    evidence: str = ""
    certain: bool = False
    is_missing: bool = False
    metadata: Metadata | None = None
    flags: Mapping[Flag, str] = NOTHING
    replacement: str = ""
    ask_page: bool = False
    refresh: str = ""
    trouble: str = ""
    matches: tuple[Match, ...] = ()
    fingerprint: Fingerprint = ""
    media: str = ""
    lost: tuple[str, ...] = ()
