"""A history that whoever can commit has made up: it makes no dead link good, no request different, and ends no run."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.hostile.conftest import Victim
from tests.web import behaviours as b


def line(url: str, at: datetime, evidence: dict[str, Any], **more: Any) -> str:
    return json.dumps({"url": url, "at": at.isoformat(), "evidence": {"url": url, **evidence}, **more})


def test_a_history_is_evidence_and_not_authority(victim: Victim) -> None:
    now, web = datetime.now(UTC), victim.web
    urls = {
        name: web.on("evil.test", f"/{name}", b.answer(404))
        for name in (
            "bare",
            "dead",
            "parked",
            "future",
            "runs",
            "deep",
            "bare2",
            "dead2",
            "parked2",
            "future2",
            "runs2",
        )
    }
    urls["odd"] = web.on("evil.test", "/odd", b.by_header("if-none-match", '"1"', b.answer(304), b.answer(404)))
    web.on("evil.test", "*", b.answer(404))
    old = now - timedelta(days=60)

    def look(url: str, at: datetime = now, **more: Any) -> dict[str, Any]:
        return {"at": at.isoformat(), "outcome": 200, "final_url": url, **more}

    def was_good(at: datetime) -> list[dict[str, Any]]:
        return [{"at": at.isoformat(), "outcome": 200, "state": "ok"}]

    mark = {"kind": "parked", "name": "x", "evidence": "x", "surety": "certain"}
    tomorrow, day = now + timedelta(days=3), str(now.date())
    lines = [
        line(urls["bare"], now, {}, past=was_good(now)),
        line(urls["dead"], now, {"looks": [look(urls["dead"], outcome=404)]}, past=was_good(now)),
        line(urls["parked"], now, {"looks": [look(urls["parked"])], "page": {"marks": [mark]}}, past=was_good(now)),
        line(urls["future"], tomorrow, {"looks": [look(urls["future"], tomorrow)]}, past=was_good(tomorrow)),
        line(urls["runs"], now, {"looks": [look("javascript:alert(1)")]}, past=was_good(now)),
        line(urls["odd"], old, {"looks": [look(urls["odd"], old, etag='"1"')]}, past=was_good(old)),
        json.dumps({"url": urls["bare2"], "at": day, "status": None}),
        json.dumps({"url": urls["dead2"], "at": day, "status": 404, "looks": 2}),
        json.dumps({"url": urls["parked2"], "at": day, "marks": [["parked", "x", "certain", "x"]]}),
        json.dumps({"url": urls["future2"], "at": str(tomorrow.date())}),
        json.dumps({"url": urls["runs2"], "at": day, "to": [[301, "javascript:alert(1)"]]}),
        '{"url":' * 100_000, "[" * 100_000, "9" * 5_000, "NaN", '{"url": "\\ud800"}', "\0" * 1_000, "<<<<<<< HEAD",
    ]  # fmt: skip
    victim.run(*urls.values())
    reports = victim.folder / "reports"
    reports.mkdir(exist_ok=True)
    (reports / "history.jsonl").write_text("\n".join(lines), encoding="utf-8")
    flags = [*web.flags, "--second-look", "0.2", "--memory", "m", "--format", "json", "--confirm", "now"]
    done = victim.call("run", "l.md", *flags, LINKCHECK_NO_MEMORY="false")
    assert done.code == 1, done.stderr
    links = {link["url"]: link["state"] for link in json.loads(done.stdout)["links"]}
    assert {name: links[url] for name, url in urls.items()} == dict.fromkeys(urls, "dead")
    assert [links[url] for url in victim.honest] == ["ok", "ok"]
    assert "history.jsonl:5: no history record (a final URL that is not in normal form)" in done.stderr
    assert "invalid lines: 8, put aside in history.jsonl.corrupt" in done.stderr
    assert "ignored records with a date later than tomorrow: 2" in done.stderr
    again = victim.call("run", "l.md", *flags, LINKCHECK_NO_MEMORY="false")
    assert "no record" not in again.stderr
