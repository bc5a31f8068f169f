"""The two commands of the README on a bare machine: the locked lists are complete, and nothing is resolved."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shared import ROOT

LISTS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = {"linux": ("posix", "Linux"), "darwin": ("posix", "Darwin"), "win32": ("nt", "Windows")}
# Locked for other systems than this one may be; their metadata name no requirement.
WITHOUT_REQUIREMENTS = {"colorama", "uvloop", "backports-zstd"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name: str) -> dict[str, Requirement]:
    text = (ROOT / LISTS[name]).read_text(encoding="utf-8")
    found = [Requirement(line.removesuffix("\\").strip()) for line in re.findall(r"^[a-z].*$", text, re.MULTILINE)]
    return {canonicalize_name(one.name): one for one in found}


def group(name: str) -> list[Requirement]:
    found = []
    for one in PROJECT["dependency-groups"][name]:
        found += group(one["include-group"]) if isinstance(one, dict) else [Requirement(one)]
    return found


def environment_of(python: str, platform: str) -> dict[str, str]:
    os_name, system = PLATFORMS[platform]
    return {
        "python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform, "os_name": os_name,
        "platform_system": system, "platform_machine": "x86_64", "implementation_name": "cpython",
        "platform_python_implementation": "CPython", "extra": "",
    }  # fmt: skip


def holds(marker: Marker | None, environment: Mapping[str, str], extra: str = "") -> bool:
    return marker is None or marker.evaluate({**environment, "extra": extra})


def requirements_of(name: str, version: str) -> list[Requirement]:
    """What the locked version of a package requires, by its own metadata."""
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        assert name in WITHOUT_REQUIREMENTS, f"{name} is locked but not installed, so what it requires is not known"
        return []
    assert found.version == version, f"{name} {found.version} is installed, {version} is locked"
    return [Requirement(one) for one in found.requires or ()]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", LISTS)
def test_a_locked_list_satisfies_every_requirement_and_holds_nothing_else(
    name: str, python: str, platform: str
) -> None:
    environment = environment_of(python, platform)
    there = {one: pin for one, pin in locked(name).items() if holds(pin.marker, environment)}
    waiting = [*map(Requirement, PROJECT["project"]["dependencies"]), *group(name)]
    if name == "dev":
        waiting += map(Requirement, PROJECT["project"]["optional-dependencies"]["warc"])
    waiting += map(Requirement, PROJECT["build-system"]["requires"])
    seen: set[tuple[str, str]] = set()
    while waiting:
        wanted = waiting.pop()
        if not holds(wanted.marker, environment):
            continue
        key = canonicalize_name(wanted.name)
        assert key in there, f"{wanted} is required and not locked"
        version = str(there[key].specifier).removeprefix("==")
        assert wanted.specifier.contains(version, prereleases=True), f"{wanted} is required, {version} is locked"
        for extra in ("", *wanted.extras):
            if (key, extra) not in seen:
                seen.add((key, extra))
                waiting += _bare(requirements_of(key, version), environment, extra)
    assert {key for key, _ in seen} == there.keys()


def _bare(requirements: list[Requirement], environment: Mapping[str, str], extra: str) -> Iterator[Requirement]:
    for one in requirements:
        if holds(one.marker, environment, extra):
            one.marker = None
            yield one


def test_both_lists_agree() -> None:
    run, dev = locked("run"), locked("dev")
    assert run.keys() < dev.keys()
    assert {name: str(run[name].specifier) for name in run} == {name: str(dev[name].specifier) for name in run}


def test_every_line_of_the_lists_has_a_hash_and_an_exact_version() -> None:
    for file in LISTS.values():
        text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
        for line in text.splitlines():
            assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line[:80]


def test_running_needs_no_developers_tool() -> None:
    assert not locked("run").keys() & {"mypy", "ruff", "pytest", "hypothesis", "pre-commit", "coverage"}


# -- what the script says ---------------------------------------------------------------------


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install_script", ROOT / "scripts" / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_can_read_the_script() -> None:
    ast.parse((ROOT / "scripts" / "install.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_an_old_python_is_told_so(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert script.main(["run"]) == 1
    assert capsys.readouterr().err == (
        "error: Python 3.9.2 is too old; linkcheck needs 3.11 or newer: make PYTHON=python3.11\n"
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("The virtual environment was not created because ensurepip is not\navailable.", "apt install python3"),
        ("/usr/bin/python3: No module named venv", "apt install python3"),
        ("Error: [Errno 28] No space left on device", "No space left on device"),
    ],
)
def test_a_python_without_venv_is_told_what_to_install(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    said: str, sentence: str,
) -> None:  # fmt: skip
    venv = tmp_path / ".venv"
    for name, value in {"VENV": venv, "PYTHON": venv / "bin/python", "UNFINISHED": venv / ".installing"}.items():
        monkeypatch.setattr(script, name, value)
    monkeypatch.setattr(script, "_run", lambda *c: subprocess.CompletedProcess(c, 1, "", said))
    assert script.main(["run"]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("error: ")
    assert sentence in error


# -- a fresh checkout ---------------------------------------------------------------------------


def checkout(folder: Path) -> Path:
    """A copy of what git would commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("no git checkout")
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package index, as a folder, that has moved on: the locked versions, and a newer one of everything."""
    folder = tmp_path_factory.mktemp("index")
    command = [
        sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps",
        "--require-hashes", "-r", str(ROOT / LISTS["dev"]), "-d", str(folder),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("no package index can be reached")
    for name in locked("dev"):
        newer(folder, name.replace("-", "_"))
    return folder


def newer(folder: Path, name: str) -> None:
    """A wheel of version 9999 that requires what nobody has."""
    info = f"{name}-9999.dist-info"
    with zipfile.ZipFile(folder / f"{name}-9999-py3-none-any.whl", "w") as wheel:
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 9999\nRequires-Dist: nowhere\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


def make(folder: Path, target: str, index: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", target], cwd=folder, env=bare(folder, index, **more), stdin=subprocess.DEVNULL, capture_output=True,
        encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


def bare(folder: Path, index: Path, **more: str) -> dict[str, str]:
    """An environment with nothing but Python, make and git, and no package index but `index`."""
    base = getattr(sys, "_base_executable", sys.executable)
    return {
        "PATH": os.defpath, "HOME": str(folder), "PYTHON": base, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(index), **more,
    }  # fmt: skip


def installed(folder: Path) -> dict[str, str]:
    python = folder / ".venv/bin/python"
    code = "import importlib.metadata as m; [print(d.name, d.version) for d in m.distributions()]"
    done = subprocess.run([str(python), "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    found = dict(line.split() for line in done.stdout.splitlines())
    return {canonicalize_name(name): version for name, version in found.items()}


def expected(name: str) -> dict[str, str]:
    here = {key: one for key, one in locked(name).items() if one.marker is None or one.marker.evaluate()}
    return {key: str(one.specifier).removeprefix("==") for key, one in here.items()}


posix = pytest.mark.skipif(os.name == "nt", reason="the Makefile is tried with a POSIX shell here")


@posix
def test_a_fresh_checkout_installs_from_an_index_that_has_moved_on(index: Path, tmp_path: Path) -> None:
    folder = checkout(tmp_path / "a copy")
    interrupt(folder, index)
    done = make(folder, "run", index)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no usable network" in done.stderr
    assert "all 16 links as they have to be" in done.stdout
    assert installed(folder).items() >= expected("run").items()
    assert installed(folder).keys() - expected("run").keys() <= {"linkcheck-crawler", "pip", "setuptools"}
    again = make(folder, "install-run", index)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert make(folder, "install-dev", index).returncode == 0
    assert installed(folder).items() >= expected("dev").items()


def interrupt(folder: Path, index: Path) -> None:
    """Kill `make run` while it installs; the next one has to repair that."""
    process = subprocess.Popen(
        ["make", "run"], cwd=folder, env=bare(folder, index), start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    packages = folder / ".venv" / "lib"
    until = time.monotonic() + 60
    while time.monotonic() < until and not list(packages.glob("python*/site-packages/httpx*")):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert (folder / ".venv/.installing").exists()


@posix
def test_without_an_index_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "copy")
    done = make(folder, "run", tmp_path)
    assert done.returncode == 2
    first, error, *_ = done.stderr.splitlines()
    assert first == "installing the packages of requirements.txt into .venv (once)"
    assert error.startswith("error: the packages could not be downloaded; the first make needs a package index: ")


@posix
def test_a_missing_python_is_one_sentence(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "copy")
    done = make(folder, "run", tmp_path, PYTHON="python-that-is-not-there")
    assert done.returncode == 2
    assert done.stderr.startswith("error: no python-that-is-not-there here; install Python 3.11 or newer\n")
