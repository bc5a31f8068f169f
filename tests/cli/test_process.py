"""The program as a process among others: signals, closed and full streams, few open files, little memory."""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import yaml

from tests.cli.test_memory import REMEMBER, remembered
from tests.cli.test_run import write
from tests.conftest import LINKCHECK, Program
from tests.web import Web, environment
from tests.web import behaviours as b

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals, shells and limits of POSIX")
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells and keeps the limit of memory")
WITHOUT_UVLOOP = "import sys; sys.modules['uvloop'] = None; from linkcheck.cli import main; sys.exit(main())"
INTERRUPTED = "the run was interrupted"


@contextmanager
def running(
    web: Web, folder: Path, *arguments: str, program: tuple[str, ...] = (LINKCHECK,), **more: str
) -> Iterator[subprocess.Popen[str]]:
    """The program, remembering in `folder`, while it works; it is over afterwards."""
    command = [*program, *arguments[:2], *web.flags, "--memory", str(folder / "memory"), *arguments[2:]]
    with subprocess.Popen(
        command, cwd=folder, env=environment(web, **REMEMBER, **more), text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def unfinished(web: Web, folder: Path) -> None:
    """A list of three: a page, a dead link, and one that does not answer in a minute. With whole reports of before."""
    urls = web.on("fast.test", "/", b.page()), web.on("gone.test", "/", b.answer(410))
    write(folder, *urls, web.on("slow.test", "/", b.slow(60, b.page())))
    (folder / "reports").mkdir()
    for name in ("l.md", "l.yaml"):
        (folder / "reports" / name).write_text("whole")


def is_half_done(web: Web, folder: Path) -> bool:
    return bool(web.asked("slow.test")) and remembered(folder) >= 2


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "reports").iterdir()}


# -- signals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
@pytest.mark.parametrize("program", [(LINKCHECK,), (sys.executable, "-c", WITHOUT_UVLOOP)], ids=["uvloop", "asyncio"])
def test_a_signal_ends_the_looking_and_what_is_known_is_put_beside_the_last_whole_report(
    web: Web, linkcheck: Program, tmp_path: Path, name: str, code: int, program: tuple[str, ...]
) -> None:
    unfinished(web, tmp_path)
    with running(web, tmp_path, "run", "l.md", program=program) as process:
        wait_for(lambda: is_half_done(web, tmp_path))
        process.send_signal(getattr(signal, name))
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == code
    assert stderr == "interrupted: what is known is in reports/l.partial.md, reports/l.partial.yaml\n"
    assert f"partial: 1 of 3 links was not checked: {INTERRUPTED}\n" in stdout
    assert names(tmp_path) == {"l.md", "l.yaml", "l.partial.md", "l.partial.yaml", "history.jsonl"}
    reports = tmp_path / "reports"
    assert [(reports / file).read_text() for file in ("l.md", "l.yaml")] == ["whole", "whole"]
    assert "**This report is partial:** 1 of 3 links" in (reports / "l.partial.md").read_text(encoding="utf-8")
    enriched = yaml.safe_load((reports / "l.partial.yaml").read_text(encoding="utf-8"))
    assert [r["custom"]["state"] for r in enriched["references"]] == ["ok", "dead", "skipped"]
    facts = [json.loads(line)["url"] for line in (reports / "history.jsonl").read_text().splitlines()[1:]]
    assert facts == ["https://fast.test/", "https://gone.test/"]

    web.on("slow.test", "/", b.page())
    assert linkcheck("run", "l.md").returncode == 1
    assert names(tmp_path) == {"l.md", "l.yaml", "history.jsonl"}
    assert "1 link to fix" in (reports / "l.md").read_text(encoding="utf-8")


def test_a_signal_sent_twice_at_once_is_one(web: Web, tmp_path: Path) -> None:
    """As GNU timeout and others that pass signals on send it."""
    unfinished(web, tmp_path)
    with running(web, tmp_path, "run", "l.md") as process:
        wait_for(lambda: is_half_done(web, tmp_path))
        process.send_signal(signal.SIGTERM)
        time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 143
    assert {"l.partial.md", "l.partial.yaml"} <= names(tmp_path)


