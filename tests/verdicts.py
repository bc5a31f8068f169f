"""`make verdicts`: how right the verdicts are, on recorded pages and on reported false verdicts.

The pages are judged twice: as if each had come with HTTP 200 (no history, no probe), and with the
status and headers they were recorded with. The reported false verdicts of other tools are built as
scenarios in the small internet and looked at by the installed program. Usage: python -m tests.verdicts
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from linkcheck import page, urls
from linkcheck.judge import judge
from linkcheck.model import Evidence, Observation, Request, Sighting, State, Url, Verdict
from tests.lies import Outcome, lies
from tests.shared import DATA

PAGES = DATA / "verdict"
NEVER_DEAD = ("ok", "blocked", "restricted", "unreachable")


class Judged(NamedTuple):
    """A recorded page, its label and what we say of it."""

    file: str
    expected: str
    verdict: Verdict

    @property
    def is_condemned(self) -> bool:
        return self.verdict.state in (State.DEAD, State.GONE)


def corpus() -> list[dict[str, str]]:
    with (PAGES / "index.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def judged(*, recorded: bool) -> list[Judged]:
    """Every page of the corpus, with its `recorded` status and headers or as if it had come with 200."""
    return [Judged(row["file"], row["expected_verdict"], _verdict(row, recorded=recorded)) for row in corpus()]


def _verdict(row: dict[str, str], *, recorded: bool) -> Verdict:
    body = (PAGES / "pages" / row["file"]).read_bytes()
    address = row["url"] if row["url"].startswith("http") else f"https://{row['url'] or 'site.example/some/page.html'}"
    url = urls.normalise(address) or Url(address)
    status = int(row["recorded_status"] or 200) if recorded else 200
    headers = {"content-type": "application/json" if body.lstrip()[:1] == b"{" else "text/html"}
    if recorded:
        headers |= _headers(row["file"])
    looks = tuple(
        Sighting(datetime(2026, 11, 1, tzinfo=UTC), status, url, look=look) for look in (1, 2)[: 1 + (status == 404)]
    )
    found = page.read(Observation(Request(url), looks[-1], headers, body[:524_288]))
    return judge(Evidence(url, looks=looks, page=found)).first


def _headers(file: str) -> dict[str, str]:
    path = PAGES / "pages" / f"{file}.headers.json"
    if not path.exists():
        return {}
    told = json.loads(path.read_text(encoding="utf-8")).get("headers", {})
    kept = ("cf-mitigated", "content-type", "x-vercel-error", "x-amzn-waf-action", "server")
    return {name: str(value) for name, value in told.items() if name in kept}


def figures(found: list[Judged]) -> dict[str, tuple[int, int]]:
    """(hits, of) for each of the aims."""
    dead = [one for one in found if one.expected == "dead"]
    alive = [one for one in found if one.expected in NEVER_DEAD]
    blocked = [one for one in found if one.expected == "blocked"]
    return {
        "pages that are not dead, called dead or gone": (sum(one.is_condemned for one in alive), len(alive)),
        "dead pages called dead or gone": (sum(one.is_condemned for one in dead), len(dead)),
        "screens called blocked": (sum(one.verdict.state is State.BLOCKED for one in blocked), len(blocked)),
    }


def confusion(found: list[Judged]) -> Iterator[str]:
    counts = Counter((one.expected, one.verdict.state.value) for one in found)
    states = [state.value for state in State if any(counts[expected, state.value] for expected, _ in counts)]
    yield f"| label | pages | {' | '.join(states)} |"
    yield f"|---|---:|{'---:|' * len(states)}"
    for expected in dict.fromkeys(one.expected for one in found):
        total = sum(counts[expected, state] for state in states)
        yield f"| {expected} | {total} | {' | '.join(str(counts[expected, state] or '') for state in states)} |"


def told(outcomes: list[Outcome]) -> Iterator[str]:
    alive, dead = [o for o in outcomes if o.is_alive], [o for o in outcomes if not o.is_alive]
    yield "| reported false verdicts, as scenarios | | |"
    yield "|---|---:|---:|"
    yield f"| really alive, and failing here | {sum(o.is_failing for o in alive)} | of {len(alive)} |"
    yield f"| really dead, and not ok here | {sum(o.state != 'ok' for o in dead)} | of {len(dead)} |"
    for one in (*(o for o in alive if o.is_failing), *(o for o in dead if o.state == "ok")):
        yield f"<!-- missed: {one.name} → {one.state} -->"


def main() -> int:
    if not PAGES.exists():
        print(f"no recorded pages at {PAGES} (set LINKCHECK_SHARED)")
        return 0
    for recorded in (False, True):
        found = judged(recorded=recorded)
        print(f"\n### {'With recorded status and headers' if recorded else 'As if each page had come with HTTP 200'}\n")
        print("\n".join(confusion(found)))
        print("\n| aim | | |\n|---|---:|---:|")
        for name, (hits, total) in figures(found).items():
            print(f"| {name} | {hits} of {total} | {hits / total:.3f} |")
    print("\n### Reported false verdicts\n")
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(told(lies(Path(folder)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
