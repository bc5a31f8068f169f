"""A list as people keep them: 1,000 links, 400 of them papers, against sites that limit the rate.

arXiv gives a page a second and its API an answer at any time, GitHub five pages a second, YouTube
oEmbed and watch pages; the rest are 300 hosts, most with one link. A few links of each kind are
dead. Only linkcheck is run here: lychee cannot be shown a stand-in for a name and a port at once.
"""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from bench.crawl import BIN
from tests.web import Web, environment
from tests.web.behaviours import Behaviour, Received, Wire, answer, page, slow
from tests.web.reading_list import Paper, Video, arxiv_api, oembed, watch

PAPERS, REPOSITORIES, VIDEOS, OTHERS, HOSTS = 400, 100, 40, 460, 300
DEAD_OF_EACH = 5


def throttled(a_second: float, then: Behaviour) -> Behaviour:
    """A token bucket: so many answers a second, else 429 with `Retry-After: 1`."""
    bucket = [a_second, time.monotonic()]

    async def behave(request: Received, wire: Wire) -> None:
        now = time.monotonic()
        bucket[:] = [min(a_second, bucket[0] + (now - bucket[1]) * a_second), now]
        if bucket[0] < 1:
            return await answer(429, b"", ("Retry-After", "1"))(request, wire)
        bucket[0] -= 1
        return await then(request, wire)

    return behave


def titled(title: str) -> Behaviour:
    return slow(0.12, page(f"<!doctype html><html lang=en><title>{title}</title><h1>{title}</h1><p>{'Words. ' * 300}"))


def build(web: Web) -> dict[str, bool]:
    """Every link, and whether it is alive."""
    chance, links = random.Random(3), dict[str, bool]()
    day = "2020-01-31"
    papers = [Paper(f"2001.{n:05d}", 1, day, day, f"Paper {n}", ("Ann Lee",), "cs.LG") for n in range(1, PAPERS + 1)]
    videos = [Video(f"video{n:06d}", f"Video {n}", "A channel", 60, day) for n in range(VIDEOS)]
    web.on("export.arxiv.org", "/api/query", slow(0.5, arxiv_api(tuple(papers[DEAD_OF_EACH:]))))
    web.on("arxiv.org", "*", throttled(1, answer(404, b"not found", ("Content-Type", "text/html"))))
    for n, paper in enumerate(papers):
        links[f"https://arxiv.org/{chance.choice(('abs', 'pdf'))}/{paper.id}"] = n >= DEAD_OF_EACH
    web.on("www.youtube.com", "/oembed", slow(0.12, oembed(tuple(videos[DEAD_OF_EACH:]), ("", "", ""))))
    web.on("www.youtube.com", "/watch", slow(0.12, watch(tuple(videos[DEAD_OF_EACH:]))))
    for n, video in enumerate(videos):
        links[f"https://youtu.be/{video.id}"] = n >= DEAD_OF_EACH
    web.on("github.com", "*", throttled(5, titled("A repository")))
    for n in range(REPOSITORIES):
        links[f"https://github.com/somebody/repository-{n}"] = True
    for n in range(OTHERS):
        host = f"host{n if n < HOSTS else chance.randrange(20)}.example"
        links[web.on(host, f"/{n}", answer(404) if n < DEAD_OF_EACH else titled(f"Post {n}"))] = n >= DEAD_OF_EACH
    shuffled = list(links)
    chance.shuffle(shuffled)
    return {link: links[link] for link in shuffled}


def main() -> None:
    with Web() as web, tempfile.TemporaryDirectory() as folder:
        links = build(web)
        file = Path(folder) / "list.md"
        file.write_text("".join(f"- [T{n}]({link})\n" for n, link in enumerate(links)))
        started = time.monotonic()
        done = subprocess.run(
            [str(BIN / "linkcheck"), "run", str(file), "--no-files", "--format", "json", "--no-memory", *web.flags],
            capture_output=True, env=environment(web), check=False,
        )  # fmt: skip
        wall = time.monotonic() - started
        found = json.loads(done.stdout)["links"]
        wrong = [
            (link["url"], link["reason"]) for link in found if links[link["url"]] != (link["state"] in ("ok", "moved"))
        ]
        bare = [link["url"] for link in found if links[link["url"]] and not link["metadata"]]
        api = [received.at for received in web.asked("export.arxiv.org")]
    print("| workload | s | requests | wrong verdicts | living links without metadata |")
    print("|---|---:|---:|---:|---:|")
    print(f"| reading: {len(links)} links | {wall:.1f} | {len(web.log)} | {len(wrong)} | {len(bare)} |")
    print(f"\n{len(api)} requests to arXiv's API, at least {min(b - a for a, b in pairwise(api)):.2f} s apart")
    for line in [*wrong[:5], *bare[:5]]:
        print(line)


if __name__ == "__main__":
    main()