def test_a_second_ctrl_c_ends_the_program_at_once(web: Web, tmp_path: Path) -> None:
    web.on("slow.test", "*", b.slow(60, b.page()))
    write(tmp_path, *(f"https://slow.test/{n}" for n in range(60_000)))
    reports = tmp_path / "reports"
    with running(web, tmp_path, "run", "l.md") as process:
        wait_for(lambda: web.asked("slow.test"))
        process.send_signal(signal.SIGINT)
        time.sleep(0.4)  # sooner, it would be the same wish
        wait_for((reports / "l.partial.md").exists)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout, stderr) == (130, "", "")
    assert names(tmp_path) == {"l.partial.md", "history.jsonl"}


def test_signals_at_any_moment_leave_whole_files_and_no_traceback(web: Web, tmp_path: Path) -> None:
    unfinished(web, tmp_path)
    seed = time.time_ns()
    moments = random.Random(seed)
    for _ in range(4):
        web.log.clear()
        with running(web, tmp_path, "run", "l.md", "--max-age", "0") as process:
            wait_for(lambda: web.log)
            for _ in range(5):
                time.sleep(moments.uniform(0, 0.4))
                process.send_signal(moments.choice([signal.SIGINT, signal.SIGTERM]))
            _, stderr = process.communicate(timeout=20)
        assert process.returncode in (130, 143), seed
        assert re.fullmatch(r"(interrupted: .*\n)?", stderr), seed
        for path in (tmp_path / "reports").iterdir():
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".md":
                assert text == "whole" or "## Counts" in text, seed
            elif path.suffix == ".yaml":
                assert text == "whole" or len(yaml.safe_load(text)["references"]) == 3, seed
            else:
                assert path.name == "history.jsonl", seed
                assert text.endswith("}\n"), seed


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_while_lists_are_read_ends_at_once(web: Web, tmp_path: Path, name: str, code: int) -> None:
    os.mkfifo(tmp_path / "pipe")
    shell = ("sh", "-c", 'exec "$0" "$@" 9<>pipe', LINKCHECK)
    with running(web, tmp_path, "run", "/dev/fd/9", program=shell) as process:
        writer = os.open(tmp_path / "pipe", os.O_WRONLY)
        for _ in range(200):  # more than a pipe holds: it is read
            os.write(writer, b"a line of text\n" * 100)
        process.send_signal(getattr(signal, name))
        stdout, stderr = process.communicate(timeout=20)
        os.close(writer)
    assert (process.returncode, stdout, stderr) == (code, "", "")
    assert not (tmp_path / "reports").exists()


def test_a_signal_while_the_program_is_loaded_leaves_no_traceback(web: Web, tmp_path: Path) -> None:
    write(tmp_path, "https://a.test/")
    with running(web, tmp_path, "run", "l.md", PYTHONPROFILEIMPORTTIME="1") as process:
        assert process.stderr
        next(line for line in process.stderr if "linkcheck.cli.output" in line)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert all(line.startswith("import time:") for line in stderr.splitlines())


def test_a_signal_while_whole_reports_are_written_waits_for_them(web: Web, tmp_path: Path) -> None:
    write(tmp_path, *(f"https://a.test/{n}" for n in range(4_000)))
    with running(web, tmp_path, "run", "l.md", "--exclude", ".") as process:
        wait_for(lambda: list(tmp_path.glob("reports/l.md")))
        process.send_signal(signal.SIGTERM)
        stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stdout, stderr) == (143, "4000 links: 4000 skipped\n", "")
    assert names(tmp_path) == {"l.md", "l.yaml", "history.jsonl"}
    enriched = (tmp_path / "reports/l.yaml").read_text(encoding="utf-8")
    assert enriched.count("\n- id: ") == 4_000


def test_an_ignored_signal_stays_ignored(web: Web, tmp_path: Path) -> None:
    """As under nohup, or in the background of a script."""
    write(tmp_path, web.on("slow.test", "/", b.slow(1, b.page())))
    shell = ("sh", "-c", 'trap "" HUP INT; exec "$0" "$@"', LINKCHECK)
    with running(web, tmp_path, "run", "l.md", program=shell) as process:
        wait_for(lambda: web.asked("slow.test"))
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=20)
    assert (process.returncode, stdout) == (0, "1 link: 1 ok\n")


