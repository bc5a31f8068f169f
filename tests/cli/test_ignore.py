"""`linkcheck ignore`: entries are added, and every byte of the file stays."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import Program

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and modes are POSIX")
URL = "https://a.example/x"
SAY = ("--reason", "it is old")


def tables(path: Path) -> list[dict[str, object]]:
    found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    found = found["tool"]["linkcheck"] if "tool" in found else found
    return list(found["ignore"])


def test_a_file_is_made_at_the_root_of_the_repository(linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    done = linkcheck("ignore", URL, f"{URL}/*", *SAY, "--until", "2999-03-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"linkcheck.toml: {URL} is ignored\nlinkcheck.toml: {URL}/* is ignored\n"
    assert (tmp_path / "linkcheck.toml").read_bytes() == (
        b'[[ignore]]\nurl = "https://a.example/x"\nreason = "it is old"\nuntil = 2999-03-01\n'
        b'\n[[ignore]]\nurl = "https://a.example/x/*"\nreason = "it is old"\nuntil = 2999-03-01\n'
    )


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("linkcheck.toml", b""),
        ("linkcheck.toml", b"# mine\ntimeout = 3"),
        ("linkcheck.toml", b"\xef\xbb\xbftimeout = 3\r\n# \xc3\xa9\r\n"),
        ("linkcheck.toml", b'[[ignore]]\nurl = "y"\n'),
        ("pyproject.toml", b'[project]\nname = "x"\n[tool.linkcheck]\ntimeout = 3\n\n[tool.other]\na = 1\n'),
        ("pyproject.toml", b'[[tool.linkcheck.ignore]]\nurl = "y"\n[build-system]\nrequires = []\n'),
    ],
)
def test_what_is_there_stays_byte_for_byte(linkcheck: Program, tmp_path: Path, name: str, before: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(before)
    done = linkcheck("ignore", URL, *SAY)
    assert done.returncode == 0, done.stderr
    after = path.read_bytes()
    assert after.startswith(before)
    assert tables(path)[-1] == {"url": URL, "reason": "it is old"}
    assert after.count(b"\r\n") == (after.count(b"\n") if b"\r\n" in before else 0)
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_pyproject_without_settings_is_left_alone(linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n', encoding="utf-8")
    assert linkcheck("ignore", URL, *SAY).returncode == 0
    assert tables(tmp_path / "linkcheck.toml") == [{"url": URL, "reason": "it is old"}]
    assert "ignore" not in (tmp_path / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ('https://a.example/"]\\', 'a "quoted" \\ reason'),
        ("https://a.example/é\u202e\U0001f600", "é \u2028 \U0001f600 \x7f"),
        ("docs/a b.md", "[[ignore]]\nurl = 'x'"),
        ("https://a.example/'''\"\"\"#", "'''\"\"\"#\t\r\n"),
    ],
)
def test_hostile_texts_are_escaped_and_read_back(linkcheck: Program, tmp_path: Path, url: str, reason: str) -> None:
    done = linkcheck("ignore", url, "--reason", reason)
    assert done.returncode == 0, done.stderr
    assert tables(tmp_path / "linkcheck.toml") == [{"url": url, "reason": " ".join(reason.split())}]
    assert (tmp_path / "linkcheck.toml").read_bytes().isascii()
    assert linkcheck("ignore", url, "--reason", reason).stdout == ""


def test_the_same_url_twice_is_said_and_changes_nothing(linkcheck: Program, tmp_path: Path) -> None:
    assert linkcheck("ignore", URL, *SAY).returncode == 0
    before = (tmp_path / "linkcheck.toml").read_bytes()
    same = linkcheck("ignore", "HTTPS://a.example:443/x#y", *SAY)
    assert (same.returncode, same.stdout) == (0, "")
    assert "linkcheck.toml, ignore 1: HTTPS://a.example:443/x#y is ignored already" in same.stderr
    other = linkcheck("ignore", URL, "--reason", "another")
    assert (other.returncode, other.stdout) == (2, "")
    assert "is ignored already, with another reason or day\n  --> linkcheck.toml, ignore 1\n" in other.stderr
    assert (tmp_path / "linkcheck.toml").read_bytes() == before
    both = linkcheck("ignore", URL, f"{URL}2", f"{URL}2", *SAY)
    assert (both.returncode, both.stdout) == (0, f"linkcheck.toml: {URL}2 is ignored\n")
    assert len(tables(tmp_path / "linkcheck.toml")) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([URL], "error: no reason is given"),
        ([URL, "--reason", " "], "error: no reason is given"),
        ([URL, *SAY, "--until", "2020-01-01"], "error: the day 2020-01-01 is not in the future"),
        ([URL, *SAY, "--until", "soon"], "error: 'until' must be a day, not 'soon'"),
        (["https://u:secret@a.example/", *SAY], "error: the URL holds a secret, and the file will be committed"),
        (["a\nb", *SAY], "error: 'url' must be one line of text"),
        (["*", *SAY], "error: a 'url' that ends with * has to name its host"),
        ([" ", *SAY], "error: 'url' is empty"),
        ([URL, *SAY, "--config", "x.toml"], "error: "),
    ],
)
def test_what_may_not_be_written(linkcheck: Program, tmp_path: Path, arguments: list[str], message: str) -> None:
    done = linkcheck("ignore", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "secret@" not in done.stderr
    assert [*tmp_path.iterdir()] == []


def test_a_config_file_that_was_named_is_not_written(linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / "x.toml").touch()
    done = linkcheck("ignore", URL, *SAY, "--config", "x.toml")
    assert done.returncode == 2
    assert "linkcheck ignore writes to the repository's file" in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "timeout = ", 'ignore = [{url = "x", reason = "y"}]', "ignore = []", "ignore = 1", '[[ignore]]\nurl = "x"\nuntil = 1',
        '[tool]\nlinkcheck = {}\n', "tool.linkcheck = {timeout = 3}",
    ],
)  # fmt: skip
def test_a_file_that_no_table_can_be_added_to_is_refused(linkcheck: Program, tmp_path: Path, text: str) -> None:
    path = tmp_path / ("pyproject.toml" if "tool" in text else "linkcheck.toml")
    path.write_text(text, encoding="utf-8")
    done = linkcheck("ignore", URL, *SAY)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: " in done.stderr
    assert path.read_text(encoding="utf-8") == text
    assert len([*tmp_path.iterdir()]) == 1


def test_a_url_that_no_run_requests_is_remarked_on(linkcheck: Program, tmp_path: Path) -> None:
    done = linkcheck("ignore", "docs/a.md", *SAY)
    assert (done.returncode, tables(tmp_path / "linkcheck.toml")[0]["url"]) == (0, "docs/a.md")
    assert "note: docs/a.md is no URL that is requested" in done.stderr


@posix
def test_links_are_kept_in_the_repository_and_not_followed_out_of_it(linkcheck: Program, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "real.toml").write_text("timeout = 3\n", encoding="utf-8")
    (tmp_path / "real.toml").chmod(0o600)
    (tmp_path / "linkcheck.toml").symlink_to("real.toml")
    assert linkcheck("ignore", URL, *SAY).returncode == 0
    assert (tmp_path / "linkcheck.toml").is_symlink()
    assert tables(tmp_path / "real.toml")[0]["url"] == URL
    assert (tmp_path / "real.toml").stat().st_mode & 0o777 == 0o600
    (tmp_path / "linkcheck.toml").unlink()
    outside = tmp_path.parent / f"{tmp_path.name}-outside.toml"
    outside.write_text("timeout = 3\n", encoding="utf-8")
    (tmp_path / "linkcheck.toml").symlink_to(outside)
    done = linkcheck("ignore", URL, *SAY)
    assert done.returncode == 2
    assert "leads out of the repository" in done.stderr
    assert outside.read_text(encoding="utf-8") == "timeout = 3\n"


@posix
def test_a_folder_that_cannot_be_written_is_told(
    linkcheck: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linkcheck.cli import files, ignore
    from linkcheck.errors import ReportError
    from linkcheck.settings import load

    monkeypatch.chdir(tmp_path)

    def fail(path: Path, pieces: object) -> None:
        raise ReportError("cannot write the report: no space left on device", where=str(path))

    monkeypatch.setattr(files, "write", fail)
    with pytest.raises(ReportError):
        ignore.command([URL], load("ignore", {"reason": "x"}, {}))
    assert [*tmp_path.iterdir()] == []


def test_no_more_are_written_than_a_repository_may_have(linkcheck: Program, tmp_path: Path) -> None:
    path = tmp_path / "linkcheck.toml"
    path.write_text("".join(f'[[ignore]]\nurl = "{n}"\n' for n in range(999)), encoding="utf-8")
    assert linkcheck("ignore", URL, *SAY).returncode == 0
    done = linkcheck("ignore", f"{URL}2", *SAY)
    assert done.returncode == 2
    assert "a repository's file may have 1,000 such tables at most" in done.stderr
    assert len(tables(path)) == 1_000
