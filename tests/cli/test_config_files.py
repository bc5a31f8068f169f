"""Which config files count: the user's own, the repository's up to its root, or the one that was named."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from linkcheck.cli import config_files, folders
from linkcheck.cli.config_files import ConfigFiles, find, named
from linkcheck.errors import SettingsError
from linkcheck.settings import ConfigFile, Trust

posix = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and owners are POSIX")
REPOSITORY, USER = Trust.REPOSITORY, Trust.USER


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "outside" / "inside" / ".git").mkdir(parents=True)
    (tmp_path / "outside" / "inside" / "a" / "b").mkdir(parents=True)
    return tmp_path / "outside" / "inside"


def places(found: ConfigFiles) -> list[str]:
    return [file.place for file in found.files]


def test_the_nearest_file_of_the_repository_counts(repository: Path) -> None:
    deep = repository / "a" / "b"
    assert find(deep, {}) == ConfigFiles(())
    project = repository / "pyproject.toml"
    project.write_text("[tool.linkcheck]\ntimeout = 3\n")
    expected = ConfigFiles((ConfigFile(f"{project} [tool.linkcheck]", {"timeout": 3}, REPOSITORY),))
    assert find(deep, {}) == find(repository, {}) == expected
    for text in ("[project]\nname = 'x'\n", "tool = 1 # linkcheck", "[tool]\nlinkcheck = 1", "[linkcheck", "[[[[[[["):
        (repository / "a" / "pyproject.toml").write_text(text)
        assert find(deep, {}) == expected
    (repository / "a" / "linkcheck.toml").write_text("timeout = 4\n")
    assert find(deep, {}).files[0].table == {"timeout": 4}


@pytest.mark.parametrize("mark", [".git", ".hg", ".jj"])
def test_no_file_above_the_root_counts(tmp_path: Path, mark: str) -> None:
    inside = tmp_path / "inside" / "a"
    inside.mkdir(parents=True)
    (tmp_path / "linkcheck.toml").write_text("timeout = 3\n")
    (tmp_path / "inside" / mark).write_text("gitdir: elsewhere\n")  # as in a worktree
    assert find(inside, {}) == find(tmp_path / "inside", {}) == ConfigFiles(())
    (tmp_path / mark).mkdir()
    assert places(find(tmp_path, {})) == [str(tmp_path / "linkcheck.toml")]


def test_outside_a_repository_only_the_current_folder_counts(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "linkcheck.toml").write_text("timeout = 3\n")
    assert find(tmp_path / "a", {}) == ConfigFiles(())
    assert places(find(tmp_path, {})) == [str(tmp_path / "linkcheck.toml")]


@posix
def test_a_file_further_up_that_somebody_else_put_there_does_not_count(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = repository / "linkcheck.toml"
    path.write_text("timeout = 3\n")
    monkeypatch.setattr(config_files, "_owner", lambda _: 4_711)
    assert places(find(repository / "a", {})) == [str(path)]  # as the current folder: the whole checkout is theirs
    monkeypatch.setattr(config_files, "_owner", lambda asked: 4_711 if asked == path else os.getuid())
    assert places(find(repository, {})) == [str(path)]
    assert find(repository / "a", {}) == ConfigFiles(
        (), (f"{path}: not read, since it belongs to another user; name it with --config",)
    )


@posix
@pytest.mark.parametrize("name", ["linkcheck.toml", "pyproject.toml"])
def test_a_link_out_of_the_repository_is_refused(repository: Path, name: str) -> None:
    path = repository / name
    (repository.parent / "elsewhere.toml").write_text("[tool.linkcheck]\n")
    path.symlink_to(repository.parent / "elsewhere.toml")
    if name == "pyproject.toml":  # which need not be ours
        assert find(repository, {}).files == ()
        assert "leads out of the repository" in find(repository, {}).notices[0]
        return
    with pytest.raises(SettingsError, match="leads out of the repository"):
        find(repository, {})
    path.unlink()
    (repository / "a" / "real.toml").write_text("timeout = 3\n")
    path.symlink_to("a/real.toml")
    assert find(repository, {}).files[0].table == {"timeout": 3}


@posix
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_file_is_refused(repository: Path, kind: str) -> None:
    path = repository / "linkcheck.toml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(SettingsError, match=f"cannot read the config file: a {kind}|leads out of the repository"):
        find(repository, {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"a = " + b"[" * 99_999, "nested too deeply"),
        (b"\n\na = " + b"1" * 5_000, "Exceeds the limit"),
        (b"a = '\xff'", "not UTF-8"),
        (b"a = 1\nb = ?\n", "line 2"),
        (b"[" + b".".join([b"a"] * 3_000) + b"]\n" + b"a=1\n" * 99_999, "too many keys of many parts"),
        (b"#" * 2**20 + b"#", "larger than 1,048,576 bytes"),
    ],
)
@pytest.mark.parametrize("way", ["repository", "named", "user"])
def test_a_broken_file_is_named(repository: Path, text: bytes, words: str, way: str) -> None:
    path = repository / ("linkcheck.toml" if way != "user" else "linkcheck/config.toml")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text)
    with pytest.raises(SettingsError, match="cannot read the config file") as caught:
        named(path) if way == "named" else find(
            repository, {"XDG_CONFIG_HOME": str(repository), "APPDATA": str(repository)} if way == "user" else {}
        )
    assert words in caught.value.what
    assert caught.value.where == str(path)


def test_a_named_file_is_the_users_and_has_to_be_there(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    with pytest.raises(SettingsError, match="does not exist"):
        named(path)
    path.write_text("allow_private = true\n")
    assert named(path) == ConfigFiles((ConfigFile(str(path), {"allow_private": True}, USER),))
    with pytest.raises(SettingsError, match="cannot read the config file"):
        named(tmp_path)


# -- the user's own --------------------------------------------------------------------------


@posix
def test_the_users_own_file_counts_less_than_the_repositorys_and_may_be_a_link(repository: Path) -> None:
    home = repository.parent
    own = folders.config_file({"HOME": str(home)})
    assert own
    own.parent.mkdir(parents=True)
    (home / "dotfiles.toml").write_text("allow_private = true\n")
    own.symlink_to(home / "dotfiles.toml")
    (repository / "linkcheck.toml").write_text("timeout = 3\n")
    assert find(repository, {"HOME": str(home)}).files == (
        ConfigFile(str(own), {"allow_private": True}, USER),
        ConfigFile(str(repository / "linkcheck.toml"), {"timeout": 3}, REPOSITORY),
    )


@posix
@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_the_users_own_file_is_refused_where_others_can_write_it(tmp_path: Path, mode: int) -> None:
    own = folders.config_file({"HOME": str(tmp_path)})
    assert own
    own.parent.mkdir(parents=True)
    own.write_text("allow_private = true\n")
    own.chmod(mode)
    with pytest.raises(SettingsError, match="others can write your own config file") as caught:
        find(tmp_path, {"HOME": str(tmp_path)})
    assert "chmod go-w" in caught.value.help


@posix
def test_the_users_own_file_is_refused_where_it_is_anothers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = folders.config_file({"HOME": str(tmp_path)})
    assert own
    own.parent.mkdir(parents=True)
    own.write_text("allow_private = true\n")
    monkeypatch.setattr(config_files, "_ROOT", -1)
    monkeypatch.setattr(os, "getuid", lambda: 4_711)
    with pytest.raises(SettingsError, match="belongs to another user"):
        find(tmp_path, {"HOME": str(tmp_path)})
