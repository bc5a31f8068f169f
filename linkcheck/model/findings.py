"""Findings: what was parsed from a site's answer or from a page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from linkcheck.model.base import NOTHING, Fingerprint, Value


class Flag(StrEnum):
    """Additional remarks on a link, independent of its state."""

    INSECURE = "insecure"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    SUSPECT = "suspect"
    OPAQUE = "opaque"
    NO_FRAGMENT = "no-fragment"
    FLAKY = "flaky"
    DRIFTED = "drifted"


class Confidence(StrEnum):
    """How reliable evidence is. `weak` evidence alone never decides a verdict."""

    CERTAIN = "certain"
    LIKELY = "likely"
    WEAK = "weak"


class Author(Value, frozen=True):
    """A name as its source gives it; `family` and `given` only if the source splits it, else ''."""

    name: str
    family: str = ""
    given: str = ""


class Metadata(Value, frozen=True):
    """Bibliographic data of what is behind a link, as its page or site states it.

    `published` and `modified` are ISO 8601 dates of the precision the source gives (2020,
    2020-05, 2020-05-17, or with time and offset). `details` are a site's own fields, plain
    values that YAML can hold. `provenance` gives the source of each field.
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
    """Kinds of pages that are not what the link promises."""

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
    """A signature that matches a page, with the line of evidence."""

    kind: SignatureKind
    name: str
    evidence: str
    confidence: Confidence


class Presence(StrEnum):
    """Whether a site or page says that its item exists. No opinion is None, not a member."""

    PRESENT = "present"
    ABSENT = "absent"
    RESTRICTED = "restricted"


class Finding(Value, frozen=True, rename={"matches": "marks", "fingerprint": "sketch"}):
    """What was parsed of one link from a site's answer or from its page.

    `presence` None is *no opinion*. `evidence` is the line that decided it; `certain`: two independent
    sources, or an unmistakable one, support it. `is_missing`: the site should know the item and does
    not, which proves nothing alone. `ask_page`: request the page itself too, although the site has
    answered. `refresh` is the target of an immediate meta refresh. `trouble` is an error of the
    parser, never the link's. `matches` are the signatures that match, highest confidence first,
    `fingerprint` is that of the main text, `media` the media type in lower case, `lost` the
    fragments that links name and the page does not have.
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
