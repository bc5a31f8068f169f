"""Which ignores a link has: entries of config files, comments of its list, the baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date

from linkcheck import urls
from linkcheck.common.patterns import MOST_CHARS
from linkcheck.ignores.baseline import Accepted
from linkcheck.model import Ignore, Link
from linkcheck.settings import IgnoreEntry

_MOST_HOST_CHARS = 255  # of a name that can be looked up (RFC 1035 §2.3.4)


class Ignores:
    """The ignores of config files and of the baseline; those of comments come with the links.

    `in_time` is a context manager around each search for a pattern, which may stop it by raising.
    """

    def __init__(
        self,
        entries: Iterable[IgnoreEntry] = (),
        accepted: Iterable[Accepted] = (),
        in_time: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.all: list[Ignore] = []
        self.accepted: dict[int, Accepted] = {}  # by the id of its Ignore
        self._in_time = in_time
        self._urls: dict[str, list[Ignore]] = {}
        self._starts: list[tuple[str, Ignore]] = []
        self._hosts: dict[str, list[Ignore]] = {}
        self._patterns = list[tuple[Callable[[str], object], Ignore]]()
        self._matched: dict[str, list[Ignore]] = {}  # by URL as written
        for entry in entries:
            self._add(entry)
        for one in accepted:
            reason = f"accepted as {one.state}[{one.rule}] on {one.since}"
            ignore = Ignore(one.place, one.url, reason, is_baseline=True)
            self.all.append(ignore)
            self.accepted[id(ignore)] = one
            self._urls.setdefault(one.url, []).append(ignore)
        self._any_start = tuple(start for start, _ in self._starts)

    def _add(self, entry: IgnoreEntry) -> None:
        subject = entry.url or (f"host {entry.host}" if entry.host else f"match {_pattern_text(entry)}")
        ignore = Ignore(entry.place, subject, entry.reason, entry.until)
        self.all.append(ignore)
        if entry.match:
            self._patterns.append((entry.match.search, ignore))
        elif entry.host:
            normal = urls.normal_form(f"https://{entry.host}/")
            self._hosts.setdefault(urls.host(normal).rstrip(".") if normal else entry.host, []).append(ignore)
        elif entry.url.endswith("*"):
            start = (urls.normal_form(entry.url) or entry.url).removesuffix("*")
            self._starts.append((start, ignore))
        else:
            for form in {entry.url, urls.normal_form(entry.url) or entry.url}:
                self._urls.setdefault(form, []).append(ignore)

    def of(self, link: Link) -> tuple[Ignore, ...]:
        """All ignores of a link, whether expired or not, the nearest first: its comments, its URL, its host, a pattern,
        the baseline."""
        if not self.all:
            return link.ignores
        normal = urls.normal_form(link.url)
        forms = (link.url, normal) if normal and normal != link.url else (link.url,)
        found = dict.fromkeys(one for form in forms for one in self._urls.get(form, ()))
        if self._any_start:
            found |= dict.fromkeys(self._starting(forms))
        if normal and self._hosts:
            found |= dict.fromkeys(self._of_host(urls.host(normal)))
        if self._patterns:
            found |= dict.fromkeys(self._matching(forms))
        return (*link.ignores, *sorted(found, key=lambda one: one.is_baseline))

    def _starting(self, forms: tuple[str, ...]) -> Iterator[Ignore]:
        if any(form.startswith(self._any_start) for form in forms):
            yield from (one for start, one in self._starts if any(form.startswith(start) for form in forms))

    def _of_host(self, host: str) -> Iterator[Ignore]:
        name = host.rstrip(".") if len(host) <= _MOST_HOST_CHARS else ""
        while name:
            yield from self._hosts.get(name, ())
            name = name.partition(".")[2]

    def _matching(self, forms: tuple[str, ...]) -> list[Ignore]:
        if forms[0] not in self._matched:
            with self._in_time():
                found = [one for search, one in self._patterns if any(search(form[:MOST_CHARS]) for form in forms)]
            self._matched[forms[0]] = found
        return self._matched[forms[0]]

    def search(self, links: Iterable[Link]) -> None:
        """Search for the patterns now, so that one that takes too long is an error before any request."""
        if self._patterns:
            for link in links:
                self.of(link)

    def why(self, link: Link, today: date) -> str:
        """Why a link may fail, in words, or ''."""
        ignore = counting(self.of(link), today)
        if not ignore:
            return ""
        return f"ignored by {ignore.place}" + (f": {ignore.reason}" if ignore.reason else "")


def counting(found: Iterable[Ignore], today: date) -> Ignore | None:
    """The first of them that has not expired."""
    return next((one for one in found if not one.has_expired(today)), None)


def _pattern_text(entry: IgnoreEntry) -> str:
    return repr(entry.match.pattern) if entry.match else ""
