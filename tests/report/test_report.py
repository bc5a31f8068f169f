"""Which formats there are: ours, and those of other distributions."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkcheck import plugins
from linkcheck import report as reports
from linkcheck.contracts import Format
from tests.answers import checked, report
from tests.test_plugins import install_modules

FORMAT = """from linkcheck.contracts import Format
FORMAT = Format({name!r}, {suffix!r}, lambda report: (f"{{len(report.checked)}} links", "\\n"))
"""


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    caches = (plugins.are_installed, reports._others)
    for one in caches:
        one.cache_clear()
    yield
    for one in caches:
        one.cache_clear()


def test_ours_are_there_by_their_names() -> None:
    assert reports.names() == ["json", "markdown", "text", "yaml"]
    assert [reports.named(name).name for name in reports.names()] == reports.names()
    assert reports.broken_plugins() == ()
    with pytest.raises(KeyError):
        reports.named("none")


def test_markdown_is_written_before_yaml_which_takes_its_time() -> None:
    assert [(form.name, form.suffix) for form in reports.written()] == [("markdown", ".md"), ("yaml", ".yaml")]


@pytest.mark.parametrize(("suffix", "is_written"), [("", False), (".x", True)])
def test_a_format_with_a_suffix_is_written(suffix: str, is_written: bool) -> None:
    assert Format("x", suffix, lambda report: ()).is_written is is_written


def test_to_name_them_loads_none() -> None:
    code = (
        "import sys; from linkcheck import report; assert report.names() == ['json', 'markdown', 'text', 'yaml']; "
        "print([name for name in sys.modules if name.startswith('linkcheck.report.formats.') or name == 'yaml'])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_formats_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_modules(
        tmp_path, monkeypatch, "linkcheck.formats", a_written=FORMAT.format(name="a", suffix=".a"), b_printed=FORMAT.format(name="b", suffix=""),
        c_taken=FORMAT.format(name="yaml", suffix=".yaml"), d_text="FORMAT = 'x'",
    )  # fmt: skip
    assert reports.names() == ["json", "markdown", "text", "yaml", "a", "b"]
    assert [form.name for form in reports.written()] == ["markdown", "yaml", "a"]
    assert reports.named("b").render(report(checked())) == "1 links\n"
    taken, text = reports.broken_plugins()
    assert taken.startswith("the format 'c_taken' of a plug-in is left out: there is a format 'yaml' already")
    assert text.startswith("the format 'd_text' of a plug-in is left out: it is a str, no linkcheck.contracts.Format")
