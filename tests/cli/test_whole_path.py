"""The whole path of one contribution, on real repositories and through real pre-commit (issue 12)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.test_pre_commit import DEFINED, Commits
from tests.conftest import LINKCHECK
from tests.web import Web, environment
from tests.web import behaviours as b

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the command lines below are POSIX")
OLD = "# List\n\n## Set up\n\n- [gone long ago](https://a.test/old)\n- [also](https://a.test/older)\n"
GOOD = "- [good](https://a.test/ok)\n"
WRONG = "- [new](https://a.test/dead)\n- [typed](https:/a.test/ok)\n- [above](#set_up)\n"


@pytest.fixture
def commits(web: Web, tmp_path: Path) -> Commits:
    """A list with old dead links, and the hook of .pre-commit-hooks.yaml, installed already (language: system)."""
    for path in ("/old", "/older", "/dead"):
        web.on("a.test", path, b.page(status=404))
    web.on("a.test", "/ok", b.page("<title>A good page</title>"))
    folder, home = tmp_path / "list", str(tmp_path / "home")
    folder.mkdir()
    flags = [*web.flags, "--second-look", "0.2"]
    hook: dict[str, Any] = DEFINED[0] | {"entry": f"{LINKCHECK} hook", "language": "system", "args": [*flags, "--"]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]}))
    made = Commits(
        folder,
        environment(
            web, HOME=home, PRE_COMMIT_HOME=home, XDG_CACHE_HOME=f"{home}/cache", LINKCHECK_NO_MEMORY="false",
            LINKCHECK_MEMORY=f"{home}/memory",
        ),
    )  # fmt: skip
    (folder / "l.md").write_text(OLD)
    assert made.commit("before there was a hook")[0]
    assert made.run(str(Path(sys.executable).parent / "pre-commit"), "install").returncode == 0
    return made


def test_a_contribution_from_its_first_link_to_the_pull_request(commits: Commits, web: Web, tmp_path: Path) -> None:
    flags, file = [*web.flags, "--second-look", "0.2"], commits.folder / "l.md"
    commits.repository.git("switch", "--quiet", "--create", "contribution")

    file.write_text(OLD + GOOD)
    is_done, said = commits.commit("a good link")
    assert is_done, said

    file.write_text(OLD + GOOD + WRONG)
    is_done, said = commits.commit("three wrong ones")
    assert not is_done
    assert not web.asked("a.test", "/old")  # somebody else's link
    lines = [line for line in said.splitlines() if line.startswith(("l.md:", "  help: did you mean", "help: "))]
    assert lines == [
        "l.md:8:9: dead[http-not-found] https://a.test/dead: HTTP 404 twice, seconds apart and asked in two ways",
        "l.md:9:11: invalid[malformed-link] https:/a.test/ok: https: is not followed by two slashes",
        "  help: did you mean https://a.test/ok ?",
        "l.md:10:11: dead[missing-fragment] #set_up: l.md has no #set_up; the nearest is #set-up",
        "  help: did you mean #set-up ?",
        "help: this mends 2 links: linkcheck fix --write -- l.md",
    ]

    mended = commits.run(LINKCHECK, "fix", *flags, "l.md", "--write")
    assert (mended.returncode, mended.stderr) == (0, "2 links in 1 file mended\n")
    assert file.read_text() == OLD + GOOD + WRONG.replace("https:/a", "https://a").replace("set_up", "set-up")
    commits.repository.git("add", ".")
    again = commits.run(LINKCHECK, "fix", *flags, "l.md", "--write")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "nothing to mend\n")
    file.write_text(file.read_text().replace("- [new](https://a.test/dead)\n", ""))
    asked = len(web.asked("a.test", "/old"))
    is_done, said = commits.commit("mended")
    assert is_done, said
    assert len(web.asked("a.test", "/old")) == asked  # `fix` has to look at all links; the hook never did

    commits.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    there = Path(os.path.relpath(tmp_path / "clone", commits.folder)).as_posix()
    judged = commits.run(LINKCHECK, "run", *flags, "--since", "origin/main", ".", at=there)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert judged.stdout == "2 links: 2 ok; 2 not judged, since the change does not add them\n"
    (tmp_path / "clone" / "l.md").write_text(OLD + GOOD + WRONG)
    judged = commits.run(LINKCHECK, "run", *flags, "--since", "origin/main", ".", at=there)
    assert judged.returncode == 1
    assert [line.split(": ")[1] for line in judged.stdout.splitlines() if line.startswith("l.md:")] == [
        "dead[http-not-found] https://a.test/dead",
        "invalid[malformed-link] https:/a.test/ok",
        "dead[missing-fragment] #set_up",
    ]
    assert not (tmp_path / "clone" / "reports").exists()
