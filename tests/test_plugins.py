from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from linkcheck import plugins
from linkcheck.errors import InstallationError


@pytest.fixture(autouse=True)
def _anew() -> None:
    plugins.are_installed.cache_clear()


def install(folder: Path, entry_points: str, **modules: str) -> None:
    """A distribution in `folder`, as pip would unpack it."""
    info = folder / "extra-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: extra\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entry_points)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)


def install_modules(folder: Path, monkeypatch: pytest.MonkeyPatch, group: str, **modules: str) -> None:
    """A distribution on the path whose modules are entry points of `group`, each under its own name."""
    install(folder, "\n".join([f"[{group}]", *(f"{name} = {name}" for name in modules)]), **modules)
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])
    for name in modules:
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_modules_of_a_package_are_there_by_name() -> None:
    found = plugins.builtin("linkcheck.sites", "SITE")
    assert [one.name for one in found] == ["arxiv", "youtube"]
    assert [one.load().name for one in found] == ["arxiv", "youtube"]


def test_modules_and_packages_are_found_and_other_files_are_not(tmp_path: Path) -> None:
    for name in (
        "__init__.py",
        "one.py",
        "data.tsv",
        "two/__init__.py",
        "folder/file.py",
        "__pycache__/one.cpython-311.pyc",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert sorted(plugins._modules(str(tmp_path))) == ["one", "two"]
    assert list(plugins._modules(str(tmp_path / "nowhere"))) == []


def test_modules_in_a_zip_file_are_found(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as file:
        for name in ("pack/__init__.py", "pack/one.py"):
            file.writestr(name, "")
    assert list(plugins._modules(str(tmp_path / "all.zip" / "pack"))) == ["one"]


def test_nothing_is_installed_where_no_distribution_says_so() -> None:
    assert plugins.installed("linkcheck.sites", "SITE") == []
    assert not plugins.are_installed()


@pytest.mark.parametrize("target", ["extra_a", "extra_a:SITE"])
def test_an_entry_point_names_a_value_or_its_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    install(tmp_path, f"[linkcheck.sites]\nextra = {target}\n", extra_a="SITE = 7\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    (found,) = plugins.installed("linkcheck.sites", "SITE")
    assert (found.name, found.load()) == ("extra", 7)
    assert plugins.installed("linkcheck.formats", "FORMAT") == []


def test_one_that_is_broken_raises_when_it_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "[linkcheck.sites]\nextra = no_such_module_here\n")
    monkeypatch.setattr(sys, "path", [*sys.path, "", str(tmp_path / "nowhere"), str(tmp_path)])
    (found,) = plugins.installed("linkcheck.sites", "SITE")
    with pytest.raises(ModuleNotFoundError):
        found.load()


def test_a_folder_that_cannot_be_listed_is_an_error_of_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "_modules", lambda _: iter(()))
    with pytest.raises(InstallationError, match="cannot list the modules"):
        plugins.builtin("linkcheck.sites", "SITE")
