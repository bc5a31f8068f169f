"""A history that somebody has forged: whatever stands in it, no run ends of it, and its reports can be read."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest
import yaml

from linkcheck import report as reports
from linkcheck import sites
from linkcheck.crawl import Crawl, Job
from linkcheck.memory import Freshness, Store, facts, history, lines
from linkcheck.memory.line_schema import Good, Line, Probed, Site
from linkcheck.model import (
    Document,
    Evidence,
    Fault,
    Finding,
    Link,
    LinkKind,
    Observation,
    Record,
    Request,
    Sighting,
    Url,
    Value,
)
from linkcheck.plan import Choice, plan
from tests.answers import crawling, report, results
from tests.memory.values import NOW

WORDS = (
    "", "a", "\r\nX: y", "\x1b[31m\x07", "\u202e\u2028\x85", "é" * 3_000, "..", "²-05-٣", "9" * 4_000, "[x](javascript:1)",
    "https://", "http://[::1", "https://a.example:99999999/", "://@/", "https://a.example/\r\n", "arxiv", "state", "youtube-video",
    "<script>", "*a: &b", "%00", "text/html", "de",
)  # fmt: skip
URLS = (
    "https://a.example/",
    "http://[2001:db8::1]:8080/x?y=%20",
    "https://user:pw@b.example/%7Ba%7D/..%2F",
    "https://xn--bcher-kva.example/",
)
ANYTHING: tuple[Any, ...] = ("x", 7, -1.5, True, None, [], {}, ["a", {"b": [1]}], {"": 0}, 10**4_000, [[[]]], "\x1b")


def forged(kind: Any, chance: random.Random) -> Any:
    """Something of the type `kind`, as JSON has it."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        pattern = next((one.pattern for one in kind.__metadata__ if one.pattern), None)
        return chance.choice(["", "00ff00ff" * 16]) if pattern else forged(parts[0], chance)
    if origin in (Union, UnionType):
        return forged(chance.choice(parts), chance)
    if origin is tuple and parts[-1] is not Ellipsis:
        return [forged(part, chance) for part in parts]
    if origin is tuple:
        return [forged(parts[0], chance) for _ in range(chance.choice([0, 1, 3, 30]))]
    if origin is not None:
        return {str(forged(parts[0], chance)): forged(parts[1], chance) for _ in range(chance.choice([0, 2]))}
    if kind is Any:
        return chance.choice(ANYTHING)
    return simple(kind, chance)


def simple(kind: Any, chance: random.Random) -> Any:
    if kind is Url:
        return chance.choice(URLS)
    if issubclass(kind, Value):
        return {name: forged(hint, chance) for name, hint in hints(kind).items()} | fixed(kind, chance)
    if issubclass(kind, StrEnum):
        return chance.choice([one for one in kind if one is not Fault.INTERNAL_ERROR]).value  # never remembered
    values: dict[type, Any] = {
        str: chance.choice(WORDS), int: chance.choice([0, 200, 404, 304, 999]), float: chance.choice([0, 1e11]),
        bool: chance.random() < 0.5, type(None): None, datetime: (NOW - timedelta(days=chance.choice([0, 3, 5_000]))).isoformat(),
    }  # fmt: skip
    return values[kind]


def fixed(kind: type[Value], chance: random.Random) -> dict[str, Any]:
    """What has to be so in every record that is read."""
    if kind is Evidence:
        return {"past": [], "good": None}
    if kind in (Line, Good, Probed, Site):
        return {name: value for name, value in written(chance).items() if name in kind.__struct_encode_fields__}
    return {"replacement": chance.choice(["", *URLS])} if kind is Finding else {}


def written(chance: random.Random) -> dict[str, Any]:
    """What is written in a form of its own in a line."""
    return {
        "at": "2026-11-23", "since": chance.choice([[], ["2026-11-01T07:15Z"]]), "looks": chance.choice([1, 2]),
        "runs": chance.choice([[], [["dead", "2026-10-01T07:15Z", "2026-10-02"], ["ok", "2026-10-03"]]]),
        "print": chance.choice(["", "AAECAw", "AP8"]), "to": [[301, url] for url in chance.choices(URLS, k=chance.choice([0, 2]))],
        "new": chance.choice(["", *URLS]), "by": [forged(str, chance), [forged(str, chance)] * 2, [forged(str, chance)] * 3],
    }  # fmt: skip


