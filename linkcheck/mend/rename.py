"""New names by the site's own word: of a repository, by its forge's permanent redirect; of an item, by its site.

GitHub redirects the old name of a repository until the name is taken again (GitHub Docs, "Renaming a repository",
read 2026-12); GitLab and Forgejo do the same. Nobody else can set these redirects, so no title is compared: it holds
the name. The rest of the path has to stay as it was.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from linkcheck.mend.looks import Looks
from linkcheck.mend.redirect import confirmed
from linkcheck.mend.steps import Kind, Place, Step
from linkcheck.model import State, Url

_FORGES = frozenset({"github.com", "www.github.com", "gitlab.com", "codeberg.org"})
_NOT_OWNERS = frozenset(
    "about apps collections explore features marketplace orgs search settings sponsors stars topics trending users"
    " login join -".split()
)
_BY_SITE = frozenset({"withdrawn", "site-denies"})


def step(place: Place, looks: Looks) -> Step | None:
    verdict = place.one.verdict
    if place.is_first and verdict.rule in _BY_SITE and verdict.replacement:
        return Step(verdict.replacement, "its site names this in its place")
    last = looks.last(place.url)
    if last is None or not last.is_permanent or looks.state(place.url) is not State.MOVED:
        return None
    if not is_renamed(place.url, last.final_url):
        return None
    return confirmed(place, last, looks, "the repository has a new name")


def is_renamed(old: Url, new: Url) -> bool:
    """Whether both addresses differ in the name of a repository on the same forge, and only in it."""
    here, there = urlsplit(old), urlsplit(new)
    host = here.hostname or ""
    if host not in _FORGES or there.scheme != "https" or there.hostname != host.removeprefix("www."):
        return False
    was, now = here.path.split("/")[1:], there.path.split("/")[1:]
    if len(was) < 2 or len(now) < 2 or not all((*was[:2], *now[:2])):
        return False
    if {was[0].casefold(), now[0].casefold()} & _NOT_OWNERS:
        return False
    name, rest = was[1].removesuffix(".git"), [part for part in was[2:] if part]
    return [was[0], name] != now[:2] and rest == [part for part in now[2:] if part] and here.query == there.query


KIND = Kind("rename", step)