@pytest.mark.parametrize("command", ["hook", "explain"])
def test_other_commands_tell_what_they_know_when_interrupted(web: Web, tmp_path: Path, command: str) -> None:
    unfinished(web, tmp_path)
    arguments = ["l.md", "--all"] if command == "hook" else ["https://slow.test/"]
    with running(web, tmp_path, command, *arguments) as process:
        wait_for(lambda: is_half_done(web, tmp_path) if command == "hook" else web.asked("slow.test"))
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    if command == "hook":
        assert "dead[http-gone] https://gone.test/" in stdout
        assert stderr == f"linkcheck: 1 of 3 links was not checked: {INTERRUPTED}\n"
    else:
        assert "not-looked-at" in stdout
        assert stderr == ""


def test_an_interrupt_does_not_wait_for_the_canary(web: Web, tmp_path: Path) -> None:
    web.on("example.com", "/", b.slow(60, b.page()))
    write(tmp_path, "https://no-such.test/")
    with running(web, tmp_path, "run", "l.md") as process:
        wait_for(lambda: web.asked("example.com"))
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert f"partial: {INTERRUPTED}" in stdout
    assert "l.partial.md" in stderr


def test_a_partial_report_takes_no_place_of_another_list(web: Web, tmp_path: Path) -> None:
    write(tmp_path, web.on("slow.test", "/", b.slow(60, b.page())))
    write(tmp_path, "https://slow.test/", name="l.partial.md")
    with running(web, tmp_path, "run", ".") as process:
        wait_for(lambda: web.asked("slow.test"))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert {"l.partial.partial.md", "l.partial.partial.partial.md"} <= names(tmp_path)


# -- terminals -------------------------------------------------------------------------------


@pytest.fixture
def terminal() -> Iterator[tuple[int, Callable[[], str]]]:
    """A terminal of 80 columns to write to, and what was written."""
    pty, fcntl, termios = (pytest.importorskip(name) for name in ("pty", "fcntl", "termios"))
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    yield inner, lambda: os.read(outer, 65_536).decode()
    for number in (outer, inner):
        os.close(number)


def test_an_interrupt_takes_the_bar_off_the_line(
    web: Web, tmp_path: Path, terminal: tuple[int, Callable[[], str]]
) -> None:
    unfinished(web, tmp_path)
    command = [LINKCHECK, "run", "l.md", *web.flags, "--memory", str(tmp_path / "memory")]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(web, **REMEMBER), stdout=subprocess.DEVNULL, stderr=terminal[0]
    ) as process:
        wait_for(lambda: is_half_done(web, tmp_path))
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
    assert re.search(r"/3.*\r +\rinterrupted: what is known", terminal[1](), re.DOTALL)


def test_a_bar_does_not_outlive_a_program_that_is_ended(terminal: tuple[int, Callable[[], str]]) -> None:
    lines = [
        "import sys, time", "from linkcheck.cli.interrupts import interrupts", "from linkcheck.cli.progress import bar",
        "interrupts.listen()", "with bar() as shown:", "    time.sleep(0.2)", "    shown.on_progress(1, 2)",
        "    print('drawn', flush=True)", "    time.sleep(60)",
    ]  # fmt: skip
    command = [sys.executable, "-c", "\n".join(lines)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal[0], text=True) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
    assert re.search(r"1/2[^\r]*\r {79}\r$", terminal[1]())


# -- streams ---------------------------------------------------------------------------------

NO_SPACE = "error: cannot write to standard output: no space left on device\n"
FETCHING = ("run --no-files", "hook --all", "explain")


