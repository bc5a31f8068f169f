"""Repositories that try to reach outside themselves, or to stop who looks at their links."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
import yaml

from tests.conftest import LINKCHECK
from tests.hostile.conftest import Victim
from tests.web import behaviours as b
from tests.web import environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and modes are POSIX")
SECRET = "a secret\n"


@pytest.fixture
def repository(victim: Victim) -> Iterator[Path]:
    """A checkout, in which the victim runs, with `victim` beside it."""
    outside = victim.folder
    victim.folder = outside / "checkout"
    (victim.folder / ".git").mkdir(parents=True)
    (outside / "victim").write_text(SECRET)
    yield victim.folder
    assert (outside / "victim").read_text() == SECRET
    assert {path.name for path in outside.iterdir()} <= {"checkout", "victim", "home"}


def write(folder: Path, *urls: str, name: str = "l.md") -> None:
    (folder / name).write_text("".join(f"- [L]({url})\n" for url in urls))


def flags(victim: Victim) -> list[str]:
    return [*victim.web.flags, "--second-look", "0.2"]


# -- settings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "setting",
    [
        "record = '../victim'", "memory = '../memory'", "replay = '../victim'", "allow_private = true", "dns = '127.0.0.1'",
        "connect_to = ['::127.0.0.1:80']", "canary = 'http://169.254.169.254/'", "per_host = 200",
        "reports = '../'", "reports = '/tmp'", "reports = 'out'", "reports = '.git/hooks'", "reports = '.'",
        'reports = "a\\u0000b"', "timeout = 0x" + "f" * 9_999, "x = " + "[" * 99_999, "x = " + "1" * 5_000,
    ],
)  # fmt: skip
def test_settings_that_reach_out_are_refused_in_words(victim: Victim, repository: Path, setting: str) -> None:
    (repository / "linkcheck.toml").write_text(setting)
    (repository / "out").symlink_to("..")
    write(repository, *victim.honest)
    kept = [] if "record" in setting or "replay" in setting else ["--no-memory"]
    done = victim.call("run", "l.md", *kept)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    if setting.startswith("reports = '") and setting != "reports = '.'":
        assert "linkcheck.toml, reports\n" in done.stderr
    assert "help: " in done.stderr or "x = " in setting or "0x" in setting or "u0000" in setting
    assert victim.web.log == []
    assert (repository / "l.md").read_text().count("honest") == 2


def test_settings_of_run_do_not_touch_the_hook(victim: Victim, repository: Path) -> None:
    (repository / "linkcheck.toml").write_text("record = '../victim'\nreports = '../'\nreplay = '../victim'\n")
    write(repository, *victim.honest, victim.web.on("a.test", "/", b.page(status=410)))
    done = victim.call("hook", "l.md", *flags(victim))
    assert done.code == 1
    assert "l.md:3:7: dead[http-gone]" in done.stdout


def test_a_hook_does_not_pass_by_a_setting_that_is_refused(victim: Victim, repository: Path) -> None:
    (repository / "linkcheck.toml").write_text("canary = 'http://10.0.0.1/'\n")
    write(repository, *victim.honest)
    done = victim.call("hook", "l.md")
    assert done.code == 2
    assert "help: --canary, LINKCHECK_CANARY and your own config file may" in done.stderr


def test_no_file_above_the_repository_is_read(victim: Victim, repository: Path) -> None:
    above = repository.parent / "linkcheck.toml"
    above.write_text("exclude = ['.']\n")
    try:
        victim.run()
    finally:
        above.unlink()


def test_the_users_own_file_may_set_all_that_a_repository_may_not(victim: Victim, repository: Path) -> None:
    home = repository.parent / "home"
    (home / "linkcheck").mkdir(parents=True)
    reports = repository.parent / "home" / "reports"
    (home / "linkcheck" / "config.toml").write_text(
        f"allow_private = true\ndns = '127.0.0.1:{victim.web.dns_port}'\nsecond_look = 0.2\nreports = '{reports}'\n"
        f"connect_to = [':80::{victim.web.http_port}', ':443::{victim.web.https_port}']\n"
    )
    write(repository, *victim.honest)
    done = victim.call("run", "l.md", XDG_CONFIG_HOME=str(home))
    assert (done.code, done.stdout) == (0, "2 links: 2 ok\n"), done.stderr
    assert {path.name for path in reports.iterdir()} == {"l.md", "l.yaml"}


# -- files that are written ------------------------------------------------------------------


def test_no_link_in_the_reports_folder_is_followed(victim: Victim, repository: Path) -> None:
    reports = repository / "reports"
    reports.mkdir()
    names = ["l.md", "l.yaml", "l.partial.md", "l.partial.yaml", "history.jsonl.corrupt", ".linkcheck-01234567.tmp"]
    for name in names:
        (reports / name).symlink_to("../../victim")
    (reports / "history.jsonl").write_text("no record\n")
    done = victim.run(files=True, flags=["--memory", "memory"], text="")
    assert done.code == 0
    done = victim.call("run", "l.md", *flags(victim), "--memory", "memory", LINKCHECK_NO_MEMORY="false")
    assert done.code == 0
    assert "not put aside: history.jsonl.corrupt is not a regular file" in done.stderr
    assert [(reports / name).is_symlink() for name in names] == [False] * 4 + [True] * 2


def test_a_report_that_cannot_be_written_keeps_no_other_from_it(victim: Victim, repository: Path) -> None:
    (repository / "reports" / "l.md").mkdir(parents=True)
    for name in ("l.md", "m.md"):
        write(repository, *victim.honest, name=name)
    done = victim.call("run", "l.md", "m.md", *flags(victim))
    assert (done.code, done.stdout) == (2, "2 links: 2 ok\n")
    assert done.stderr == "error: cannot write the report: is a directory\n  --> reports/l.md\n"
    assert {path.name for path in (repository / "reports").iterdir()} == {"l.md", "l.yaml", "m.md", "m.yaml"}


def test_a_reports_folder_that_leads_out_is_followed_only_where_the_user_named_it(
    victim: Victim, repository: Path
) -> None:
    outside = repository.parent / "home"
    outside.mkdir()
    (repository / "reports").symlink_to(outside)
    write(repository, *victim.honest)
    done = victim.call("run", "l.md", *flags(victim))
    assert done.code == 2
    assert "the reports folder leads out of the repository" in done.stderr
    assert list(outside.iterdir()) == []
    assert victim.call("run", "l.md", *flags(victim), "--reports", "reports").code == 0
    assert (outside / "l.md").exists()


def test_no_recording_is_written_through_a_link(victim: Victim, repository: Path) -> None:
    (repository / "bug.warc.gz").symlink_to("../victim")
    write(repository, *victim.honest)
    done = victim.call("run", "l.md", *flags(victim), "--record", "bug.warc.gz")
    assert done.code == 2
    assert "cannot write the recording: a symbolic link" in done.stderr


def test_the_cache_is_private(victim: Victim, repository: Path) -> None:
    cache = repository / "cache"
    (cache / "linkcheck").mkdir(parents=True, mode=0o755)
    write(repository, *victim.honest)
    done = victim.call(
        "run", "l.md", *flags(victim), "--no-files", LINKCHECK_NO_MEMORY="false", XDG_CACHE_HOME=str(cache)
    )
    assert done.code == 0
    (database,) = (cache / "linkcheck").iterdir()
    assert [path.stat().st_mode & 0o777 for path in (database.parent, database)] == [0o700, 0o600]


def test_a_home_that_is_the_current_folder_has_no_cache(victim: Victim, repository: Path) -> None:
    """What lies there may come from others, and would be believed as our own."""
    write(repository, *victim.honest)
    done = victim.call(
        "run", "l.md", *flags(victim), "--no-files", LINKCHECK_NO_MEMORY="false", XDG_CACHE_HOME="", HOME="."
    )
    assert (done.code, done.stderr) == (0, "")
    assert {path.name for path in repository.iterdir()} == {".git", "l.md"}


# -- inputs ----------------------------------------------------------------------------------


@pytest.fixture
def traps(repository: Path) -> Iterator[dict[str, str]]:
    """Lists that are none, by name, with what is said of them."""
    (repository / "zero.md").symlink_to("/dev/zero")
    os.mkfifo(repository / "pipe.md")
    (repository / "large.md").touch()
    os.truncate(repository / "large.md", 2**26 + 1)
    (repository / "round.md").symlink_to("round.md")
    (repository / "out.md").symlink_to("../victim")
    (repository / "all.md").symlink_to("/")
    here = Path.cwd()
    os.chdir(repository)  # the name of a socket is short
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind("socket.md")
        os.chdir(here)
        yield {
            "zero.md": "a device", "pipe.md": "a pipe", "large.md": "larger than 67,108,864 bytes", "socket.md": "a socket",
            "round.md": "too many levels", "out.md": "out of the repository", "all.md": "out of the repository",
        }  # fmt: skip


def test_a_hook_names_what_is_no_list_and_looks_at_the_others(
    victim: Victim, repository: Path, traps: dict[str, str]
) -> None:
    write(repository, *victim.honest)
    done = victim.call("hook", *traps, "l.md", *flags(victim), memory_mb=400)
    assert (done.code, done.stdout) == (2, "")
    assert len(victim.web.asked("first.honest.test")) == 1
    told = dict(zip(traps, done.stderr.split("error: ")[1:], strict=True))
    for name, words in traps.items():
        assert name in told[name]
        assert words in told[name] or name in ("zero.md", "round.md")
    write(repository, victim.web.on("a.test", "/", b.page(status=410)))
    assert victim.call("hook", *traps, "l.md", *flags(victim)).code == 1


def test_a_run_says_at_once_what_is_no_list(victim: Victim, repository: Path, traps: dict[str, str]) -> None:
    for name in ("pipe.md", "socket.md", "large.md", "/dev/zero"):
        done = victim.call("run", name, memory_mb=400)
        assert (done.code, done.stdout) == (2, "")
        assert f"error: cannot read the file: {traps.get(name, 'a device')}" in done.stderr
    for name in ("out.md", "all.md", "zero.md"):
        done = victim.call("run", name, memory_mb=400)
        assert (done.code, done.stdout) == (2, "")
        assert "error: a link that leads out of the repository" in done.stderr
    done = victim.call("run", "-", stdin="x" * (2**26 + 1))
    assert (done.code, done.stdout) == (2, "")
    assert "larger than" in done.stderr


def test_no_link_to_another_repository_is_followed(victim: Victim, repository: Path) -> None:
    """It has a root of its own, behind the link."""
    other = repository.parent / "home"
    (other / ".git").mkdir(parents=True)
    write(other, victim.web.on("secret.test", "/", b.page()), name="secret.md")
    (repository / "docs").symlink_to(other)
    write(repository, *victim.honest)
    for what in ("docs/secret.md", "docs"):
        done = victim.call("links", what)
        assert (done.code, done.stdout) == (2, "")
        assert "error: a link that leads out of the repository" in done.stderr
    done = victim.call("links", "*/*.md")
    assert (done.code, done.stdout) == (0, "")
    assert "docs/secret.md:1: left out: a link that leads out of the repository" in done.stderr


def test_a_folder_that_is_no_more_is_told_of(victim: Victim, repository: Path) -> None:
    gone = repository / "gone"
    gone.mkdir()
    command = f"cd {gone} && rmdir {gone} && exec {LINKCHECK} links l.md"
    done = subprocess.run(
        ["sh", "-c", command], env=environment(victim.web), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: cannot tell the current folder: no such file or directory\n")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("what", [".", "*.md", "**/*.md"])
def test_what_a_folder_or_a_glob_finds_is_left_out(
    victim: Victim, repository: Path, traps: dict[str, str], what: str
) -> None:
    write(repository, *victim.honest)
    (repository / "deep").mkdir()
    write(repository, *victim.honest, name="deep/inner.md")
    for name in ("one", "two", "three"):  # each folder is in each, without end
        (repository / "deep" / name).symlink_to("..")
    with deep_folders(repository):
        done = victim.call("run", what, *flags(victim), "--no-files")
    assert (done.code, done.stdout) == (0, "2 links: 2 ok\n"), done.stderr
    for name in traps.keys() - {"all.md"}:
        assert f"warning: {name}:1: left out: " in done.stderr


@contextmanager
def deep_folders(here: Path) -> Iterator[None]:
    """As deep as Git checks them out; not left to those whom they may trip."""
    made = list[Path]()
    try:
        with suppress(OSError):  # as deep as this system has it
            for _ in range(1_200):
                here = here / "d"
                here.mkdir()
                made.append(here)
        yield
    finally:
        for folder in reversed(made):
            folder.rmdir()


def test_no_module_of_the_repository_is_run(victim: Victim, repository: Path) -> None:
    for name in ("uvloop", "yaml", "httpx", "brotli", "tomllib"):
        (repository / f"{name}.py").write_text("raise SystemExit('a module of the repository was run')")
    write(repository, *victim.honest)
    (repository / "linkcheck.toml").write_text("timeout = 9\n")
    text = (repository / "l.md").read_text()
    (repository / "l.md").write_text(f"---\na: b\n---\n{text}")
    command = [sys.executable, "-m", "linkcheck", "run", "l.md", *flags(victim), "--no-files"]
    done = subprocess.run(
        command, cwd=repository, env=environment(victim.web), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "2 links: 2 ok\n"), done.stderr


# -- names -----------------------------------------------------------------------------------


def test_a_files_name_is_no_option(victim: Victim, repository: Path) -> None:
    evil = "--config=evil.md"
    (repository / "evil.md").write_text("allow_private = true\n")
    write(repository, victim.honest[0], name=evil)
    write(repository, victim.honest[1], name="-x.md")
    done = victim.call("hook", evil)
    assert done.code == 2
    assert "help: write ./--config=evil.md, or put -- before the files" in done.stderr
    done = victim.call("hook", *flags(victim), "--", evil, "-x.md")
    assert done.code == 0
    assert len(victim.web.asked("second.honest.test")) == 1
    assert victim.call("run", *flags(victim), f"./{evil}", "./-x.md").code == 0
    assert {path.name for path in (repository / "reports").glob("*.md")} == {evil, "-x.md"}


def test_names_that_hold_anything_are_shown_safely_and_get_reports(victim: Victim, repository: Path) -> None:
    names = [
        b"line\n::error::.md", b"\x1b[31mred\x1b[0m.md", b"not\xffutf8.md", "‮dm.txt".encode(), b"##[group]x.md",
        b"x" * 250 + b".md", "日本.md".encode(),
    ]  # fmt: skip
    for name in names:
        Path(os.fsdecode(os.fsencode(repository) + b"/" + name)).write_text(
            f"[L]({victim.honest[0]}) [x]\n\n[y]: http:/x\n"
        )
    for form in ("text", "json", "markdown"):
        done = victim.call("run", *flags(victim), "--format", form, "--", *map(os.fsdecode, names))
        assert done.code in (0, 1)
        printed = done.stdout + done.stderr
        assert not {c for c in printed if c in "\x1b\x07‮" or "\ud800" <= c <= "\udfff"}
        assert not any(line.startswith("::") for line in printed.splitlines())
    reports = {path.name for path in (repository / "reports").iterdir()} - {"history.jsonl"}
    assert len(reports) == 2 * len(names)
    assert all(name.isprintable() and len(os.fsencode(name)) <= 255 for name in reports)
    assert "日本.md" in reports


def test_lists_with_names_alike_get_reports_of_their_own(victim: Victim, repository: Path) -> None:
    names = ["b/a.md", "b-a.md", "c/a.md", "a.txt", "c/b-a.md"]
    for name in names:
        (repository / name).parent.mkdir(exist_ok=True)
        write(repository, f"{victim.honest[0]}?{name}", name=name)
    victim.web.on("first.honest.test", "*", b.page())
    assert victim.call("run", *names, *flags(victim)).code == 0
    written = {path.name: yaml.safe_load(path.read_text()) for path in (repository / "reports").glob("*.yaml")}
    lists = sorted(one["references"][0]["URL"].partition("?")[2] for one in written.values())
    assert lists == sorted(names)
    assert victim.call("run", *reversed(names), *flags(victim), "--max-age", "0").code == 0
    again = {path.name: yaml.safe_load(path.read_text()) for path in (repository / "reports").glob("*.yaml")}
    assert {name: one["references"][0]["URL"] for name, one in again.items()} == {
        name: one["references"][0]["URL"] for name, one in written.items()
    }


# -- front matter ----------------------------------------------------------------------------

FRONT_MATTER = [
    "---\na: " + "[" * 9_999 + "\n---", "---\n" + "- " * 9_999 + "\n---", "---\nt: !!timestamp foo\n---", "---\ni: !!int ''\n---",
    "---\ni: " + "1" * 5_000 + "\n---", "---\ni: !!python/object/apply:os.system [exit]\n---", '---\ni: "\\UFFFFFFFF"\n---',
    "---\na: &a [*a]\n---", "---\n? [a]\n: b\n---", "---\n? {a: b}\n: c\n---", "---\na: b\na: c\n---", "---\n\ta: b\n---",
    "---\na0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)) + "---",
    "---\na: 2026-99-99\n---", "---\n<<: [1]\n---", "---\n%YAML " + "1" * 5_000 + ".1\na: b\n---", "---\na: \0\n---",
    "+++\na = " + "1" * 5_000 + "\n+++", "+++\na = " + "[" * 9_999 + "\n+++", "+++\na = 2026-99-99\n+++", "+++\na = 1\na = 2\n+++",
    "+++\n[" + "a." * 3_000 + "a]\n" + "".join(f"{n:x}=1\n" for n in range(9_000)) + "+++", "+++\na = '\udcff'\n+++",
]  # fmt: skip


def test_front_matter_is_at_worst_a_notice_with_its_line(victim: Victim, repository: Path) -> None:
    for number, text in enumerate(FRONT_MATTER):
        body = f"{text}\n\n[A link]({victim.honest[0]})\n"
        (repository / f"{number:02}.md").write_bytes(body.encode(errors="surrogateescape"))
    done = victim.call("links", ".", "--format", "json", seconds=30)
    assert done.code == 0
    found = {link["path"] for link in json.loads(done.stdout)["links"] if link["url"] == victim.honest[0]}
    assert found == {f"{number:02}.md" for number in range(len(FRONT_MATTER))}
    for line in done.stderr.splitlines():
        assert line.startswith("warning: ")
        assert line[9:].partition(":")[2][:1].isdigit()
    assert "00.md:2: front matter cannot be read: too many brackets in one line" in done.stderr
