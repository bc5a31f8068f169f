"""Lists and repositories that make their own links costly, or ask for what lies outside."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.hostile.conftest import Victim
from tests.web import behaviours as b

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are POSIX")
SECRET = "# Key of the house\n"


@pytest.fixture
def repository(victim: Victim) -> Path:
    """A checkout, in which the victim runs, with a secret beside it."""
    outside = victim.folder
    victim.folder = outside / "checkout"
    (victim.folder / ".git").mkdir(parents=True)
    (outside / "secret.md").write_text(SECRET)
    return victim.folder


def states(victim: Victim, text: str) -> dict[str, str]:
    """The rule that decided on each link of a list, between two honest ones."""
    done = victim.run(text=text)
    return {url: rule for url, (_, rule) in done.links.items() if url not in victim.honest}


def test_nothing_outside_is_opened_or_told(victim: Victim, repository: Path) -> None:
    (repository / "out").symlink_to("..")
    (repository / "key.md").symlink_to("../secret.md")
    outside = repository.parent / "secret.md"
    urls = [
        "../secret.md#key", "../none.md#key", "out/secret.md#key", "out/none.md", "key.md#key", "%2e%2e/secret.md",
        "..%2fsecret.md", "out/checkout/l.md", ".git/config", "out/../secret.md/../../secret.md", "/../../etc/passwd",
    ]  # fmt: skip
    found = states(victim, " ".join(f"[t]({url})" for url in urls))
    assert set(found.values()) == {"relative-link"}
    assert outside.read_text() == SECRET


def test_pipes_and_loops_end_nothing(victim: Victim, repository: Path) -> None:
    os.mkfifo(repository / "pipe.md")
    (repository / "loop").symlink_to("loop")
    (repository / "self").symlink_to(".")
    found = states(
        victim, f"[a](pipe.md#x) [b](loop#x) [c](loop/x) [d]({'self/' * 5_000}none.md) [e]({'../' * 50_000}x)"
    )
    assert found["pipe.md#x"] == "relative-link"
    assert found["loop/x"] == "missing-file"


def test_thousands_of_missing_files_beside_thousands_of_names_alike(victim: Victim, repository: Path) -> None:
    folder = repository / "docs"
    folder.mkdir()
    for number in range(2_000):
        (
            folder
            / f"{'a' * 60}{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{'b' * (number // 676)}{'c' * 30}.md"
        ).write_text("")
    lines = "".join(f"- [t](docs/{'a' * 60}{'x' * (n % 7)}{n % 10_000}{'c' * 25}.md#x)\n" for n in range(5_000))
    (repository / "l.md").write_text(lines)
    done = victim.call("links", "l.md")
    assert done.code == 0
    assert done.stdout.count("dead[missing-file]") + done.stdout.count("skipped[relative-link]") == 5_000


def test_a_remote_that_is_no_url_is_nobodys(victim: Victim, repository: Path) -> None:
    (repository / ".git/config").write_bytes(
        b'[remote "origin"]\n\turl = ' + b"a" * 100_000 + b"@:/\n" + b'[remote "' * 10_000
    )
    page = victim.web.on("forge.test", "/own/name/blob/main/a.md", b.page())
    assert states(victim, f"[t]({page})")[page] == "http-ok"