@pytest.fixture
def shell(web: Web, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """A command line of bash in which `linkcheck` is the program; (exit code, standard error)."""
    write(tmp_path, web.on("a.test", "/", b.page()), web.on("a.test", "/410", b.answer(410)))

    def run(command: str, is_unbuffered: str = "") -> tuple[int, str]:
        for name in FETCHING:
            what = "https://a.test/410" if name == "explain" else "l.md"
            command = command.replace(f"{name} LIST", f"{name} {what} {shlex.join(web.flags)}")
        line = f"set -o pipefail; linkcheck() {{ '{LINKCHECK}' \"$@\"; }}; {command}"
        done = subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, env=environment(web, PYTHONUNBUFFERED=is_unbuffered), text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, done.stderr

    return run


@pytest.mark.parametrize("way", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "| true", "| head -1"])
@pytest.mark.parametrize("command", FETCHING)
def test_a_failure_is_told_though_nobody_reads(shell: Callable[..., tuple[int, str]], command: str, way: str) -> None:
    assert shell(f"linkcheck {command} LIST {way}") == (1, "")


@needs_full
@pytest.mark.parametrize("is_unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "command",
    [*(f"{name} LIST" for name in FETCHING), "links l.md", "explain http-ok", "--help", "run --help", "--version"],
)
def test_what_cannot_be_printed_is_said(
    shell: Callable[..., tuple[int, str]], command: str, is_unbuffered: str
) -> None:
    assert shell(f"linkcheck {command} >/dev/full", is_unbuffered) == (2, NO_SPACE)


@needs_full
@pytest.mark.parametrize(
    ("command", "code"), [("run --no-files LIST", 1), ("links nothing.md", 2), ("nonsense", 2), ("links l.md", 0)]
)
def test_standard_error_changes_nothing(shell: Callable[..., tuple[int, str]], command: str, code: int) -> None:
    assert [shell(f"linkcheck {command} {way}") for way in ("2>/dev/full", "2>&-")] == [(code, "")] * 2


@pytest.mark.parametrize("command", ["links l.md", "explain http-ok", "--help", "--version"])
@pytest.mark.parametrize("way", [">&-", "| true"])
def test_what_nobody_reads_is_no_failure(shell: Callable[..., tuple[int, str]], command: str, way: str) -> None:
    assert shell(f"linkcheck {command} {way}") == (0, "")


def test_a_closed_standard_input_cannot_be_read(shell: Callable[..., tuple[int, str]]) -> None:
    assert shell("linkcheck links - <&-") == (2, "error: cannot read the file: bad file descriptor\n  --> -\n")


@needs_full
def test_a_report_that_cannot_be_written_keeps_nothing_from_the_terminal(
    web: Web, linkcheck: Program, tmp_path: Path
) -> None:
    write(tmp_path, web.on("a.test", "/410", b.answer(410)))
    (tmp_path / "reports" / "l.md").mkdir(parents=True)
    done = linkcheck("run", "l.md")
    assert done.returncode == 2
    assert "dead[http-gone] https://a.test/410" in done.stdout
    assert "error: cannot write the report: is a directory\n  --> reports/l.md\n" in done.stderr


# -- limits ----------------------------------------------------------------------------------


@pytest.fixture
def mixed(web: Web, tmp_path: Path) -> dict[str, str]:
    """A list of what takes many files, with the state of each link."""
    state = dict[str, str]()
    for n in range(12):
        state[web.on(f"h{n}.test", "/", b.slow(0.05, b.page(f"<title>{n}</title>")))] = "ok"
        state[web.on(f"h{n}.test", "/410", b.answer(410))] = "dead"
        state[web.on(f"r{n}.test", "/", b.redirect(301, f"https://h{n}.test/"))] = "moved"
        state[f"https://no-such-{n}.test/"] = "dead"
        web.names[f"many{n}.test"] = "127.0.0.9 127.0.0.8 127.0.0.1"
        state[web.on(f"many{n}.test", "/", b.page(f"<title>many {n}</title>"))] = "ok"
    write(tmp_path, *state)
    return state


