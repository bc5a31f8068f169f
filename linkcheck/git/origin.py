"""Where a repository lives on its forge, and the branches and tags that its clone knows.

The address comes from `.git/config`, without a process; git is run for the rest, when a link asks for it.
"""

from __future__ import annotations

import re
from pathlib import Path

from linkcheck.common import plain_files
from linkcheck.git import process
from linkcheck.model.base import Value

OWN_REMOTES = ("origin", "upstream")  # `upstream` is what a fork's clone calls the repository that it was forked from
_MOST_CONFIG_BYTES = 2**20
_TIMEOUT_S = 5.0
_ANY_FILE = "file"
_URL = re.compile(r"(?:https?|ssh|git|git\+ssh)://(?:[^/@]*@)?([^/:]+|\[[^\]/]*\])(?::\d*)?/(.*)", re.IGNORECASE)
_SCP = re.compile(r"(?:[^/@:]*@)?([^/:@]+):(?!//)(.*)")  # git-fetch(1), GIT URLS
_SECTION = re.compile(r'\s*\[\s*remote\s+"([^"\\]*)"\s*\]', re.IGNORECASE)
_VALUE = re.compile(r"\s*url\s*=\s*(.*)", re.IGNORECASE)
_SAME_HOST = {"ssh.github.com": "github.com", "www.github.com": "github.com", "altssh.gitlab.com": "gitlab.com",
              "altssh.bitbucket.org": "bitbucket.org"}  # fmt: skip
_USUAL_BRANCHES = ("main", "master")


class Remote(Value, frozen=True):
    """A repository on a forge, in lower case: `github.com`, `owner/name`."""

    host: str
    path: str


def parse(url: str) -> Remote | None:
    """The forge's host and path of a remote's URL: https, ssh, or as for scp; None for a path or anything else."""
    found = _URL.match(url) or (_SCP.match(url) if "://" not in url else None)
    if not found:
        return None
    host, path = found[1].lower(), found[2].strip("/").removesuffix(".git").strip("/").lower()
    is_drive = len(host) == 1  # C:\repository
    return None if is_drive or "/" not in path else Remote(same_host(host), path)


def same_host(host: str) -> str:
    """The name of a forge's host that its other names stand for."""
    return _SAME_HOST.get(host, host)


def remotes(root: Path) -> tuple[Remote, ...]:
    """Where `origin` and `upstream` of the repository at `root` live, as far as that is known."""
    urls = _urls(_config(root))
    found = (parse(urls[name]) for name in OWN_REMOTES if name in urls)
    return tuple(dict.fromkeys(one for one in found if one))


def _config(root: Path) -> str:
    folder = root / ".git"
    if not folder.is_dir():  # a file in a worktree or a submodule
        return _printed(root, "config", "--local", "--list", "--null") if folder.exists() else ""
    try:
        return plain_files.read(folder / "config", _MOST_CONFIG_BYTES).decode(errors="replace")
    except OSError:
        return ""


def _urls(config: str) -> dict[str, str]:
    """The first URL of each remote, from a config file or from `git config --list --null`."""
    if "\0" in config:
        keys = (entry.partition("\n") for entry in config.split("\0"))
        named = ((key.removeprefix("remote.").removesuffix(".url"), value) for key, _, value in keys if _is_url(key))
        return dict(reversed(list(named)))
    urls, section = dict[str, str](), ""
    for line in config.splitlines():
        if line.lstrip().startswith("["):
            found = _SECTION.match(line)
            section = found[1] if found else ""
        elif section and (value := _VALUE.match(line)):
            urls.setdefault(section, value[1].strip().strip('"'))
    return urls


def _is_url(key: str) -> bool:
    return key.startswith("remote.") and key.endswith(".url")


