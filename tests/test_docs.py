"""The documentation is tested: every option, command, state, rule and output in it is the real one."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from linkcheck import settings
from linkcheck.cli import formats
from linkcheck.judge import documentation
from linkcheck.model import FAILING, Flag, State
from linkcheck.settings import COMMANDS, OPTIONS, RUN, ConfigFile, Option, Trust
from tests.conftest import LINKCHECK
from tests.shared import ROOT
from tests.web import Web, environment
from tests.web.reading_list import stand_in

README = (ROOT / "README.md").read_text(encoding="utf-8")


def between(mark: str) -> str:
    found = re.search(rf"<!-- {mark} -->\n(.*?)<!-- /{mark} -->", README, re.DOTALL)
    assert found, mark
    return found[1]


def options_table() -> str:
    """What stands between the options marks of the README; `python -m tests.test_docs` writes it there."""
    rows = ["| option | default | commands | |", "|---|---|---|---|"]
    for option in OPTIONS:
        flag = f"`{option.flag}{' ' + option.metavar if option.metavar else ''}`"
        rows.append(f"| {flag} | {_default(option)} | {', '.join(option.commands)} | {_help(option)} |")
    rows.append(f"| `--config FILE` | | {', '.join(COMMANDS)} | read settings from this file only |")
    return "\n".join(rows) + "\n"


def _default(option: Option[Any]) -> str:
    common = option.shown_default("")
    own = [f"{command}: `{option.shown_default(command)}`" for command in option.defaults]
    return "; ".join([f"`{common}`", *own] if common else own)


def _help(option: Option[Any]) -> str:
    choices = formats.choices().get(option.name, option.choices)
    return option.help + (f": {', '.join(choices)}" if choices else "")


def test_the_options_in_the_readme_are_those_of_the_program() -> None:
    assert between("options") == options_table()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_option_of_its_command_and_no_other(command: str) -> None:
    done = subprocess.run(
        [LINKCHECK, command, "--help"], capture_output=True, text=True, check=True, env={"COLUMNS": "200"}
    )
    flags = set(re.findall(r"^\s+(--[a-z-]+)", done.stdout, re.MULTILINE))
    assert flags == {o.flag for o in OPTIONS if command in o.commands} | {"--config"}
    assert f"`linkcheck {command} " in README


def test_the_states_in_the_readme_are_all_and_only_ours() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .* \| (no|\*\*yes\*\*) \|$", README, re.MULTILINE)
    assert {state for state, _ in rows} == {str(state) for state in State}
    assert {state for state, fails in rows if fails != "no"} == {str(state) for state in FAILING}
    assert all(f"`{flag}`" in README for flag in Flag)


def test_the_output_in_the_readme_is_the_real_one(web: Web, tmp_path: object) -> None:
    stand_in(web)
    command = [LINKCHECK, "run", "lists/ml.md", "--reports", str(tmp_path), *web.flags, "--second-look", "0.1"]
    done = subprocess.run(command, cwd=ROOT, env=environment(web), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert between("demo") == f"```\n$ linkcheck run lists/ml.md\n\n{done.stdout}```\n"
    from pathlib import Path

    written = (Path(str(tmp_path)) / "ml.yaml").read_text(encoding="utf-8")
    excerpt = between("yaml").removeprefix("```yaml\n").removesuffix("```\n")
    assert excerpt in written


def test_commands_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^)make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_files_that_the_documents_name_exist() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "docs/decisions.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            assert (ROOT / document).parent.joinpath(target).exists(), f"{document}: {target}"
        for path in re.findall(r"`((?:tests|linkcheck|\.github)/[\w./-]+)`", text):
            assert (ROOT / path.replace("NAME.py", "")).exists(), f"{document}: {path}"


def test_the_readme_quotes_the_benchmarks() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert between("crawl") in page


def test_the_configuration_examples_are_yaml() -> None:
    for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL):
        assert yaml.safe_load(block)


def test_no_committed_file_names_a_registrys_host() -> None:
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    hosts = re.compile(r"\b(?:files\.)?" + "pythonhosted" + r"\.org|\b" + "pypi" + r"\.org|registry\." + "npmjs")
    assert [name for name in files if hosts.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))] == []


def test_the_settings_module_reads_the_readmes_config() -> None:
    assert settings.load(RUN, {}, {}, [ConfigFile("x", {"no_files": True}, Trust.REPOSITORY)]).no_files


if __name__ == "__main__":
    marked = re.sub(
        r"(<!-- options -->\n).*?(<!-- /options -->)", lambda m: m[1] + options_table() + m[2], README, flags=re.DOTALL
    )
    (ROOT / "README.md").write_text(marked, encoding="utf-8")
    (ROOT / "docs" / "rules.md").write_text(documentation.page(), encoding="utf-8")
    sys.exit(0)
