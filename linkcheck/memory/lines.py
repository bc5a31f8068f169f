"""Records to lines of `history.jsonl` and back: what later runs need of a record, each fact once.

Verdicts, flags and the enriched YAML can be made again from a line. Left out is what no later run needs: durations,
attempts, validators (what others saw is never asked to be confirmed), looks in between. Texts are bounded (`bounds`).
The time of a look is no fact: `is_same` compares two lines without it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from linkcheck.case import metadata
from linkcheck.common.similarity import similarity
from linkcheck.memory import bounds, facts, metadata_line
from linkcheck.memory.bounds import cut
from linkcheck.memory.line_schema import HTML, Good, Line, Marks, Probed, Site, lean
from linkcheck.memory.moments import DAYS, MINUTES, text_of, time_of
from linkcheck.memory.serialization import from_json, to_line
from linkcheck.model import (
    ALIVE,
    Evidence,
    Fault,
    Finding,
    Hop,
    Identity,
    Match,
    Metadata,
    Past,
    Probe,
    Record,
    Sighting,
    SignatureKind,
    State,
    Url,
    replace,
)
from linkcheck.model.base import NOTHING

_SAME = "="
_SIMILAR = 0.5
_STAGES = (timedelta(hours=24), timedelta(days=7))  # spans that `--confirm` and the rules on history ask for
_NAME_FAULTS = (Fault.DNS_NXDOMAIN, Fault.DNS_NODATA)
_MISSING = (404, 410)
_DIGITS, _KEPT_DIGITS = 8, 4  # hexadecimal digits of one checksum of a fingerprint, and how many are kept
_MOST_CHECKSUMS = 16
_MOST_HOPS = 20
_LIMITED = 429


# -- to a line ---------------------------------------------------------------------------------


def dump(record: Record) -> str:
    """The line of a record."""
    return to_line(lean(line_of(record)))


def line_of(record: Record) -> Line:
    """The fields of the line of a record."""
    seen, last = record.evidence, record.evidence.last
    page = seen.page or Finding()
    line = _timed(record)
    if last is None:
        line = replace(line, outcome=None)
    else:
        line = replace(line, **_look(seen, last), media=page.media if last.status else HTML)
    if found := metadata(seen):
        line = replace(line, **metadata_line.fields(found, record.url))
    line = replace(
        line,
        api=_site(seen.site) if seen.site else None,
        marks=_marks(page.matches),
        lost=tuple(cut(name, bounds.NAME) for name in page.lost[: bounds.MOST_FRAGMENTS]),
        probe=_probed(seen.probe, seen) if seen.probe else None,
        fingerprint=_half(page.fingerprint),
    )
    return replace(line, good=_good(record.good, line)) if record.good else line


def _timed(record: Record) -> Line:
    """A line with nothing but the times: of a state in which the link was alive the last, of others also the first."""
    runs = [list(run) for _, run in groupby(record.past, lambda look: look.state)]
    earlier, after = list[tuple[str, ...]](), facts.EARLIEST
    for run in runs[:-1]:
        times, after = _times(run, after)
        earlier.append((run[0].state, *times))
    present = runs[-1][:-1] if runs else []
    state = runs[-1][-1].state if runs else None
    if state in ALIVE:
        present = []
    since, after = _times(present, after) if present else ((), after)
    at = text_of(record.at, DAYS if state in ALIVE else MINUTES, after)
    return Line(record.url, at, state, since, tuple(earlier))


def _times(looks: Sequence[Past], after: datetime) -> tuple[tuple[str, ...], datetime]:
    """The texts of these looks' times, each later than the one before, and the last of them."""
    if looks[0].state in ALIVE:
        looks = looks[-1:]
    texts = list[str]()
    for look in looks:
        is_first_failure = look is looks[0] and look.state not in ALIVE
        texts.append(text_of(look.at, MINUTES if is_first_failure else DAYS, after))
        after = time_of(texts[-1])
    return tuple(texts), after


