"""Rules for links that are not requested: excluded by `linkcheck/plan.py`, or the run ended before."""

from __future__ import annotations

from linkcheck.contracts import Rule
from linkcheck.model import Evidence, Judgement, State, Verdict

MALFORMED_LINK = Rule(
    "malformed-link",
    (State.INVALID,),
    "The link cannot work as it is written; the probable correction is added.",
    "It is never fetched.",
    "[t](http://https://example.com)",
    "CommonMark 0.31; WHATWG URL",
)
EXCLUDED = Rule("excluded", (State.SKIPPED,), "Left out by --include or --exclude.")
IGNORED = Rule(
    "ignored",
    (State.SKIPPED,),
    "A link that an ignore, or the baseline, lets fail; only the hook leaves it out.",
    "`linkcheck run` still looks at it, so that it is known when the ignore can go.",
)
UNUSED_DEFINITION = Rule(
    "unused-definition", (State.SKIPPED,), "A reference definition that no link uses.", example="[a]: https://…"
)
NOT_ADDED = Rule(
    "not-added",
    (State.SKIPPED,),
    "A link that was there before the change that is checked.",
    "`linkcheck hook` and `run --since` judge a change by the links that it adds.",
)
EMPTY_LINK = Rule(
    "empty-link", (State.SKIPPED,), "A link without a URL.", "Valid, and a placeholder for a future link.", "[paper]()"
)
IN_PAGE_LINK = Rule(
    "in-page-link", (State.SKIPPED,), "A link within the page, to a place that nobody can tell.", example="#/guide"
)
MAIL_ADDRESS = Rule("mail-address", (State.SKIPPED,), "A mail address.", example="mailto:a@example.com")
OTHER_SCHEME = Rule("other-scheme", (State.SKIPPED,), "Another scheme than http and https.", example="ftp://…")
RELATIVE_LINK = Rule(
    "relative-link",
    (State.SKIPPED,),
    "A path that nobody can tell.",
    "It is the syntax or an address of a site generator, leads out of the repository, or is of no file's list.",
    "{{ site.baseurl }}/guide/",
)


def _not_looked_at(_: Evidence) -> Verdict:
    return Verdict(State.SKIPPED, "not-looked-at", "the run ended before this link was checked")


NOT_LOOKED_AT = Rule(
    "not-looked-at",
    (State.SKIPPED,),
    "The run ended before this link was checked, or the local network was down.",
    check=_not_looked_at,
)


def unknown(*, is_strict: bool) -> Judgement:
    """The judgement on a link of which nothing is known, in a run that does not look at it."""
    state = State.UNKNOWN if is_strict else State.SKIPPED
    advice = "look at it with `linkcheck run`, and commit the history that it writes" if is_strict else ""
    reason = "nothing is known of it, and this run does not look at it"
    verdict = Verdict(state, UNKNOWN_LINK.name, reason, advice=advice)
    return Judgement(verdict, verdict)


UNKNOWN_LINK = Rule(
    "unknown-link",
    (State.SKIPPED, State.UNKNOWN),
    "A link that neither the memory nor the history knows, in a run that does not look at it: with `--frozen`, or "
    "beyond the number of `--refresh-oldest`. It fails with `--strict`.",
    "A run without a network can only tell what was seen before.",
    "A new link in a pull request that pre-commit.ci checks.",
)

PLANNED = (
    EXCLUDED, IGNORED, UNUSED_DEFINITION, NOT_ADDED, MALFORMED_LINK, EMPTY_LINK, IN_PAGE_LINK, MAIL_ADDRESS,
    OTHER_SCHEME, RELATIVE_LINK,
)  # fmt: skip