@cache
def hints(kind: type[Value]) -> dict[str, Any]:
    """What each field may hold, by the name that it is stored under."""
    by_name = get_type_hints(kind, include_extras=True)
    return {
        stored: by_name[name]
        for stored, name in zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True)
    }


def document(number: int) -> Document:
    hosts = ("a.example/", "arxiv.org/abs/1706.", "www.youtube.com/watch?v=kCc8FmEb", "arxiv.org/pdf/1706.")
    links = [
        Link("l.md", n, 1, (0, 1), f"https://{hosts[n % 4]}{n:05}"[:200], LinkKind.INLINE) for n in range(1, number + 1)
    ]
    return Document("l.md", tuple(links))


def forge_lines(path: Path, of: Document, chance: random.Random) -> None:
    texts = []
    for target in plan([of], sites.discover(), Choice()).targets:
        line = forged(Line, chance) | {"url": target.url}
        if chance.random() < 0.5:  # else it is not fresh
            line["state"] = "ok"
        texts.append(json.dumps(line))
        lines.load(texts[-1])
    path.write_text("\n".join(texts))


def forge(path: Path, of: Document, chance: random.Random) -> None:
    texts = []
    for target in plan([of], sites.discover(), Choice()).targets:
        line = forged(Record, chance) | {"url": target.url, "at": (NOW - timedelta(hours=1)).isoformat()}
        line["evidence"]["url"] = target.url
        for look in line["evidence"]["looks"][-1:]:
            look["at"] = line["at"]
        if chance.random() < 0.5:  # else it is not fresh
            line["past"].append({"at": NOW.isoformat(), "outcome": 200, "state": "ok"})
        text = json.dumps(line)
        facts.load(text)
        texts.append(text)
    path.write_text("\n".join(texts))


def answers(request: Request, chance: random.Random) -> Observation:
    outcomes: tuple[int | Fault, ...] = (200, 304, 404, 429, Fault.RESET)
    outcome = chance.choice(outcomes)
    return Observation(
        request, Sighting(NOW, outcome, request.url), {"content-type": "text/html"}, b"<title>A</title><p>words"
    )


@pytest.mark.parametrize("forge_all", [forge, forge_lines])
@pytest.mark.parametrize("seed", range(3))
def test_no_record_ends_a_run(
    tmp_path: Path,
    seed: int,
    forge_all: Callable[[Path, Document, random.Random], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Crawl, "_commit_soon", lambda crawl, memory: memory.commit())
    chance, path, of = random.Random(seed), tmp_path / history.FILE, document(60)
    forge_all(path, of, chance)
    with Store(tmp_path / "memory", history_file=path, freshness=Freshness(timedelta(days=36_500))) as memory:
        crawl = crawling([of], Job(sites.discover(), memory=memory))
        assert 10 < sum(case.is_fresh for case in crawl.cases) < 60
        asked = list(crawl.requests())
        assert not [
            request for request in asked if not request.site and request.headers
        ]  # what others saw makes no request differ
        while asked:
            request = asked.pop()
            assert all(value.isprintable() for _, value in request.headers)
            asked += crawl.sink(answers(request, chance))
        found = report(*results(crawl))
    assert memory.notices == []
    assert not [one for one in found.checked if one.verdict.rule == "internal-error"]
    text = {name: "".join(reports.named(name).pieces(found)) for name in ("text", "json", "yaml", "markdown")}
    assert len(json.loads(text["json"])["links"]) == 60
    assert len(yaml.safe_load(text["yaml"])["references"]) == 60
    hostile = {"\x1b", "\x07", "\u202e", "\x85"}
    assert not any("pw@" in one for one in text.values())
    assert {name: [line for line in one.split("\n") if hostile & set(line)] for name, one in text.items()} == {
        name: [] for name in text
    }
    for one in text.values():
        one.encode()
    assert all(facts.load(facts.dump(one)) == one for one in memory.records.values())
    assert all(lines.dump(lines.load(lines.dump(one))) == lines.dump(one) for one in memory.records.values())
    with Store(tmp_path / "memory", history_file=path) as again:
        again.recall([target.url for target in crawl.plan.targets], NOW)
    assert again.notices == []
