"""Documents to a Plan: each URL once, the sites' items in batches, and why a link is not checked.

Knows neither the network nor the form of answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from linkcheck import urls
from linkcheck.common.boundary import trouble_of
from linkcheck.common.patterns import MOST_CHARS
from linkcheck.contracts import Site
from linkcheck.model import (
    Document,
    Finding,
    Link,
    Malformed,
    Plan,
    Repair,
    Request,
    State,
    Target,
    Unchecked,
    Url,
    Value,
    field,
)


def _always(_: Link) -> bool:
    return True


def _no_reason(_: Link) -> str:
    return ""


def _nowhere(_: Link) -> None:
    return None


class Choice(Value, frozen=True):
    """Which links the user wants checked: one of `include` has to match (if any is given), none
    of `exclude` may; both are searched in the URL as written and in its normal form. `in_time` is a context manager
    around each search, which may stop it by raising. `ignored` says why a link may fail and is not to be requested at
    all, or ''. Of the others those are left out that are not `is_added` by the change in question. `local` judges a
    link that leads into the repository, and gives None for any other. `origins` are the settings that patterns of
    `exclude` come from, by their text.
    """

    include: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()
    in_time: Callable[[], AbstractContextManager[None]] = nullcontext
    ignored: Callable[[Link], str] = _no_reason
    is_added: Callable[[Link], bool] = _always
    local: Callable[[Link], Unchecked | None] = _nowhere
    origins: Mapping[str, str] = field(default_factory=dict)

    def leaves_out(self, *forms: str) -> str:
        """Why the user's options exclude this URL, or ''. Only the beginning of a long URL is searched."""
        if not (self.include or self.exclude):
            return ""
        with self.in_time():
            return self._why_not(tuple(form[:MOST_CHARS] for form in forms))

    def _why_not(self, forms: Sequence[str]) -> str:
        for pattern in self.exclude:
            if any(pattern.search(form) for form in forms):
                origin = self.origins.get(pattern.pattern)
                return f"excluded by {pattern.pattern!r}" + (f" of {origin}" if origin else "")
        if self.include and not any(p.search(form) for p in self.include for form in forms):
            return "no --include matches"
        return ""


def plan(documents: Iterable[Document], sites: Sequence[Site], choice: Choice | None = None) -> Plan:
    """The URLs to check and the first requests for them."""
    choice = choice or Choice()
    places: dict[Url, list[Link]] = {}
    order: list[Url | Unchecked] = []
    for document in documents:
        for link in document.links:
            sorted_out = sort(link, choice)
            if isinstance(sorted_out, Unchecked):
                order.append(sorted_out)
            elif sorted_out in places:
                places[sorted_out].append(link)
            else:
                places[sorted_out] = [link]
                order.append(sorted_out)
    owner, failed = _owners(places, sites)
    in_order = tuple(_ordered(order, places, failed))
    return Plan(in_order, partial(_requests, [url for url in places if url not in failed], owner, sites), owner)


def _ordered(
    order: Iterable[Url | Unchecked], places: Mapping[Url, Sequence[Link]], failed: Mapping[Url, str]
) -> Iterator[Target | Unchecked]:
    for one in order:
        if isinstance(one, Unchecked):
            yield one
        elif one in failed:
            yield from (_failed(link, failed[one]) for link in places[one])
        else:
            yield Target(one, tuple(places[one]))


def fragments(found: Plan) -> dict[Url, tuple[str, ...]]:
    """The fragments that the links of each URL ask for, as written, without `#`."""
    wanted: dict[Url, tuple[str, ...]] = {}
    for target in found.targets:
        asked = dict.fromkeys(link.url.partition("#")[2] for link in target.links)
        asked.pop("", None)
        if asked:
            wanted[target.url] = tuple(asked)
    return wanted


def sort(link: Link, choice: Choice | None = None) -> Url | Unchecked:
    """The URL to check, or why there is none."""
    try:
        return _sort(link, choice or Choice())
    except Exception as error:
        return _failed(link, trouble_of(error))


def _failed(link: Link, trouble: str) -> Unchecked:
    """A link with an internal error before any request."""
    return Unchecked(link, State.UNREACHABLE, "internal-error", f"internal error in linkcheck: {trouble}")


