from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from publicsuffixlist import PSLFILE, PublicSuffixList

from linkcheck.common import suffixes
from linkcheck.common.suffixes import Suffixes

LIST = Suffixes("// a comment\ncom\nco.uk\nuk\n*.ck\n!www.ck\nde\n\nрф\nком.рф\ngithub.io\nio")


@pytest.mark.parametrize(
    ("name", "labels", "registrable"),
    [
        ("com", 1, ""), ("a.com", 1, "a.com"), ("b.a.com", 1, "a.com"), ("a.co.uk", 2, "a.co.uk"), ("co.uk", 2, ""),
        ("x.a.co.uk", 2, "a.co.uk"), ("ck", 1, ""), ("a.ck", 2, ""), ("b.a.ck", 2, "b.a.ck"), ("www.ck", 1, "www.ck"),
        ("a.www.ck", 1, "www.ck"), ("unknown", 0, ""), ("a.unknown", 0, "a.unknown"), ("b.a.unknown", 0, "a.unknown"),
        ("me.github.io", 2, "me.github.io"), ("a.me.github.io", 2, "me.github.io"), ("", 0, ""), ("a..com", 1, ""),
        (".com", 1, ""), ("xn--p1ai", 1, ""), ("a.xn--p1ai", 1, "a.xn--p1ai"), ("b.xn--j1aef.xn--p1ai", 2, "b.xn--j1aef.xn--p1ai"),
        ("xn--\u00e4.de", 1, "xn--\u00e4.de"), ("xn--99999999999.de", 1, "xn--99999999999.de"), ("xn--.de", 1, "xn--.de"),
        ("// a comment", 1, ""),
    ],
)  # fmt: skip
def test_names(name: str, labels: int, registrable: str) -> None:
    assert (LIST.labels(name), LIST.registrable(name)) == (labels, registrable)


def test_each_rule_of_the_list_is_applied_as_its_own_parser_does() -> None:
    theirs, ours = PublicSuffixList(), suffixes.packaged()
    lines = Path(PSLFILE).read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("//")]
    assert len(rules) > 9_000
    for rule in rules:
        bare = rule.removeprefix("!").removeprefix("*.")
        encoded = bare if bare.isascii() else bare.encode("idna").decode()
        for name in (encoded, f"b.{encoded}", f"c.b.{encoded}", f"d.c.b.{encoded}"):
            assert ours.registrable(name) == (theirs.privatesuffix(name) or ""), name
            assert (ours.labels(name) > 0) is (theirs.publicsuffix(name, accept_unknown=False) is not None), name


def test_the_distribution_is_not_loaded() -> None:
    code = "import sys\nfrom linkcheck.common import suffixes\nsuffixes.packaged()\nprint('publicsuffixlist' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_list_in_a_zip_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as file:
        file.writestr("publicsuffixlist/__init__.py", "")
        file.writestr("publicsuffixlist/public_suffix_list.dat", "example\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "all.zip")])
    assert suffixes.packaged.__wrapped__().labels("a.example") == 1


def test_without_the_distribution_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suffixes, "_DISTRIBUTION", "no_such_distribution")
    with pytest.raises(ModuleNotFoundError, match="no_such_distribution"):
        suffixes.packaged.__wrapped__()