def _look(seen: Evidence, last: Sighting) -> dict[str, object]:
    """What the last look saw; that a missing page was missing to all of several looks."""
    is_missing = last.status in _MISSING and all(look.status in _MISSING for look in seen.looks)
    ends = [*(hop.url for hop in last.hops[1:]), last.final_url] if last.hops else []
    hops = [(hop.status, "" if end == seen.url else end) for hop, end in zip(last.hops, ends, strict=True)]
    if not hops and last.final_url != seen.url:
        hops = [(0, last.final_url)]
    is_told = last.fault is not None or last.status == _LIMITED
    return {
        "outcome": last.outcome,
        "looks": 2 if is_missing and len(seen.looks) > 1 else 1,
        "hops": tuple(hops if len(hops) <= _MOST_HOPS else (*hops[: _MOST_HOPS - 1], hops[-1])),
        "insecure": last.insecure,
        "detail": cut(last.detail, bounds.REASON) if is_told else "",
        "resolved": seen.resolver_works and last.fault in _NAME_FAULTS,
    }


def _site(found: Finding) -> Site:
    flags = {flag: cut(why, bounds.REASON) for flag, why in found.flags.items()} if found.flags else NOTHING
    return Site(
        found.presence, cut(found.evidence, bounds.REASON), found.certain, found.is_missing, flags, found.replacement,
        found.ask_page,
    )  # fmt: skip


def _probed(probe: Probe, seen: Evidence) -> int | Probed:
    last = seen.last
    is_same_end = bool(last and last.hops and probe.sighting.hops and probe.sighting.final_url == last.final_url)
    own = seen.page.fingerprint if seen.page else ""
    half = _SAME if own and probe.fingerprint == own else _half(probe.fingerprint)
    marks = _marks([one for one in probe.matches if one.kind is SignatureKind.NOT_FOUND])
    found = Probed(probe.sighting.outcome, is_same_end, half, marks)
    return found.outcome if isinstance(found.outcome, int) and found == Probed(found.outcome) else found


def _marks(matches: Sequence[Match]) -> Marks:
    kept = matches[: bounds.MOST_MATCHES]
    return tuple((one.kind, one.name, one.confidence, cut(one.evidence, bounds.REASON)) for one in kept)


def _good(good: Identity, line: Line) -> Good | None:
    """What the page was when it was good; None if that is what the line says anyway."""
    half = _half(good.fingerprint)
    title, language = cut(good.title, bounds.TITLE), cut(good.language, bounds.NAME)
    is_now = (half, title, language) == (line.fingerprint, line.title, line.language)
    if is_now and line.state in ALIVE:
        return None
    return Good(text_of(good.at), title, language, _SAME if half and half == line.fingerprint else half)


def _half(fingerprint: str) -> str:
    """The upper halves of the checksums of a fingerprint, in base64."""
    digits = [fingerprint[at : at + _KEPT_DIGITS] for at in range(0, len(fingerprint), _DIGITS)]
    return b64encode(bytes.fromhex("".join(digits))).decode().rstrip("=")


# -- from a line -------------------------------------------------------------------------------


def load(text: bytes | str) -> Record:
    """The record of a line. Raises ValueError."""
    if len(text) > facts.MOST_BYTES:
        raise ValueError("too long")
    record = record_of(from_json(Line, text))
    facts.check(record)
    return record


def record_of(line: Line) -> Record:
    """The record of the fields of a line. Raises ValueError."""
    at, found, half = time_of(line.at), metadata_line.metadata(line), _whole(line.fingerprint)
    looks = _looks(line, at)
    media = line.media if isinstance(line.outcome, int) else ""
    page = Finding(metadata=found, matches=_matches(line.marks), fingerprint=half, media=media, lost=line.lost)
    evidence = Evidence(
        line.url,
        looks,
        site=_finding(line.api, found) if line.api else None,
        page=page if looks else None,
        probe=_probe(line, looks, at) if line.probe is not None else None,
        resolver_works=line.resolved,
    )
    return Record(line.url, at, evidence, _past(line, at), _identity(line, at))


