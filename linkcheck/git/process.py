"""Run git: without prompts, locks, hooks, pagers or programs that a repository names, bounded in time and output.

Pathspecs are literal. What git's own environment says stays in force: in a hook it names the index of the commit.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from linkcheck.errors import LinkcheckError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen

MOST_BYTES = 2**28
REGULAR = b"100"  # the beginning of a regular file's mode; links and submodules have others
WHOLE_CLONE = "git fetch --refetch --no-filter gets the contents that a partial clone lacks"
_MOST_REASON = 300
_OPTIONS = (
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "color.ui=false",
)  # fmt: skip
_PROGRAM = "git.exe" if os.name == "nt" else "git"
_ENVIRONMENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
_NOTHING: Mapping[str, str] = {}


class GitError(LinkcheckError):
    """Git cannot be run, or failed; `code` is its exit code, None if it did not end by itself."""

    def __init__(self, what: str, *, where: str = "", help: str = "", code: int | None = None) -> None:
        super().__init__(what, where=where, help=help)
        self.code = code


class NoGitError(GitError):
    """There is no git, or no work tree of a repository."""


def run(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    timeout_s: float = 30.0,
    most_bytes: int = MOST_BYTES,
    config: Mapping[str, str] = _NOTHING,
) -> bytes:
    """What `git ARGUMENTS` prints in `folder`, with the values of `config` in force. Raises GitError."""
    import subprocess

    with start(folder, *arguments, config=config) as process:
        try:
            printed, complaint = process.communicate(stdin, timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            raise GitError(f"git {arguments[0]} took longer than {timeout_s:g} s", where=str(folder)) from None
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        text = " ".join(complaint.decode(errors="replace").split())[:_MOST_REASON] or f"exit code {process.returncode}"
        raise GitError(f"git {arguments[0]}: {text}", where=str(folder), code=process.returncode)
    if len(printed) > most_bytes:
        raise GitError(f"git {arguments[0]} printed more than {most_bytes:,} bytes", where=str(folder))
    return printed


def start(folder: Path, *arguments: str, config: Mapping[str, str] = _NOTHING) -> Popen[bytes]:
    """`git ARGUMENTS`, running in `folder`, with pipes to its three streams. Raises GitError."""
    import subprocess

    try:
        return subprocess.Popen(  # noqa: S603 (the arguments are ours)
            [_program(), *_OPTIONS, *arguments], cwd=folder, env={**os.environ, **_ENVIRONMENT, **_variables(config)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror or error}", where=str(folder)) from error


def is_shallow(folder: Path) -> bool:
    """Whether the history of the repository is cut off, as in a job's clone. Raises GitError."""
    return run(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"


def _variables(config: Mapping[str, str]) -> dict[str, str]:
    """Variables that set `config`, after what the environment sets so already (git-config(1), ENVIRONMENT): with `-c`
    a `=` would end the name."""
    if not config:
        return {}
    given = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(given) if given.isdecimal() else 0
    variables = {"GIT_CONFIG_COUNT": str(first + len(config))}
    for at, (key, value) in enumerate(config.items(), first):
        variables |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
    return variables


def _program() -> str:
    """The path of git, never that of a `git` in the current folder. Raises GitError."""
    for folder in os.get_exec_path():
        path = os.path.join(folder, _PROGRAM)  # noqa: PTH118
        if os.path.isabs(folder) and os.access(path, os.X_OK):  # noqa: PTH117
            return path
    raise NoGitError("git is not installed", help="install git, or leave out what needs it")
