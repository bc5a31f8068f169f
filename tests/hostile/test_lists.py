"""Lists that are written to take all memory or time: brackets, nesting, tables, references, tags, lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LINKCHECK
from tests.hostile.conftest import SECONDS, Victim
from tests.web import environment

SIZE = 5_000_000
MORE_MB = 300  # than a list of two links takes
# The program's own peak: that of its parent, before it became the program, would count as its own.
_MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[3:], timeout=float(sys.argv[2])).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
open(sys.argv[1], "w").write(str(peak))
sys.exit(code)
"""


def many(text: str, size: int = SIZE) -> str:
    return text * (size // len(text))


URL = "https://a.example/x"
LISTS = {
    "brackets": [many("["), many("!["), many("](")],
    "marks": [many("<"), many("*a_ "), many("` "), many("[a")],
    "nesting": [many("> ") + "a", many("- ") + "a", many("- > ") + "a", "- " * 1_000 + "a\n" + many("\n")],
    "links": ["![a" * 200_000 + f"]({URL})" * 200_000, "[r]: x:y\n\n" + many("[r] "), "<a " + many("href=x:y ") + ">"],
    "words": [many("a"), f"<x:{many('a')}>", "# " + many("a b "), "---\n" + many("a: 1\n") + "---\n"],
    "lines": [many("a\n", SIZE // 5), many("|a|b|\n|-|-|\n\n", SIZE // 5), many("# a\n", SIZE // 5), many("<a\n\n", SIZE // 5)],
}  # fmt: skip


def measured(victim: Victim, *lists: str) -> tuple[list[tuple[str, str]], float]:
    """The (URL, state) of every link that is no list's own hostile one, and the program's peak of memory in MB."""
    peak = victim.folder / "peak"
    flags = [*victim.web.flags, "--no-files", "--second-look", "0.2", "--format", "json", "--exclude", "^(?!.*honest)"]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(peak), str(SECONDS), LINKCHECK, "run", *lists, *flags],
        cwd=victim.folder, env=environment(victim.web), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)["links"]
    states = sorted((link["url"], link["state"]) for link in found if "honest" in link["url"])
    return states, float(peak.read_text(encoding="utf-8"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no getrusage")
@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_no_more_than_its_bound_of_memory(victim: Victim, name: str) -> None:
    first, second = (f"- [Honest]({url})\n" for url in victim.honest)
    Path(victim.folder / "l.md").write_text(f"# Links\n\n{first}\n{second}", encoding="utf-8")
    alone, usual_mb = measured(victim, "l.md")
    assert alone == sorted((url, "ok") for url in victim.honest)
    for number, text in enumerate(LISTS[name]):
        whole = f"{text}\n\n{first}\n{second}" if text[0] in "-<" else f"# Links\n\n{first}\n{text}\n\n{second}"
        Path(victim.folder / f"evil{number}.md").write_text(whole, encoding="utf-8")
    evil = [f"evil{number}.md" for number in range(len(LISTS[name]))]
    together, peak_mb = measured(victim, "l.md", *evil)
    assert set(together) == set(alone)
    assert peak_mb - usual_mb < MORE_MB
