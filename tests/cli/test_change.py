"""Which links a change adds: each case is a repository, in which a change is staged."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from linkcheck.cli import change, inputs
from linkcheck.errors import InputError
from linkcheck.git.objects import Objects
from linkcheck.model import Link, LinkKind
from tests.git.repository import Repository

A, B, C = "- [A](https://a.example/) one\n", "- [B](https://b.example/) two\n", "- [C](https://c.example/) three\n"


def added(repository: Repository, *paths: str, folder: str = "") -> list[str]:
    """`path:line URL` of each link that the staged change adds."""
    found = change.added_documents(change.staged(repository.path / folder), paths)
    assert not found.refused
    return [f"{link.path}:{link.line} {link.url}" for document in found.documents for link in document.links]


def added_since(repository: Repository, *paths: str) -> list[str]:
    """The same of the work tree against HEAD."""
    documents = inputs.documents(paths).documents
    is_added = change.predicate(change.since(Path.cwd(), "HEAD"), documents)
    return [f"{link.path}:{link.line} {link.url}" for one in documents for link in one.links if is_added(link)]


# -- what is new -----------------------------------------------------------------------------


def test_before_the_first_commit_all_links_are_new(repository: Repository) -> None:
    repository.write({"a.md": A + B})
    assert added(repository) == ["a.md:1 https://a.example/", "a.md:2 https://b.example/"]


def test_only_the_new_link_of_a_file_is_new(repository: Repository) -> None:
    repository.commit({"a.md": A + B})
    repository.write({"a.md": A + C + B})
    assert added(repository) == ["a.md:2 https://c.example/"]


@pytest.mark.parametrize(
    "after",
    [
        B + A,
        f"# Title\n\n1. {A}   {B}",
        "See <HTTPS://A.example:443> and\n[another text][b]\n\n[b]: https://b.example\n",
        A + B.replace("two", "another description"),
        (A + B).replace("\n", "\r\n"),
        ("\ufeff" + A + B).encode("utf-16-le"),
        A,
    ],
    ids=["moved", "indented", "written in another way", "described anew", "CRLF", "UTF-16", "one taken out"],
)
def test_a_link_that_was_there_is_not_new(repository: Repository, after: str | bytes) -> None:
    repository.commit({"a.md": A + B})
    repository.write({"a.md": after})
    assert added(repository) == []


def test_a_link_that_moves_to_another_file_is_not_new(repository: Repository) -> None:
    repository.commit({"a.md": A + B, "b.md": "# B\n"})
    repository.write({"a.md": A, "b.md": B + C})
    assert added(repository) == ["b.md:2 https://c.example/"]
    assert added(repository, "b.md") == ["b.md:2 https://c.example/"]


def test_a_link_is_new_in_the_file_where_it_was_not(repository: Repository) -> None:
    repository.commit({"b.md": A})
    repository.write({"a.md": A + "# A\n" * 9, "b.md": f"described anew: {A}"})
    assert added(repository) == ["a.md:1 https://a.example/"]


def test_a_link_of_a_file_that_does_not_change_is_new_elsewhere(repository: Repository) -> None:
    repository.commit({"a.md": A, "b.md": "# B\n"})
    repository.write({"b.md": A})
    assert added(repository) == ["b.md:1 https://a.example/"]


def test_of_a_link_that_is_there_more_often_the_one_in_a_new_line_is_new(repository: Repository) -> None:
    repository.commit({"a.md": A})
    repository.write({"a.md": f"new: https://a.example/\n\n  {A}"})
    assert added(repository) == ["a.md:1 https://a.example/"]
    repository.write({"a.md": A + A})
    assert added(repository) == ["a.md:2 https://a.example/"]
    repository.write({"a.md": "x https://a.example/\n\ny https://a.example/\n"})
    assert added(repository) == ["a.md:3 https://a.example/"]


def test_lines_of_any_length_are_compared(repository: Repository) -> None:
    words = "word " * 400
    line = f"{words}<https://a.example/> {words}"
    repository.commit({"a.md": line})
    repository.write({"a.md": f"<https://a.example/> new\n\n{line}"})
    assert added(repository) == ["a.md:1 https://a.example/"]


def test_another_fragment_is_another_link(repository: Repository) -> None:
    repository.commit({"a.md": "<https://a.example/#x> <https://a.example/#y>\n"})
    repository.write({"a.md": "<https://a.example/#y> <https://a.example/#z> <https://a.example/#x>\n"})
    assert added(repository) == ["a.md:1 https://a.example/#z"]


def test_a_link_is_new_when_it_becomes_malformed_and_when_it_is_mended(repository: Repository) -> None:
    repository.commit({"a.md": f"{A}[x](http:/b.example/)\n"})
    repository.write({"a.md": f"[x](https:/a.example/)\n{A}[x](http:/b.example/)\n"})
    assert added(repository) == ["a.md:1 https:/a.example/"]
    repository.write({"a.md": f"{A}[x](http://b.example/)\n"})
    assert added(repository) == ["a.md:2 http://b.example/"]


def test_links_that_are_no_urls(repository: Repository) -> None:
    repository.commit({"a.md": "[x](mailto:a@a.example) [y]() [z](<https://[>)\n"})
    repository.write({"a.md": "[z](<https://[>) [y]() [x](mailto:a@a.example) [new](//a.example/x)\n"})
    assert added(repository) == ["a.md:1 //a.example/x"]


def test_a_definition_that_nothing_used_was_not_checked(repository: Repository) -> None:
    repository.commit({"a.md": "[a]: https://a.example/\n"})
    repository.write({"a.md": "Now [used][a].\n\n[a]: https://a.example/\n"})
    assert added(repository) == ["a.md:3 https://a.example/"]


def test_a_copy_of_a_changed_file_adds_what_it_has_more(repository: Repository) -> None:
    repository.commit({"a.md": A * 20 + B})
    repository.write({"a.md": A * 20, "b.md": A * 20 + B + C})
    assert added(repository) == ["b.md:22 https://c.example/"]


def test_a_renamed_file(repository: Repository) -> None:
    text = f"# T\n\n{A}[b](b.md) [in page](#t) [missing](#missing) [other](../x.md)\n" + "words\n" * 20
    repository.commit({"docs/a.md": text, "docs/b.md": "# B\n", "x.md": "# X\n"})
    repository.git("mv", "docs/a.md", "docs/a2.md")
    assert added(repository) == []
    repository.git("mv", "docs", "guide")
    assert added(repository) == []
    (repository.path / "guide" / "deep").mkdir()
    repository.git("mv", "guide/a2.md", "guide/deep/a.md")
    assert added(repository) == ["guide/deep/a.md:4 b.md", "guide/deep/a.md:4 ../x.md"]


def test_files_that_no_reader_knows_count_only_if_they_are_named(repository: Repository) -> None:
    repository.write({"LINKS": A, "a.py": "# https://b.example/\n"})
    assert added(repository) == []
    assert added(repository, "LINKS") == ["LINKS:1 https://a.example/"]
    repository.git("commit", "-q", "-m", "x")
    repository.write({"LINKS": A + C})
    assert added(repository, "LINKS") == ["LINKS:2 https://c.example/"]
    assert added_since(repository, "LINKS") == ["LINKS:2 https://c.example/"]


# -- what is read ----------------------------------------------------------------------------


def test_the_index_is_read_and_not_the_work_tree(repository: Repository) -> None:
    repository.write({"a.md": A})
    (repository.path / "a.md").write_text(B)
    assert added(repository, "a.md") == ["a.md:1 https://a.example/"]
    (repository.path / "a.md").unlink()
    assert added(repository, "a.md") == ["a.md:1 https://a.example/"]


def test_paths_are_those_of_the_current_folder(repository: Repository) -> None:
    repository.write({"docs/a.md": A, "docs/in/b.md": B, "c.md": C, "docs/x.py": "https://x.example/"})
    assert added(repository, "a.md", "../c.md", folder="docs") == [
        "a.md:1 https://a.example/", "../c.md:1 https://c.example/",
    ]  # fmt: skip
    assert added(repository, folder="docs/in") == [
        "../../c.md:1 https://c.example/", "../a.md:1 https://a.example/", "b.md:1 https://b.example/",
    ]  # fmt: skip
    assert added(repository, "docs/in/b.md", "docs") == [
        "docs/in/b.md:1 https://b.example/",
        "docs/a.md:1 https://a.example/",
    ]
    assert added(repository, ".", folder="docs/in") == ["b.md:1 https://b.example/"]
    assert len(added(repository, ".")) == 3


def test_a_symbolic_link_is_the_list_that_it_leads_to(repository: Repository) -> None:
    repository.commit({"docs/list.md": A})
    (repository.path / "README.md").symlink_to("docs/list.md")
    repository.write({"docs/list.md": A + B})
    repository.git("add", ".")
    assert added(repository, "README.md") == ["README.md:2 https://b.example/"]
    assert added_since(repository, "README.md") == ["README.md:2 https://b.example/"]
    assert added(repository) == ["docs/list.md:2 https://b.example/"]


def test_a_link_that_becomes_a_file_has_new_links(repository: Repository) -> None:
    repository.write({"docs/list.md": B})
    (repository.path / "a.md").symlink_to("docs/list.md")
    repository.git("add", ".")
    repository.git("commit", "-q", "-m", "x")
    (repository.path / "a.md").unlink()
    repository.write({"a.md": A})
    assert added(repository) == ["a.md:1 https://a.example/"]


def test_a_submodule_is_left_alone(repository: Repository) -> None:
    name = repository.commit({"a.md": A})
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{name},module.md")
    (repository.path / "module.md").mkdir()
    (repository.path / "module.md" / "README.md").write_text(B)
    assert added(repository) == []
    assert added(repository, "module.md", "module.md/README.md") == []


def test_named_files_that_are_not_there_or_not_in_the_repository(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.md": A, "b.md": A})
    repository.git("rm", "-q", "b.md")
    found = change.added_documents(change.staged(repository.path), ["a.md", "b.md", "typo.md", "/nowhere.md", "-"])
    assert [one.where for one in found.refused] == ["typo.md"]
    assert (found.documents, found.outside, found.is_empty) == ([], ["/nowhere.md", "-"], True)


def test_the_user_names_a_file_twice(repository: Repository) -> None:
    repository.write({"a.md": A})
    assert added(repository, "./a.md", "a.md", str(repository.path / "a.md")) == ["a.md:1 https://a.example/"]


def test_of_a_merge_only_what_no_parent_has_is_new(repository: Repository) -> None:
    repository.commit({"a.md": "# A\n", "b.md": "# B\n"})
    repository.git("switch", "-q", "-c", "other")
    repository.commit({"a.md": f"# A\n{A}"})
    repository.git("switch", "-q", "main")
    repository.commit({"b.md": f"# B\n{B}"})
    repository.git("merge", "-q", "--no-commit", "--no-ff", "other")
    assert added(repository) == []
    repository.write({"a.md": f"# A\n{C}{A}"})
    assert added(repository) == ["a.md:2 https://c.example/"]


def test_what_is_too_large_is_left_out(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"a.md": A})
    repository.write({"a.md": A + B, "large.md": C * 100})
    monkeypatch.setattr(inputs, "MOST_BYTES", 1_000)
    found = change.added_documents(change.staged(repository.path), [])
    assert [link.url for document in found.documents for link in document.links] == ["https://b.example/"]
    assert [(one.where, one.what) for one in found.refused] == [
        ("large.md", "cannot read the file: larger than 1,000 bytes")
    ]


def test_what_was_too_large_is_as_if_it_were_not_there(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"a.md": f"{A}# Title\n" * 100})
    repository.write({"a.md": f"{A}[x](#title)\n"})
    monkeypatch.setattr(inputs, "MOST_BYTES", 1_000)
    assert added(repository) == ["a.md:1 https://a.example/", "a.md:2 #title"]


# -- the work tree ---------------------------------------------------------------------------


def test_the_work_tree_against_a_revision(repository: Repository) -> None:
    repository.commit({"a.md": A, "b.md": B, "ä b.md": B, os.fsdecode(b"\xff.md"): B})
    for name in ("a.md", "new.md", "ä b.md", os.fsdecode(b"\xff.md")):
        with (repository.path / name).open("a") as file:
            file.write(C)
    assert sorted(added_since(repository, ".")) == sorted(
        [
            "a.md:2 https://c.example/", "new.md:1 https://c.example/", "ä b.md:2 https://c.example/",
            os.fsdecode(b"\xff.md:2 https://c.example/"),
        ]
    )  # fmt: skip


def test_a_file_that_cannot_be_read_adds_nothing(repository: Repository) -> None:
    repository.commit({"a.md": A})
    repository.write({"a.md": A + B})
    os.mkfifo(repository.path / "pipe.md")
    (repository.path / "out.md").symlink_to("/etc/hostname")
    assert added_since(repository, "a.md") == ["a.md:2 https://b.example/"]


def test_standard_input_and_files_elsewhere_have_no_earlier_form(repository: Repository) -> None:
    repository.commit({"a.md": A})
    (document,) = inputs.documents(["a.md"]).documents
    for path in ("<stdin>", "/elsewhere.md"):
        with pytest.raises(InputError, match="no file of the repository"):
            change.predicate(change.since(Path.cwd(), "HEAD"), [inputs.document(b"", path), document])


def test_between_two_commits(repository: Repository) -> None:
    first = repository.commit({"a.md": A})
    last = repository.commit({"a.md": A + B})
    repository.write({"a.md": C})
    found = change.added_documents(change.between(repository.path, first, last), ["a.md"])
    assert [link.url for link in found.documents[0].links] == ["https://b.example/"]


# -- links that the change breaks ------------------------------------------------------------


def test_a_link_to_a_file_that_the_change_takes_away(repository: Repository) -> None:
    links = "[b](b.md) [c](docs/c%20d.md?x#y) [folder](docs/) [other](x.md) [top](/b.md)\n"
    repository.commit({"a.md": links, "b.md": "# B\n" * 9, "docs/c d.md": "# C\n", "x.md": "# X\n"})
    repository.git("mv", "b.md", "b2.md")
    repository.git("rm", "-q", "docs/c d.md")
    assert added(repository) == []  # a.md is not judged
    repository.write({"a.md": f"# New\n\n{links}"})
    assert [one.partition(" ")[2] for one in added(repository)] == [
        "b.md", "docs/c%20d.md?x#y", "docs/", "/b.md",
    ]  # fmt: skip
    assert [one.partition(" ")[2] for one in added_since(repository, "a.md")] == [
        "b.md", "docs/c%20d.md?x#y", "docs/", "/b.md",
    ]  # fmt: skip


def test_a_link_to_a_file_that_becomes_a_symbolic_link(repository: Repository) -> None:
    repository.commit({"a.md": "[b](b.md)\n", "b.md": "# B\n"})
    (repository.path / "b.md").unlink()
    (repository.path / "b.md").symlink_to("a.md")
    assert added_since(repository, "a.md") == ["a.md:1 b.md"]


@pytest.mark.parametrize(
    ("heading", "fragment", "is_broken"),
    [
        ("## Install it!", "install-it", True),
        ("## Install it!", "install-it-1", True),
        ("## Über `uns`", "%C3%BCber-uns", True),
        ("## Über uns", "uber-uns", True),
        ('<a name="place"></a>', "place", True),
        ("## Top 10", "top-10", True),
        ("## 2024", "2024", True),
        ("## Install it!", "other", False),
        ("## Install it!", "", False),
        ("## Install it!", "---", False),
    ],
)
def test_a_link_to_a_heading_that_the_change_takes_out(
    repository: Repository, heading: str, fragment: str, *, is_broken: bool
) -> None:
    link = f"[x](b.md#{fragment})"
    repository.commit({"a.md": f"{link} [gone before](b.md#nowhere)\n", "b.md": f"# B\n\n{heading}\n\ntext\n"})
    repository.write({"b.md": "# B\n\ntext\n"})
    assert added_since(repository, "a.md") == ([f"a.md:1 b.md#{fragment}"] if is_broken else [])


def test_an_anchor_in_the_page_itself(repository: Repository) -> None:
    repository.commit({"a.md": "# Old title\n\n[x](#old-title) [broken before](#nowhere)\n"})
    repository.write({"a.md": "# New title\n\n[x](#old-title) [broken before](#nowhere)\n"})
    assert added(repository) == ["a.md:3 #old-title"]


def test_where_much_is_taken_out_all_anchors_are_looked_at(repository: Repository) -> None:
    repository.commit({"a.md": "[x](b.md#x)\n", "b.md": "".join(f"line {n} of many\n" for n in range(5_000))})
    repository.write({"b.md": "# B\n"})
    assert added_since(repository, "a.md") == ["a.md:1 b.md#x"]


def test_a_link_outside_the_repository_is_not_broken_by_the_change(repository: Repository) -> None:
    repository.commit({"a.md": A})
    found = change.since(Path.cwd(), "HEAD")
    with Objects(found.top, most_bytes=10) as objects:
        added = change._Added(found, objects, {})
        assert not added.has(Link("/elsewhere.md", 1, 1, (0, 1), "a.md", LinkKind.INLINE))


def test_as_many_links_are_new_as_there_are_more_than_before() -> None:
    chance = random.Random(12)
    for _ in range(500):
        known, places = (
            [change._Place(chance.choice("ab"), (n, n), chance.randrange(3)) for n in range(chance.randrange(5))]
            for _ in range(2)
        )
        new = change._new(places, known)
        assert len(new) == max(0, len(places) - len(known))
        for path in "ab":
            before, after = (sum(one.path == path for one in found) for found in (known, places))
            assert sum(one.path == path for one in new) <= max(0, after - before)
        assert [one for one in places if one in new] == list(new)


# -- cost ------------------------------------------------------------------------------------


def test_few_processes_are_run(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({f"{n}.md": A for n in range(20)})
    repository.write({f"{n}.md": A + B for n in range(20)})
    started = list[str]()
    popen = subprocess.Popen

    def counted(command: list[str], **more: object) -> subprocess.Popen[bytes]:
        started.append(next(one for one in command if one in ("rev-parse", "diff", "cat-file")))
        return popen(command, **more)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(subprocess, "Popen", counted)
    assert len(added(repository)) == 20
    assert started == ["rev-parse", "diff", "cat-file"]
