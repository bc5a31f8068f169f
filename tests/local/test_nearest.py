"""The file that was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkcheck.local import nearest as module
from linkcheck.local.nearest import Nearest
from linkcheck.local.tree import Tree
from tests.local.judged import written

FILES = {
    "README.md": "", "docs/guide.md": "", "docs/part-1.md": "", "docs/part-2.md": "", "docs/api/Client.md": "",
    "docs/other/usage.md": "", "examples/usage.md": "", "examples/one/only.md": "", "docs/logo.png": "", "a/b.md": "",
}  # fmt: skip


def near(tmp_path: Path, path: str) -> tuple[str, bool] | None:
    found = Nearest(Tree(written(tmp_path, dict(FILES)))).file(tuple(path.split("/")))
    return ("/".join(found.parts), found.is_certain) if found else None


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("DOCS/Guide.md", ("docs/guide.md", True)),
        ("docs/API", ("docs/api", True)),
        ("docs/guide.rst", ("docs/guide.md", True)),
        ("docs/guide", ("docs/guide.md", True)),
        ("docs/giude.md", ("docs/guide.md", True)),
        ("docs/only.md", ("examples/one/only.md", True)),
        ("docs/api/usage.md", ("docs/other/usage.md", False)),  # there is another one
        ("docs/part-3.md", None),  # no slip of the pen
        ("docs/xyz.md", None),
        ("x/README.md", None),  # every folder has its own
        ("none/none.md", None),
        (f"docs/{'x' * 200}.md", None),
    ],
)
def test_the_nearest_file(tmp_path: Path, path: str, found: tuple[str, bool] | None) -> None:
    assert near(tmp_path, path) == found


def test_nothing_outside_is_the_nearest(tmp_path: Path) -> None:
    top = written(tmp_path / "r", {"a.md": ""})
    (tmp_path / "secret.md").write_text("")
    (top / "secret.md").symlink_to("../secret.md")
    nearest = Nearest(Tree(top))
    for name in (".gti", ".gi", ".GIT", "secrte.md", "secret.txt", "SECRET.md"):
        assert nearest.file((name,)) is None, name


def test_two_slips_are_not_certain(tmp_path: Path) -> None:
    top = written(tmp_path, {"docs/form.md": "", "docs/from.md": ""})
    found = Nearest(Tree(top)).file(("docs", "foom.md"))
    assert found is not None
    assert not found.is_certain


def test_names_that_differ_by_case_only(tmp_path: Path) -> None:
    top = written(tmp_path, {"guide.md": "", "Guide.md": ""})
    if len(list(top.glob("*uide.md"))) == 1:
        pytest.skip("this file system takes both for one name")
    found = Nearest(Tree(top)).file(("GUIDE.md",))
    assert found is not None
    assert not found.is_certain


def test_no_path_has_no_nearest(tmp_path: Path) -> None:
    assert Nearest(Tree(tmp_path)).file(()) is None


def test_a_part_of_the_files_makes_nothing_certain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 11)
    assert near(tmp_path, "docs/only.md") == ("examples/one/only.md", True)
    monkeypatch.setattr(module, "MOST_FILES", 10)
    assert near(tmp_path, "docs/only.md") == ("examples/one/only.md", False)


def test_the_end_of_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = Tree(written(tmp_path, dict(FILES)))
    assert Nearest(tree).is_suffix(("other", "usage.md"))
    assert not Nearest(tree).is_suffix(("api", "usage.md"))
    monkeypatch.setattr(module, "MOST_FILES", 3)
    assert Nearest(tree).is_suffix(("api", "usage.md"))  # nobody knows


def test_the_effort_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EFFORT", 1_000)
    names = [f"docs/{one}{two}-guide.md" for one in "abcdefghij" for two in "abcdefghij"]
    nearest = Nearest(Tree(written(tmp_path, dict.fromkeys(names, ""))))
    assert nearest.file(("docs", "aa-giude.md")) is None  # ended on its way
    assert nearest.file(("docs", "AA-guide.md")) is None  # and no more is begun