def limited(
    web: Web, folder: Path, limit: str, *arguments: str
) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """One run with `ulimit limit`, and the state of each link."""
    command = ["bash", "-c", f'ulimit {limit}; exec "$0" "$@"', LINKCHECK, "run", "l.md", *web.flags, "--no-files"]
    done = subprocess.run(
        [*command, "--format", "json", "--memory", str(folder / "memory"), *arguments], cwd=folder,
        env=environment(web, **REMEMBER), capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    links = json.loads(done.stdout)["links"] if done.stdout else []
    return done, {link["url"]: link["state"] for link in links}


@pytest.mark.parametrize("limit", [256, 64, 32])
def test_few_open_files_make_a_run_slower_and_change_no_verdict(
    web: Web, tmp_path: Path, mixed: dict[str, str], limit: int
) -> None:
    done, found = limited(web, tmp_path, f"-n {limit}")
    assert done.returncode == 1, done.stderr
    assert found == mixed
    told = r"linkcheck: requests at a time: (\d+), not 256, since \d+ files may be open \(ulimit -n\)\n"
    match = re.fullmatch(told, done.stderr)
    assert match or (limit == 256 and not done.stderr) or not done.stderr
    if limit <= 64:
        assert match
        assert int(match[1]) < limit / 4


def test_few_open_files_are_not_told_where_they_do(web: Web, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/", b.page()))
    done, found = limited(web, tmp_path, "-n 64")
    assert (done.returncode, done.stderr, list(found.values())) == (0, "", ["ok"])


def test_too_few_open_files_are_told(web: Web, tmp_path: Path) -> None:
    write(tmp_path, web.on("a.test", "/", b.page()))
    done, _ = limited(web, tmp_path, "-n 16")
    assert (done.returncode, done.stdout) == (2, "")
    told = re.fullmatch(
        r"error: too few open files: the limit is 16\n  --> ulimit -n\nhelp: raise it to (\d+)\n", done.stderr
    )
    assert told
    assert limited(web, tmp_path, f"-n {told[1]}")[0].returncode == 0


@needs_linux
@pytest.mark.parametrize("megabytes", [40, 70, 120])
def test_too_little_memory_is_told(web: Web, tmp_path: Path, megabytes: int) -> None:
    write(tmp_path, web.on("a.test", "/", b.page()))
    done, _ = limited(web, tmp_path, f"-v {megabytes * 1024}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: not enough memory\nhelp: ")
    assert len(done.stderr.splitlines()) == 2


@needs_linux
@pytest.mark.parametrize("megabytes", [200, 400])
def test_with_enough_memory_the_verdicts_are_right(
    web: Web, tmp_path: Path, mixed: dict[str, str], megabytes: int
) -> None:
    """A thread of c-ares for each of the dead names would reserve 72 MB."""
    done, found = limited(web, tmp_path, f"-v {megabytes * 1024}")
    assert (done.returncode, done.stderr) == (1, "")
    assert found == mixed


@needs_linux
def test_memory_that_runs_out_in_the_run_is_told(web: Web, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    unfinished(web, tmp_path)
    bash = ("bash", "-c", 'ulimit -Sv 2000000; exec "$0" "$@"', LINKCHECK)
    with running(web, tmp_path, "run", "l.md", program=bash) as process:
        wait_for(lambda: is_half_done(web, tmp_path))
        resource.prlimit(process.pid, resource.RLIMIT_AS, (50 * 2**20, resource.RLIM_INFINITY))
        stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout) == (2, "")
    assert stderr.startswith("error: not enough memory\nhelp: ")
    assert names(tmp_path) == {"l.md", "l.yaml"}


@needs_linux
def test_a_list_that_does_not_fit_is_told(tmp_path: Path) -> None:
    (tmp_path / "l.md").write_text(" ".join(f"[t{n}](https://a.test/{n})" for n in range(250_000)))
    line = f"ulimit -v 160000; exec '{LINKCHECK}' links l.md"
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: not enough memory\n")


@needs_linux
def test_files_that_run_out_in_the_run_make_no_link_dead(web: Web, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    write(tmp_path, *(web.on(f"h{n}.test", "/", b.slow(0.5, b.page())) for n in range(60)))
    with running(web, tmp_path, "run", "l.md", "--format", "json", "--concurrency", "20", "--attempts", "1") as process:
        wait_for(lambda: len(web.log) > 30)
        with suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (24, 24))
        stdout, stderr = process.communicate(timeout=40)
    if process.returncode == 2:
        assert stderr.startswith("error: too many open files\nhelp: ")
    else:
        assert process.returncode == 0
        rules = {link["rule"] for link in json.loads(stdout)["links"]}
        assert rules <= {"http-ok", "own-limit"}
