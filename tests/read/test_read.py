"""Which reader a document has: by suffix, by content, and those of plug-ins."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from linkcheck import plugins, read
from linkcheck.contracts import Reader
from linkcheck.model import Document, Link, LinkKind
from linkcheck.plugins import Plugin

Install = Callable[..., None]


def of(name: str, *suffixes: str, head: bytes = b"") -> Reader:
    def document(data: bytes, path: str) -> Document:
        return Document(path, (Link(path, 1, 1, (0, 1), f"https://{name}.example/", LinkKind.BARE),))

    return Reader(name, suffixes, document, lambda found: bool(head) and found.startswith(head))


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    def add(**values: Any) -> None:
        def loader(value: Any) -> Callable[[], Any]:
            def load() -> Any:
                if isinstance(value, Exception):
                    raise value
                return value

            return load

        found = [Plugin(name, loader(value)) for name, value in sorted(values.items())]
        monkeypatch.setattr(
            plugins, "installed", lambda group, attribute: found if group == "linkcheck.readers" else []
        )

    read._others.cache_clear()
    yield add
    read._others.cache_clear()


def test_which_files_are_lists() -> None:
    names = ("a.md", "B.MARKDOWN", "c.txt", "d.py", "md", ".md")
    assert [name for name in names if read.is_known(name)] == ["a.md", "B.MARKDOWN", "c.txt"]


def test_the_builtin_readers_share_no_suffix() -> None:
    found = read.suffixes()
    assert len(found) == len(set(found))
    assert found[0] == ".md"
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in found)


@pytest.mark.parametrize("path", ["l.md", "c.py", "<stdin>", "README"])
def test_what_no_reader_claims_is_markdown(path: str) -> None:
    assert read.reader_of(path, b"[a](https://a.example/)").name == "markdown"


def test_a_plugins_reader_is_found_by_suffix_and_by_content(install: Install) -> None:
    install(xyz=of("xyz", ".xyz", head=b"%XYZ"))
    assert read.is_known("a.XYZ")
    assert read.suffixes()[-1] == ".xyz"
    assert [link.url for link in read.read(b"", "a.xyz").links] == ["https://xyz.example/"]
    assert [link.url for link in read.read(b"%XYZ https://a.example/", "<stdin>").links] == ["https://xyz.example/"]
    assert [link.url for link in read.read(b"%XYZ https://a.example/", "l.md").links] == ["https://a.example/"]
    assert read.broken_plugins() == ()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (ImportError("no module named x"), "ImportError: no module named x"),
        (7, "it is a int, no linkcheck.contracts.Reader"),
        (of("markdown", ".xyz"), "there is a reader 'markdown' already"),
        (of("mine", ".xyz", ".md", ".txt"), ".md, .txt files are read by 'markdown' already"),
        (of("mine", ".good"), ".good files are read by 'good' already"),
    ],
)
def test_a_plugin_that_is_broken_or_takes_anothers_place_is_left_out_and_named(
    install: Install, value: Any, why: str
) -> None:
    install(bad=value, a_good=of("good", ".good"))
    assert not read.is_known("a.xyz")
    assert read.is_known("a.good")
    assert read.reader_of("l.md").name == "markdown"
    [message] = read.broken_plugins()
    assert message.startswith("the reader 'bad' of a plug-in is left out: ")
    assert why in message


def test_a_builtin_that_cannot_be_loaded_is_no_part_without_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise AttributeError("no such thing", name="other")

    with pytest.raises(AttributeError):
        read._loaded(Plugin("new", fail))


def test_a_parser_is_loaded_only_where_it_reads() -> None:
    code = (
        "import sys; from linkcheck import read; read.is_known('a.md'); read.is_known('a.zip'); read.suffixes(); "
        "assert 'pyromark' not in sys.modules; read.read(b'', 'a.md'); assert 'pyromark' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
