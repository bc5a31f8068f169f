from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkcheck.mend import diff
from linkcheck.mend.patch import applied
from linkcheck.model import Edit
from tests.git.repository import ENVIRONMENT


def edits(data: bytes) -> list[Edit]:
    """Every OLD to NEW, or to nothing where it is followed by `!`."""
    found, at = list[Edit](), data.find(b"OLD")
    while at != -1:
        new = "" if data[at + 3 : at + 4] == b"!" else "NEWER"
        found.append(Edit("l.md", (at, at + 3), "OLD", new, "redirect", "why"))
        at = data.find(b"OLD", at + 3)
    return found


def test_what_a_diff_looks_like() -> None:
    data = b"1\n2\n3\n4\nOLD\n6\n7\n8\n9\n"
    assert b"".join(diff.lines("a b.md", data, edits(data))).decode() == (
        "--- a/a b.md\t\n+++ b/a b.md\t\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-OLD\n+NEWER\n 6\n 7\n 8\n"
    )


def test_the_last_line_may_have_no_end() -> None:
    assert b"".join(diff.lines("l.md", b"x\nOLD", edits(b"x\nOLD"))).endswith(
        b"@@ -1,2 +1,2 @@\n x\n-OLD\n\\ No newline at end of file\n+NEWER\n\\ No newline at end of file\n"
    )


def _patch(tool: list[str], folder: Path, data: bytes, patch: bytes) -> bytes:
    (folder / "l.md").write_bytes(data)
    done = subprocess.run(
        tool, cwd=folder, input=patch, capture_output=True, check=False, env={"PATH": "/usr/bin:/bin", **ENVIRONMENT}
    )
    assert done.returncode == 0, (done.stderr, patch)
    return (folder / "l.md").read_bytes()


_LINES = st.lists(
    st.sampled_from(["", "x", "OLD", "a OLD b", "OLD OLD", "-- x", "y\r", "OLD\r"]), min_size=1, max_size=30
)


@given(_LINES, st.booleans())
@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_git_applies_it(tmp_path: Path, lines: list[str], has_end: bool) -> None:
    data = ("\n".join(lines) + ("\n" if has_end else "")).encode()
    if not (own := edits(data)):
        return
    patch = b"".join(diff.lines("l.md", data, own))
    assert _patch(["git", "apply", "-"], tmp_path, data, patch) == applied(data, own, "utf-8")


@pytest.mark.parametrize("text", ["OLD\nx\n", "x\nOLD", "a\nb\nc\nd\nOLD\r\ne\nf\ng\nh\ni\nj\nk\nOLD\n"])
def test_changes_of_several_lines(tmp_path: Path, text: str) -> None:
    data = text.encode()
    own = edits(data)
    patch = b"".join(diff.lines("l.md", data, own))
    assert _patch(["git", "apply", "-"], tmp_path, data, patch) == applied(data, own, "utf-8")
    two = Edit("l.md", (own[0].span[0], own[0].span[0] + 3), "OLD", "N\nM", "repair", "why")
    grown = b"".join(diff.lines("l.md", data, [two, *own[1:]]))
    assert _patch(["git", "apply", "-"], tmp_path, data, grown) == applied(data, [two, *own[1:]], "utf-8")