def _looks(line: Line, at: datetime) -> tuple[Sighting, ...]:
    if line.looks not in (1, 2):
        raise ValueError("an impossible number")
    if line.outcome is None:
        return ()
    ends = [Url(end or line.url) for _, end in line.hops]
    starts = [line.url, *ends]
    hops = tuple(Hop(start, status) for start, (status, _) in zip(starts, line.hops, strict=False) if status)
    seen = Sighting(at, line.outcome, ends[-1] if ends else line.url, hops, insecure=line.insecure, detail=line.detail)
    return (seen, replace(seen, look=2)) if line.looks > 1 else (seen,)


def _finding(site: Site, found: Metadata | None) -> Finding:
    return Finding(
        site.presence, site.evidence, site.certain, site.is_missing, found, site.flags, site.replacement, site.ask_page
    )


def _probe(line: Line, looks: Sequence[Sighting], at: datetime) -> Probe:
    found = line.probe if isinstance(line.probe, Probed) else Probed(line.probe or 0)
    half = _whole(line.fingerprint if found.fingerprint == _SAME else found.fingerprint)
    seen = Sighting(at, found.outcome, line.url)
    if found.is_same_end and looks:
        seen = replace(seen, final_url=looks[-1].final_url, hops=looks[-1].hops)
    return Probe(seen, half, _matches(found.marks))


def _matches(marks: Marks) -> tuple[Match, ...]:
    return tuple(Match(kind, name, why, confidence) for kind, name, confidence, why in marks)


def _past(line: Line, at: datetime) -> tuple[Past, ...]:
    if line.state is None:
        return ()
    if not all(line.runs):
        raise ValueError("a state without its name")
    earlier = [Past(time_of(time), None, State(run[0])) for run in line.runs for time in run[1:]]
    present = [Past(time_of(time), line.outcome, line.state) for time in line.since]
    return (*earlier, *present, Past(at, line.outcome, line.state))


def _identity(line: Line, at: datetime) -> Identity | None:
    if good := line.good:
        half = line.fingerprint if good.fingerprint == _SAME else good.fingerprint
        return Identity(time_of(good.at), good.title, good.language, "", _whole(half))
    is_good = line.state in ALIVE and line.fingerprint
    return Identity(at, line.title, line.language, "", _whole(line.fingerprint)) if is_good else None


def _whole(half: str) -> str:
    """The fingerprint of which `half` is kept, zeros in place of the rest. Raises ValueError."""
    digits = b64decode(half + "=" * (-len(half) % 4), validate=True).hex()
    groups = [digits[at : at + _KEPT_DIGITS] for at in range(0, len(digits), _KEPT_DIGITS)]
    if len(groups) > _MOST_CHECKSUMS or len(digits) % _KEPT_DIGITS:
        raise ValueError("an impossible fingerprint")
    return "".join(f"{group}{'0' * (_DIGITS - _KEPT_DIGITS)}" for group in groups)


# -- two lines ---------------------------------------------------------------------------------


def is_same(old: Line, new: Line) -> bool:
    """Whether two lines state the same facts. The time of the last look is none, but how long a failure has lasted is,
    as far as `--confirm` asks; a fingerprint that is similar to the other is the same."""
    return old == new or _timeless(old) == _timeless(replace(new, fingerprint=_kept(old, new)))


def _kept(old: Line, new: Line) -> str:
    is_similar = similarity(_whole(old.fingerprint), _whole(new.fingerprint)) >= _SIMILAR
    return old.fingerprint if is_similar else new.fingerprint


def _timeless(line: Line) -> Line:
    if line.state in ALIVE:
        return replace(line, at="", since=())
    first, *between = line.since or (line.at,)
    lasts = time_of(line.at) - time_of(first)
    stage = sum(lasts >= one for one in _STAGES)
    return replace(line, at="", since=(first, *between, str(stage)))


def is_same_text(old: bytes | str, new: bytes | str) -> bool:
    """`is_same` for two lines as they are written, which have been read before."""
    return old == new or is_same(from_json(Line, old), from_json(Line, new))


def time_written(record: Record) -> datetime:
    """The time that the line of a record gives for its look."""
    return time_of(_timed(record).at)
