"""Install what a command needs into `.venv`: `python scripts/install.py run|dev`.

The locked lists (requirements.txt, requirements-dev.txt) are complete, so pip resolves nothing: it takes
each package with its version and hash, and `pip check` confirms that they fit together. An installation that
was interrupted, or whose Python has gone, is made anew. Standard library only; the file has to compile on any
Python 3 so that an old one gets a sentence and not a SyntaxError.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LISTS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
UNFINISHED = VENV / ".installing"
OLDEST_PYTHON = (3, 11)
OLDEST_PIP = (21, 3)  # editable installs without setup.py (PEP 660)
# Settings of the user's that would put packages somewhere else than into the virtual environment.
_ELSEWHERE = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONHOME", "PYTHONPATH")


class Failed(Exception):
    """What went wrong, and what to do about it."""


def main(argv: "list[str]") -> int:
    """Install the list that the one argument names; the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        return _fail(f"Python {_version()} is too old; linkcheck needs 3.11 or newer: make PYTHON=python3.11")
    if len(argv) != 1 or argv[0] not in LISTS:
        return _fail("usage: python scripts/install.py run|dev")
    try:
        install(argv[0])
    except Failed as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"cannot write to {VENV}: {error.strerror or error}")
    except KeyboardInterrupt:
        return _fail("interrupted; the next make starts again")
    return 0


def install(name: str) -> None:
    """Make `.venv` hold what LISTS[name] lists, and linkcheck itself. Raises Failed, OSError."""
    if _is_usable() and _stamp(name).is_file() and _stamp(name).read_text(encoding="ascii") == _wanted(name):
        return
    _say(f"installing the packages of {LISTS[name]} into .venv (once)")
    if not _is_usable():
        _make_venv()
    UNFINISHED.touch()
    _pip("install", "--require-hashes", "--no-deps", "-r", str(ROOT / LISTS[name]))
    _pip("install", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT))
    _pip("check")
    _stamp(name).write_text(_wanted(name), encoding="ascii")
    UNFINISHED.unlink()


def _is_usable() -> bool:
    """Whether the virtual environment is whole, works, and has a pip that is new enough."""
    if not PYTHON.exists() or UNFINISHED.exists():
        return False
    code = "import sys, pip; print(sys.version_info >= (3, 11), pip.__version__)"
    try:
        done = _run(str(PYTHON), "-c", code)
    except OSError:
        return False
    is_new, _, pip = done.stdout.strip().partition(" ")
    return done.returncode == 0 and is_new == "True" and _numbers(pip) >= OLDEST_PIP


def _make_venv() -> None:
    """A new, empty virtual environment. Raises Failed."""
    if VENV.is_symlink() or VENV.is_file():
        raise Failed(f"{VENV} is not a folder; remove it")
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir(parents=True, exist_ok=True)
    UNFINISHED.touch()
    done = _run(sys.executable, "-m", "venv", str(VENV))
    if done.returncode != 0:
        said = done.stdout + done.stderr
        if "ensurepip" in said or "No module named venv" in said:
            package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            raise Failed(f"this Python has no venv module; install it (on Debian and Ubuntu: apt install {package})")
        raise Failed(f"python -m venv failed: {_last_line(said)}")
    if not _has_new_pip():
        raise Failed("the pip of this Python is too old; use one whose venv brings pip 21.3 or newer")


def _has_new_pip() -> bool:
    done = _run(str(PYTHON), "-c", "import pip; print(pip.__version__)")
    return _numbers(done.stdout.strip()) >= OLDEST_PIP


def _pip(*arguments: str) -> None:
    """Raises Failed, with the last thing that pip said."""
    done = _run(str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", *arguments)
    if done.returncode == 0:
        return
    said = done.stdout + done.stderr
    if any(sign in said for sign in _NO_INDEX):
        raise Failed(
            "the packages could not be downloaded; the first make needs a package index: "
            f"check the connection, the proxy and pip's settings, then run make again (pip: {_last_line(said)})"
        )
    raise Failed(f"pip {' '.join(arguments[:1])} failed: {_last_line(said)}")


# How pip says that an index cannot be reached, or does not have what is wanted.
_NO_INDEX = (
    "NewConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ProxyError", "SSLError", "Connection aborted",
    "Could not find a version that satisfies", "No matching distribution found", "Temporary failure in name resolution",
    "HTTP error",
)  # fmt: skip


def _run(*command: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    environment["PIP_USER"] = "0"
    return subprocess.run(
        command, cwd=str(ROOT), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip


def _stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def _wanted(name: str) -> str:
    """A checksum of all that an installation depends on."""
    found = hashlib.sha256(str(ROOT).encode())
    for file in (LISTS[name], "pyproject.toml"):
        found.update((ROOT / file).read_bytes())
    return found.hexdigest()


def _version() -> str:
    return ".".join(str(part) for part in sys.version_info[:3])


def _numbers(version: str) -> "tuple[int, ...]":
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _last_line(said: str) -> str:
    """The last error in what was said, else its last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["no reason given"])[-1][:300]


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _fail(text: str) -> int:
    _say(f"error: {text}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
