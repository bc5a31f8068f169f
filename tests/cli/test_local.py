"""The repository's own links on the command line: run, links and hook judge them without a request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linkcheck.cli import local
from linkcheck.errors import SettingsError
from linkcheck.settings import ConfigFile, Trust, load
from tests.answers import link
from tests.conftest import Program
from tests.git.repository import Repository
from tests.web import Web

HUB = "https://github.com/own/name"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    found = Repository(tmp_path)
    found.git("remote", "add", "origin", "git@github.com:own/name.git")
    found.commit({"docs/guide.md": "# Set up\n", "CHANGELOG.md": "## 1.1.0\n"})
    return found


def test_a_list_with_good_links_of_its_repository(repository: Repository, linkcheck: Program, web: Web) -> None:
    links = f"[a](docs/guide.md#set-up) [b](#list) [c]({HUB}/blob/main/docs/guide.md) [d]({HUB}/releases/tag/v1.1.0)"
    repository.write({"l.md": f"# List\n\n{links}\n"})
    done = linkcheck("run", "l.md", "--no-files")
    assert (done.returncode, done.stdout) == (0, "4 links: 1 pending, 3 ok\n"), done.stderr
    assert web.log == []
    assert linkcheck("hook", "l.md").returncode == 0


def test_a_missing_file_fails_a_run_and_blocks_a_commit(repository: Repository, linkcheck: Program, web: Web) -> None:
    repository.write({"l.md": "[a](docs/giude.md) [b](docs/guide.md#setup)\n"})
    told = "l.md:1:5: dead[missing-file] docs/giude.md: there is no docs/giude.md; the nearest is docs/guide.md\n"
    for command in (("run", "--no-files"), ("hook",)):
        done = linkcheck(*command, "l.md")
        assert done.returncode == 1
        assert told in done.stdout
        assert "help: did you mean docs/guide.md ?" in done.stdout
        assert "dead[missing-fragment] docs/guide.md#setup: docs/guide.md has no #setup" in done.stdout
    assert web.log == []


def test_links_prints_them_as_others(repository: Repository, linkcheck: Program) -> None:
    repository.write({"l.md": "[a](docs/giude.md) [b](docs/guide.md) [c](x.md)\n"})
    lines = linkcheck("links", "l.md").stdout.splitlines()
    assert lines == [
        "l.md:1:5: docs/giude.md dead[missing-file]: there is no docs/giude.md; the nearest is docs/guide.md",
        "  help: did you mean docs/guide.md ?",
        "l.md:1:24: docs/guide.md ok[file-there]: it is in the repository",
        "l.md:1:43: x.md dead[missing-file]: there is no x.md",
        "  help: add the file, or mend or take out the link",
    ]
    found = json.loads(linkcheck("links", "l.md", "--format", "json").stdout)["links"]
    assert [(one["state"], one.get("repair")) for one in found] == [
        ("dead", "docs/guide.md"),
        ("ok", None),
        ("dead", None),
    ]


def test_what_is_said_is_safe_to_print(repository: Repository, linkcheck: Program) -> None:
    name = "\u202e%1b[31m%0A::error::x.md"
    repository.write(
        {"l.md": f"[a](docs/{name}) [b](docs/{name[:-4]}y.md)\n", "docs/\u202e\x1b[31m\n::error::y.md": ""}
    )
    for command in (("run", "--no-files"), ("links",), ("hook",)):
        done = linkcheck(*command, "l.md")
        assert "dead[missing-file]" in done.stdout
        assert not {"\u202e", "\x1b"} & {*done.stdout, *done.stderr}
        assert not any(line.startswith("::") for line in done.stdout.splitlines())


def test_a_list_from_standard_input(repository: Repository, linkcheck: Program) -> None:
    done = linkcheck("links", "-", stdin="[a](docs/none.md) [b](#none)\n")
    assert [line.split(" ")[2] for line in done.stdout.splitlines()] == [
        "skipped[relative-link]:",
        "skipped[in-page-link]:",
    ]


def test_the_folder_of_the_site(repository: Repository, linkcheck: Program) -> None:
    repository.write({"l.md": "[a](/guide/) [b](/none/) [c](https://own.example/guide/#set-up)\n"})
    first = linkcheck("links", "l.md").stdout
    assert first.count("ok[file-there]") == 0
    assert first.count("skipped[relative-link]") == 2
    done = linkcheck("links", "l.md", "--root-dir", "docs", "--base", "https://own.example/")
    assert done.stdout.count("ok[file-there]") == 2
    assert done.stdout.count("dead[missing-file]") == 1
    repository.write({"linkcheck.toml": "root_dir = 'docs'\nbase = 'https://own.example'\n"})
    assert linkcheck("links", "l.md").stdout == done.stdout


def test_a_repository_names_no_folder_of_others(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs/out").symlink_to(tmp_path.parent)
    monkeypatch.chdir(tmp_path)
    for folder in ("..", "/", "docs/out", ".git"):
        file = ConfigFile("linkcheck.toml", {"root_dir": folder}, Trust.REPOSITORY)
        with pytest.raises(SettingsError, match="leads out of the repository"):
            local.judge(load("run", {}, {}, [file]))
        local.judge(load("run", {"root_dir": folder}, {}))


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"root_dir": "none"}, "there is no such folder"),
        ({"root_dir": "CHANGELOG.md"}, "there is no such folder"),
        ({"base": "own.example"}, "is not an http"),
        ({"base": "ftp://own.example"}, "is not an http"),
    ],
)
def test_settings_that_cannot_be(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: dict[str, str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=message):
        local.judge(load("run", flags, {}))


def test_one_checker_judges_all_links(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    judge = local.judge(load("run", {}, {}))
    found = [judge(link(url)) for url in ("docs/guide.md", "docs/none.md", "https://a.example/")]
    assert [one and one.state for one in found] == ["ok", "dead", None]


def test_the_rules_of_anchors_can_be_set(repository: Repository, linkcheck: Program) -> None:
    """Python-Markdown makes one hyphen of ` & `, GitHub two."""
    repository.write({"l.md": "# Q & A\n\n[a](#q-a)\n"})
    assert linkcheck("hook", "l.md").returncode == 1
    assert linkcheck("hook", "l.md", "--slugs", "mkdocs").returncode == 0
    refused = linkcheck("hook", "l.md", "--slugs", "word")
    assert refused.returncode == 2
    assert "github" in refused.stderr
