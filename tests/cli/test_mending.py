"""What mending needs of the world; tests/cli/test_fix.py plays the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkcheck import read
from linkcheck.cli import mending
from linkcheck.errors import InputError, SettingsError
from linkcheck.mend import Looks
from linkcheck.model import State, Url
from linkcheck.settings import load
from tests.answers import NOW, checked, report
from tests.git.repository import Repository
from tests.read.repairs import repair_of


def test_the_kinds_that_are_wanted() -> None:
    assert mending.wishes(load("fix", {"only": ["https", "tracking"], "skip": ["https"]}, {})).names == {"tracking"}
    assert "redirect" in mending.wishes(load("fix", {}, {})).names
    for option in ("only", "skip"):
        with pytest.raises(SettingsError, match="'redirects' is no kind of mending"):
            mending.wishes(load("fix", {option: ["redirects"]}, {}))


def test_a_file_that_has_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_text("<https://a.example/>\n")
    document = read.read(path.read_bytes(), str(path))
    path.write_text(" <https://a.example/>\n")
    with pytest.raises(InputError, match="has changed since it was read"):
        mending.Files([document])[str(path)]
    path.unlink()
    with pytest.raises(InputError, match="cannot read the file again"):
        mending.Files([document])[str(path)]


def test_text_and_lines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_bytes(b"a\r\nb\rc\xff\n")
    files = mending.Files([read.read(path.read_bytes(), str(path))])
    assert files.lines(str(path)) == ["a", "b", "c\ufffd", ""]
    assert files.text_at(str(path), (3, 4)) == "b"
    assert files.text_at(str(path), (6, 7)) is None


def test_edits_of_a_report_are_those_of_files_that_are_as_they_were(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "l.md"
    path.write_text("[t] (https://a.example/)\n")
    document = read.read(path.read_bytes(), str(path))
    one = checked(links=document.links, repair=repair_of(document.links[0]))
    (found,) = mending.with_edits(report(one, documents=(document,)), Looks()).checked
    assert [(edit.old, edit.new) for edit in found.edits] == [("[t] (https://a.example/)", "[t](https://a.example/)")]
    path.write_text("")
    assert mending.with_edits(report(one, documents=(document,)), Looks()).checked == (one,)
    assert "no edits: " in capsys.readouterr().err
    path.unlink()
    assert mending.with_edits(report(one, documents=(document,)), Looks()).checked == (one,)


def test_an_edit_that_would_be_shown_masked_is_not_offered(tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_text("[t] (https://user:secret@a.example/)\n")
    document = read.read(path.read_bytes(), str(path))
    one = checked(links=document.links, repair=repair_of(document.links[0]))
    assert mending.with_edits(report(one, documents=(document,)), Looks()).checked == (one,)


def test_without_git_history_the_day_is_the_one_when_it_was_last_good(tmp_path: Path) -> None:
    path = tmp_path / "l.md"
    path.write_text("<https://a.example/x>\n")
    document = read.read(path.read_bytes(), str(path))
    one, files = checked(State.DEAD, links=document.links), mending.Files([document])
    assert mending._days([one], Looks(), files) == {}
    looks = Looks()
    looks.good_at[Url("https://a.example/x")] = NOW
    assert mending._days([one], looks, files) == {"https://a.example/x": NOW.date()}


def test_a_shallow_clone_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").mkdir()
    repository = Repository(tmp_path / "a")
    for text in ("<https://a.example/x>\n", "<https://a.example/x>\n\n"):
        repository.commit({"l.md": text})
    repository.git("clone", "-q", "--depth=1", f"file://{tmp_path}/a", str(tmp_path / "b"))
    assert mending._added(str(tmp_path / "b" / "l.md"), {1: "<https://a.example/x>", 2: "new"}).keys() == {1, 2}
    assert "a shallow clone" in capsys.readouterr().err
