"""The version that is about to be released."""

from __future__ import annotations

import pytest

from linkcheck.local.changelog import is_changelog, is_tag_of, newest


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-12-01\n\n## [1.1.0]\n", "1.2.0"),
        ("# v2.0.0-rc.1 (soon)\n", "2.0.0-rc.1"),
        ("Changes\n=======\n\n1.4.1\n-----\n\n1.4.0\n-----\n", "1.4.1"),
        ('## <a name="3.0.1"></a>3.0.1\n', "3.0.1"),
        ("## package@0.3.0\n", "0.3.0"),
        ("== 1.0.0.Final\n", "1.0.0.Final"),
        ("## 2026.12\n", "2026.12"),
        ("## 2026-12-01\n", ""),
        ("## Unreleased\n\nsee 1.0.0\n", ""),
        ("a list with 1.0.0\n\n- 2.0.0\n", ""),
        ("", ""),
    ],
)
def test_the_newest_version(text: str, version: str) -> None:
    assert newest(text) == version


def test_only_the_beginning_is_read() -> None:
    assert newest("\n" * 10_000 + "# 1.0.0\n") == ""
    assert newest("# " + "1" * 100_000 + ".0\n") == ""


@pytest.mark.parametrize("ref", ["1.2.0", "v1.2.0", "V1.2.0", "package@1.2.0", "pkg-v1.2.0", "release/1.2.0"])
def test_the_tag_of_a_version(ref: str) -> None:
    assert is_tag_of(ref, "1.2.0")


@pytest.mark.parametrize("ref", ["1.2.1", "1.2.0-rc1", "11.2.0", "rev1.2.0", "main", ""])
def test_the_tag_of_no_such_version(ref: str) -> None:
    assert not is_tag_of(ref, "1.2.0")


def test_names_of_changelogs() -> None:
    assert all(map(is_changelog, ("CHANGELOG.md", "changes.rst", "NEWS", "HISTORY.txt", "RELEASE-NOTES.md")))
    assert not any(map(is_changelog, ("README.md", "changelog.py", "newsletter.md", "")))