class Branches(Value, frozen=True):
    """`defaults` are the names that the default branch has or may have, `current` is the branch that is checked out,
    '' for none. `is_known`: the clone tells the default branch."""

    defaults: frozenset[str]
    current: str
    is_known: bool = True

    def may_be_another(self, branch: str) -> bool:
        """Whether a default branch of this name is guessed, and not what is checked out: a detached clone of a job."""
        return not self.is_known and branch not in ("HEAD", self.current)


def branches(root: Path) -> Branches:
    """The default branch: what `origin/HEAD` leads to; else main or master, the one that is there; else both and the
    current branch: a job's clone may have nothing but that."""
    patterns = [f"refs/remotes/{name}/{branch}" for name in OWN_REMOTES for branch in ("HEAD", *_USUAL_BRANCHES)]
    patterns += [f"refs/heads/{branch}" for branch in _USUAL_BRANCHES]
    lines = _printed(root, "for-each-ref", "--format=%(refname) %(symref)", *patterns).splitlines()
    refs = dict(line.split(" ", 1) for line in lines if " " in line)
    current = _printed(root, "symbolic-ref", "--quiet", "--short", "HEAD").strip()
    named = {target.split("/", 3)[3] for ref, target in refs.items() if ref.endswith("/HEAD") and target.count("/") > 2}
    usual = {branch for branch in _USUAL_BRANCHES if any(ref.endswith(f"/{branch}") for ref in refs)}
    if known := named or usual:
        return Branches(frozenset(known), current)
    return Branches(frozenset(filter(None, (*_USUAL_BRANCHES, current))), current, is_known=False)


def tags(root: Path) -> frozenset[str]:
    """The names of all tags that the clone has."""
    return frozenset(_printed(root, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/tags").splitlines())


def is_ignored(root: Path, path: str) -> bool:
    """Whether git ignores a path, given from `root` on, that need not be there: what a build makes."""
    if "\0" in path:  # no file has such a name, and no program such an argument
        return False
    # A pattern for folders (`build/`) matches nothing that is not there. git takes no literal pathspecs here.
    both = (f"./{path}", f"./{path}/{_ANY_FILE}")
    return bool(_printed(root, "--no-literal-pathspecs", "check-ignore", "--no-index", "--", *both))


def is_sparse(root: Path) -> bool:
    """Whether only a part of the repository is checked out: a linked worktree has a setting of its own for it."""
    return _printed(root, "config", "--type=bool", "core.sparseCheckout").strip() == "true"


def is_only_upstream(root: Path, branch: str, path: str) -> bool:
    """Whether a file was added to `branch` on the forge after the work tree's commit branched off from it."""
    for name in OWN_REMOTES if "\0" not in path else ():
        ref = f"refs/remotes/{name}/{branch}"
        if _has(root, ref, path):
            base = _printed(root, "merge-base", "HEAD", ref).strip()
            return not (base and _has(root, base, path))
    return False


def is_changed_upstream(root: Path, branch: str, path: str) -> bool:
    """Whether a file was changed in `branch` on the forge after the work tree's commit branched off from it."""
    for name in OWN_REMOTES if "\0" not in path else ():
        if now := _blob(root, ref := f"refs/remotes/{name}/{branch}", path):
            base = _printed(root, "merge-base", "HEAD", ref).strip()
            return base != "" and _blob(root, base, path) != now
    return False


def _blob(root: Path, commit: str, path: str) -> str:
    """The object name of a file of a commit, '' if it has none."""
    return _printed(root, "rev-parse", "--verify", "--quiet", f"{commit}:{path}").strip()


def _has(root: Path, commit: str, path: str) -> bool:
    try:
        process.run(root, "cat-file", "-e", f"{commit}:{path}", timeout_s=_TIMEOUT_S)
    except process.GitError:
        return False
    return True


def _printed(root: Path, *arguments: str) -> str:
    """What git prints, '' if it fails."""
    try:
        return process.run(root, *arguments, timeout_s=_TIMEOUT_S).decode(errors="replace")
    except process.GitError:
        return ""