def _sort(link: Link, choice: Choice) -> Url | Unchecked:
    normal = urls.normal_form(link.url)
    reason = choice.leaves_out(link.url, *filter(None, [normal]))
    if reason:
        return Unchecked(link, State.SKIPPED, "excluded", reason)
    if reason := choice.ignored(link):
        return Unchecked(link, State.SKIPPED, "ignored", reason)
    if link.unused:
        return Unchecked(link, State.SKIPPED, "unused-definition", "no link uses this reference definition")
    if not choice.is_added(link):
        return Unchecked(link, State.SKIPPED, "not-added", "it was there before this change")
    if malformed := link.malformed or _malformed_url(link):
        return Unchecked(link, State.INVALID, "malformed-link", malformed.reason, malformed.repair)
    if local := choice.local(link):
        return local
    if normal == link.url:
        return Url(link.url)  # one string for both
    return normal or _not_http(link)


def _malformed_url(link: Link) -> Malformed | None:
    """What is wrong with the URL itself, whatever its syntax in the list; the repair is escaped for the document."""
    found = urls.malformed_url(link.url)
    if not found:
        return None
    in_place = urls.malformed_url(link.written) if link.written else found
    text = in_place.meant if in_place and "\ufffd" not in in_place.meant else ""  # U+FFFD: a byte that would be lost
    return Malformed(found.reason, Repair(link.span, text) if text else None)


def _not_http(link: Link) -> Unchecked:
    url = link.url.strip()
    scheme = urls.scheme(url)
    if not url:
        # Valid CommonMark, and in lists of papers a placeholder for a future link.
        return Unchecked(link, State.SKIPPED, "empty-link", "the link has no URL")
    if url.startswith("#"):
        return Unchecked(link, State.SKIPPED, "in-page-link", "a link within the page")
    if scheme == "mailto":
        return Unchecked(link, State.SKIPPED, "mail-address", "mail addresses are not checked")
    if scheme and scheme not in urls.CHECKED_SCHEMES and not re.match(r"[A-Za-z]:[\\/]", url):
        return Unchecked(link, State.SKIPPED, "other-scheme", f"{scheme}: links are not checked")
    return Unchecked(
        link, State.SKIPPED, "relative-link", "only the relative links of lists that are files are checked"
    )


def _owners(found: Iterable[Url], sites: Sequence[Site]) -> tuple[dict[Url, tuple[str, str]], dict[Url, str]]:
    """URL to (site, item) for the URLs of sites, and URL to message for those with an internal error."""
    owner, failed = dict[Url, tuple[str, str]](), dict[Url, str]()
    for url in found:
        try:
            if named := _owner(url, sites):
                owner[url] = named
        except Exception as error:
            failed[url] = trouble_of(error)
    return owner, failed


def _owner(url: Url, sites: Sequence[Site]) -> tuple[str, str] | None:
    for site in sites:
        item = site.item(url)
        if item is not None:
            return site.name, item
    return None


def _requests(
    wanted: Iterable[Url], owner: Mapping[Url, tuple[str, str]], sites: Sequence[Site], known: Collection[Url]
) -> Iterator[Request]:
    items: dict[str, dict[str, None]] = {}
    for url in wanted:
        if url in known:
            continue
        if url in owner:
            name, item = owner[url]
            items.setdefault(name, {})[item] = None
        else:
            yield Request(url)
    for site in sites:
        if site.name in items:
            yield from _asked(site, list(items[site.name]), owner)


def _asked(site: Site, items: Sequence[str], owner: Mapping[Url, tuple[str, str]]) -> Iterable[Request]:
    """The site's look-ups; the pages of an item whose look-up fails with an internal error."""
    try:
        return list(site.ask(items))
    except Exception as error:
        trouble = trouble_of(error)
    if len(items) > 1:
        return [request for half in _halves(items) for request in _asked(site, half, owner)]
    finding = Finding(trouble=f"{site.name} cannot be asked for {items[0][:200]}: {trouble}", ask_page=True)
    return [Request(url, known=finding) for url, key in owner.items() if key == (site.name, items[0])]


def _halves(items: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    return items[: len(items) // 2], items[len(items) // 2 :]
