"""`linkcheck hook`: blocks what is dead, never what is only unknown; and pre-commit for real."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.cli.test_run import write
from tests.conftest import LINKCHECK, Program
from tests.shared import ROOT
from tests.web import Web, environment
from tests.web import behaviours as b


def test_no_knowledge_blocks_no_commit(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.on("fine.test", "/", b.page())
    web.names["servfail.test"] = "servfail"
    urls = [
        web.on("x.test", "/403", b.page(status=403)), web.on("x.test", "/429", b.rate_limited(99, "3600", b.page())),
        web.on("x.test", "/500", b.page(status=500)), web.on("x.test", "/401", b.page(status=401)),
        web.on("reset.test", "/", b.reset), "https://servfail.test/", web.on("x.test", "/moved", b.redirect(301, "/ok")),
        web.on("x.test", "/ok", b.page()),
    ]  # fmt: skip
    write(tmp_path, *urls)
    done = linkcheck("hook", "l.md")
    assert (done.returncode, done.stdout) == (0, ""), done.stdout


def test_a_dead_link_blocks_the_commit(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/ok", b.page()), web.on("a.test", "/404", b.page(status=404)), "http:/a.test/x")
    done = linkcheck("hook", "l.md")
    assert done.returncode == 1
    assert "l.md:4:8: dead[http-not-found] https://a.test/404" in done.stdout
    assert "invalid[malformed-link]" in done.stdout


def test_no_network_blocks_nothing(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    web.names["example.com"] = "servfail"
    write(tmp_path, "https://no-such.test/")
    done = linkcheck("hook", "l.md", "--attempts", "1")
    assert (done.returncode, done.stdout) == (0, "")
    assert "links were not checked" in done.stderr


def test_no_files_are_fine(linkcheck: Program) -> None:
    assert linkcheck("hook").returncode == 0


def test_the_budget_holds(web: Web, linkcheck: Program, tmp_path: Path) -> None:
    write(tmp_path, *(web.on(f"slow{n}.test", "/", b.slow(60, b.page())) for n in range(20)))
    started = time.monotonic()
    assert linkcheck("hook", "l.md", "--budget", "1.5").returncode == 0
    assert time.monotonic() - started < 8


@pytest.mark.skipif(os.name == "nt", reason="the command line below is POSIX")
def test_pre_commit_itself_blocks_a_dead_link_and_lets_a_good_one_pass(web: Web, tmp_path: Path) -> None:
    """The hook as .pre-commit-hooks.yaml defines it, installed already (language: system) to stay off the network."""
    (defined,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    entry = defined["entry"].replace("linkcheck", LINKCHECK, 1)
    hook = defined | {
        "entry": entry,
        "language": "system",
        "args": [*web.flags, "--second-look", "0.2", *defined["args"]],
    }
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]}))
    inside = environment(web, HOME=str(tmp_path), PRE_COMMIT_HOME=str(tmp_path / ".cache"))

    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=inside, capture_output=True, text=True, check=False)

    assert git("init", "-q").returncode == 0
    pre_commit = [str(Path(sys.executable).parent / "pre-commit"), "install"]
    subprocess.run(pre_commit, cwd=tmp_path, env=inside, check=True, capture_output=True)

    write(tmp_path, web.on("a.test", "/ok", b.page()), web.on("a.test", "/404", b.page(status=404)))
    git("add", ".")
    refused = git("commit", "-m", "a dead link")
    assert refused.returncode != 0
    assert "dead[http-not-found] https://a.test/404" in refused.stdout + refused.stderr

    write(tmp_path, "https://a.test/ok")
    git("add", ".")
    accepted = git("commit", "-m", "a good link")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
