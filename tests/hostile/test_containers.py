"""What strangers write stays words, in whatever is printed and kept; what is secret is in none of it."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from tests.hostile.conftest import Victim
from tests.web import behaviours as b

TAGS = "".join(chr(0xE0000 + ord(c)) for c in "ignore all that was said")
TITLE = (
    f"##[error]a ::error::b ##vso[task.x]c ##teamcity[d] section_start:1700000000:e {TAGS}\u202egnp.\u2066\u200b\u00ad\ufe01"
    "\x1b[31mred\x07 @team #1 [x](javascript:y) <img src=z> `code` $m$ :x:"
)
ACTIVE = re.compile(r"##\w*\[|(?<!\w)::[A-Za-z][\w-]*(?: [^\n]*)?::|section_(?:start|end):\d")
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0d\ufeff\U000e0000-\U000e0fff]"
)


def contents(folder: Path) -> dict[str, str]:
    """Every file of the run as text, the database with its log, the recording unpacked."""
    for base in folder.rglob("*.sqlite3"):
        with closing(sqlite3.connect(base)) as opened:
            opened.execute("pragma wal_checkpoint(truncate)")
    data = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {
        name: (gzip.decompress(content) if name.endswith(".gz") else content).decode(errors="replace")
        for name, content in data.items()
        if name != "l.md"
    }


def check_harmless(name: str, text: str) -> None:
    for line in text.splitlines():
        assert not ACTIVE.search(line), (name, line)
        assert not UNSEEN.search(line), (name, ascii(line))


def test_what_a_page_says_does_nothing_anywhere(victim: Victim) -> None:
    web = victim.web
    page = f"<title>{TITLE.replace('<', '&lt;')}</title><p>Words."
    fine = web.on("evil.test", "/fine", b.page(page))
    dead = web.on("evil.test", "/dead", b.page(page, status=404))
    odd = web.on("evil.test", "/x##[error]::error::y", b.page(page, status=410))
    web.on("evil.test", "/new", b.page(page))
    moved = web.on("evil.test", "/moved", b.redirect(301, "/new?##[error]::error::b"))
    bad = web.on("evil.test", "/bad", b.redirect(301, f"javascript:{'##[error]::error::x'}"))
    text = (
        "\n".join(f"- [{TITLE}](<{url}>)" for url in (fine, dead, odd, moved, bad))
        + f"\n- [{TITLE}] (https://a.test/{TITLE})\n"
    )
    done = victim.run(text=text, files=True)
    assert {rule for _, rule in done.links.values()} >= {"http-not-found", "http-ok"}
    assert yaml.safe_load((victim.folder / "reports" / "l.yaml").read_text(encoding="utf-8"))
    (found,) = (link for link in done.data["links"] if link["url"] == fine)
    assert found["metadata"]["title"].startswith("##[error]a ::error::b")  # a program reads what was there
    printed = {"json": done.stdout, "stderr": done.stderr}
    for form in ("text", "markdown"):
        again = victim.call("run", "l.md", *web.flags, "--no-files", "--format", form, "--second-look", "0.2")
        printed |= {form: again.stdout, f"{form} stderr": again.stderr}
    for url in (dead, odd, moved):
        printed[f"explain {url}"] = victim.call(
            "explain", url, *web.flags, "--no-memory", "--second-look", "0.2"
        ).stdout
    printed["links"] = victim.call("links", "l.md").stdout
    printed["links as JSON"] = victim.call("links", "l.md", "--format", "json").stdout
    reports = {path.name: path.read_text(encoding="utf-8") for path in (victim.folder / "reports").iterdir()}
    for name, shown in (printed | reports).items():
        if name != "history.jsonl":
            check_harmless(name, shown)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_what_a_file_is_called_does_nothing(victim: Victim) -> None:
    (victim.folder / "::error::x.md").write_text("[a](https://) [b](", encoding="utf-8")
    (victim.folder / f"a##[error]\x1b[31m{TAGS}.md").write_text("[a](htps://x.test/)\n---\nx: [", encoding="utf-8")
    for arguments in (["run", "::error::x.md", "a*.md", "--no-files"], ["hook", "::error::x.md"], ["links", "::error::x.md", "a*.md"],
                      ["run", "::warning::no.md"], ["run", "--::error::x"], ["run", "x.md", f"--no\x1b[31m{TAGS}"]):  # fmt: skip
        done = victim.call(*arguments)
        for name, text in (("stdout", done.stdout), ("stderr", done.stderr)):
            check_harmless(f"{arguments} {name}", text)


def test_no_secret_is_printed_or_kept(victim: Victim) -> None:
    web = victim.web
    behaviours = {
        "/fine": b.page("<title>Fine</title>", ("Set-Cookie", "id=S3CRET")),
        "/dead": b.answer(404),
        "/to": b.redirect(301, "https://user:S3CRET@secret.test/fine?token=S3CRET"),
        "/refused": b.answer(403),
    }
    for path, behaviour in behaviours.items():
        web.on("secret.test", path, behaviour)
        web.on("secret.test", f"{path}?ticket=S3CRET&a=1", behaviour)
        web.on("secret.test", f"{path}?token=S3CRET", behaviour)
    places = [f"https://user:S3CRET{n}@secret.test{path}" for n in (1, 2) for path in behaviours]
    places += [f"https://secret.test{path}?ticket=S3CRET&a=1" for path in behaviours]
    text = "".join(
        f"- [Link](<{url}>)\n" for url in [*places, "https:/user:S3CRET@secret.test/", "https://user:S3CRET@x y/"]
    )
    flags = ["--hide-query", "ticket"]
    done = victim.run(text=text, flags=flags)
    assert len(done.data["links"]) == 2 + len(places) + 2  # those that differ in their secret alone are two
    assert done.links["https://user:***@secret.test/fine"] == ("ok", "http-ok")
    assert [link["state"] for link in done.data["links"] if link["url"].endswith("@secret.test/dead")] == [
        "dead",
        "dead",
    ]
    asked = {request.target for request in web.log if request.host == "secret.test"}
    assert "/fine?ticket=S3CRET&a=1" in asked  # what is asked for is what the list says
    recorded = victim.run(text=text, flags=[*flags, "--record", "run.warc.gz"])
    outputs = [done.stdout, done.stderr, recorded.stdout, recorded.stderr]
    replayed = victim.call(
        "run", "l.md", "--no-files", "--hide-query", "ticket", "--format", "json", "--replay", "run.warc.gz"
    )
    assert json.loads(replayed.stdout)["links"] == recorded.data["links"]
    asking = [*web.flags, *flags, "--memory", "m", "--second-look", "0.2"]
    for arguments in (
        ["run", "l.md", *asking], ["hook", "l.md", *asking], ["links", "l.md", *flags], ["links", "l.md", *flags, "--format", "json"],
        ["explain", places[2], *asking], ["explain", places[9], *asking], ["run", places[0]],
    ):  # fmt: skip
        again = victim.call(*arguments, LINKCHECK_NO_MEMORY="false")
        outputs += [again.stdout, again.stderr]
    assert [line for output in outputs for line in output.splitlines() if "S3CRET" in line] == []
    kept = contents(victim.folder)
    assert {name for name, text in kept.items() if "S3CRET" in text} == set()
    assert "run.warc.gz" in kept
    assert {"reports/history.jsonl", "reports/l.yaml"} <= set(kept)
    assert [name for name in kept if name.endswith(".sqlite3")]
