"""YouTube videos, playlists and channels: a watch page answers 200 even for a deleted video.

Two witnesses (notes/metadata.md b): oEmbed (1 KB, tells deleted from private from embedding
off) and the watch page's `playabilityStatus`, which also has duration and date. A bot check, a
consent page, a rate limit, and an answer whose body is not YouTube's own say nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from linkcheck.common.char_references import unescaped
from linkcheck.contracts import Site
from linkcheck.model import (
    Answer,
    Author,
    Finding,
    Metadata,
    Observation,
    Pace,
    Presence,
    Purpose,
    Request,
    Url,
    replace,
)

_HOSTS = re.compile(r"(?:(?:www|m|music|gaming)\.)?(?:youtube(?:-nocookie|kids)?\.com)|youtube\.googleapis\.com")
_VIDEO = re.compile(r"[0-9A-Za-z_-]{11}")
# Generated and private lists (RD…, WL, LL, LM, UL) differ for every reader: never ours to judge.
_PLAYLIST = re.compile(r"(?:PL|EC|UU|FL|TL|PU|OLAK5uy_)[0-9A-Za-z_-]{10,}")
_CHANNEL = re.compile(
    r"/(?P<name>@[\w.·-]{2,60}|channel/UC[0-9A-Za-z_-]{22}|c/[^/]{1,100}|user/[^/]{1,100})(?:/\w+)?/?"
)
_CLOCK = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.+Z-]{1,20})?")
_OEMBED = "https://www.youtube.com/oembed?format=json&url="
_WATCH = "https://www.youtube.com/watch?v="
# SOCS=CAI answers the EU's consent page (yt-dlp extractor/youtube/_base.py, 2026-10).
_PAGE_HEADERS = (("cookie", "SOCS=CAI"), ("accept-language", "en"))
_PAGE_BYTES = 1_500_000
_WITHHELD = ("bot", "unusual traffic", "try again later")
_ONE_WORD = {400: "bad request", 401: "unauthorized", 403: "forbidden", 404: "not found"}
_META_CHARS = 4_000  # a character reference of 4,300 digits would be no number
_MAX_LIVE_S = 1_000_000
_MOST_ASSIGNED = 20  # places where a script sets one name; a page has two
_MOST_PARTS = 20  # of a message
_TEXT_CHARS = 10_000


# -- which URLs ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Item:
    """`kind` is video, playlist or channel; `options` are a start in seconds and a playlist."""

    kind: str
    id: str
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> _Item:
        kind, identifier, *rest = text.split(" ")
        return cls(kind, identifier, dict(part.split("=", 1) for part in rest))

    def __str__(self) -> str:
        return " ".join((self.kind, self.id, *(f"{k}={v}" for k, v in self.options.items())))


def item(url: Url) -> str | None:
    """`video ID`, `playlist ID` or `channel NAME`, with what else the URL says of it."""
    if "youtu" not in url:  # most URLs of a list
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    if host in ("youtu.be", "www.youtu.be"):
        found = _video(parts.path.strip("/").partition("/")[0], query)
    elif _HOSTS.fullmatch(host):
        found = _on_site(*_attributed(parts.path, query))
    else:
        return None
    return str(found) if found else None


def _attributed(path: str, query: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Path and query of what an attribution link leads to, where it is one: not to another of them."""
    if path.strip("/").partition("/")[0] != "attribution_link" or "u" not in query:
        return path, query
    try:
        inner = urlsplit(unquote(query["u"]))
    except ValueError:
        return path, query
    return inner.path, {key: values[0] for key, values in parse_qs(inner.query).items()}


def _on_site(path: str, query: Mapping[str, str]) -> _Item | None:
    head, _, rest = path.strip("/").partition("/")
    if head in ("watch", "") and "v" in query:
        return _video(query["v"], query)
    if head in ("watch", "v", "e", "embed", "shorts", "live") and rest and rest != "videoseries":
        return _video(rest.partition("/")[0], query)
    if head == "playlist" or rest == "videoseries":
        identifier = query.get("list", "")
        return _Item("playlist", identifier) if _PLAYLIST.fullmatch(identifier) else None
    channel = _CHANNEL.fullmatch(unquote(path))
    return _Item("channel", quote(channel["name"], safe="@/")) if channel else None


def _video(identifier: str, query: Mapping[str, str]) -> _Item | None:
    if not _VIDEO.fullmatch(identifier):
        return None
    options = {}
    if start := _seconds(query.get("t") or query.get("start") or query.get("time_continue") or ""):
        options["start"] = str(start)
    if _PLAYLIST.fullmatch(query.get("list", "")):
        options["playlist"] = query["list"]
    return _Item("video", identifier, options)


def _seconds(text: str) -> int:
    found = _CLOCK.fullmatch(text[:12])
    hours, minutes, seconds = (int(g or 0) for g in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


# -- asking ----------------------------------------------------------------------------------


def ask(items: Sequence[str]) -> Sequence[Request]:
    """One oEmbed look-up a video or playlist, the page for a channel."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in items:
        parsed = _Item.parse(one)
        groups.setdefault((parsed.kind, parsed.id), []).append(one)
    return [_first(kind, identifier, tuple(asked)) for (kind, identifier), asked in groups.items()]


def _first(kind: str, identifier: str, items: tuple[str, ...]) -> Request:
    if kind == "channel":
        return _page(kind, identifier, items, None)
    url = Url(_OEMBED + quote(_address(kind, identifier), safe=""))
    return Request(url, Purpose.LOOKUP, SITE.name, items, (("accept", "application/json"),), max_bytes=65_536)


def _page(kind: str, identifier: str, items: tuple[str, ...], known: Finding | None) -> Request:
    joint = "?" if "?" not in _address(kind, identifier) else "&"
    url = Url(f"{_address(kind, identifier)}{joint}hl=en")
    return Request(url, Purpose.LOOKUP, SITE.name, items, _PAGE_HEADERS, max_bytes=_PAGE_BYTES, known=known)


def _address(kind: str, identifier: str) -> str:
    if kind == "video":
        return _WATCH + identifier
    return f"https://www.youtube.com/{'playlist?list=' if kind == 'playlist' else ''}{identifier}"


# -- reading ---------------------------------------------------------------------------------


def read(seen: Observation) -> Answer:
    """The first witness asks for the second; the second decides for both."""
    items = seen.request.items
    first = _Item.parse(items[0])
    if seen.request.url.startswith(_OEMBED):
        known = _oembed(seen, first)
        return Answer(more=(_page(first.kind, first.id, items, known),))
    page = {"video": _watch_page, "playlist": _playlist_page, "channel": _channel_page}[first.kind](seen, first)
    finding = _agreed(seen.request.known or Finding(), page)
    if finding == Finding():
        return Answer()
    return Answer({one: _of_item(finding, _Item.parse(one)) for one in items})


def _oembed(seen: Observation, asked: _Item) -> Finding:
    """What oEmbed says; a refusal counts only with YouTube's own one-word body."""
    status = seen.sighting.status or 0
    words = seen.body[:200].decode(errors="replace").strip().lower()
    if status == 200:
        try:
            answer = json.loads(seen.body)
        except (ValueError, RecursionError):
            return Finding()
        if not isinstance(answer, dict) or not isinstance(answer.get("title"), str):
            return Finding()
        return Finding(Presence.PRESENT, "oEmbed answered 200", metadata=_from_oembed(answer, asked))
    if _ONE_WORD.get(status) != words:
        return Finding()
    if status == 401:
        return Finding(Presence.PRESENT, "oEmbed answered 401: it may not be embedded, but it is there")
    if status == 403:
        return Finding(Presence.ABSENT, f"oEmbed answered 403: the {asked.kind} is private")
    return Finding(Presence.ABSENT, f"oEmbed answered {status}: there is no such {asked.kind}")


def _from_oembed(answer: Mapping[str, Any], asked: _Item) -> Metadata:
    author = _line(answer.get("author_name"))
    details = {
        "id": asked.id,
        "channel": author,
        "channel_url": _line(answer.get("author_url")),
        "thumbnail": _line(answer.get("thumbnail_url")),
    }
    return Metadata(
        kind=f"youtube-{asked.kind}",
        title=_line(answer["title"]),
        authors=(Author(author),) if author else (),
        site_name="YouTube",
        canonical=_address(asked.kind, asked.id),
        details={key: value for key, value in details.items() if value},
        provenance={"title": "youtube-oembed", "authors": "youtube-oembed"},
    )


def _watch_page(seen: Observation, asked: _Item) -> Finding:
    player = _json_after(_html(seen), "ytInitialPlayerResponse")
    playability = _object(player.get("playabilityStatus"))
    if not playability:
        return Finding()
    status = _text(playability.get("status"))
    said = " ".join(map(_text, (playability.get("reason"), *_list(playability.get("messages"))))).strip()
    metadata = _from_player(player, asked)
    if status == "OK":
        return Finding(Presence.PRESENT, "the player says OK", metadata=metadata)
    if any(word in said.lower() for word in _WITHHELD):
        return Finding()
    if status == "ERROR":
        return Finding(Presence.ABSENT, f"the player says: {said or 'ERROR'}"[:200])
    if status == "LOGIN_REQUIRED" and "private" in said.lower():
        return Finding(Presence.ABSENT, f"the player says: {said}"[:200])
    if (
        status
        in ("LOGIN_REQUIRED", "UNPLAYABLE", "LIVE_STREAM_OFFLINE", "AGE_CHECK_REQUIRED", "CONTENT_CHECK_REQUIRED")
        and metadata
    ):
        limited = replace(metadata, details={**metadata.details, "availability": said[:200] or status.lower()})
        return Finding(Presence.PRESENT, f"the player shows the video's title and says: {said}"[:200], metadata=limited)
    return Finding()


def _from_player(player: Mapping[str, Any], asked: _Item) -> Metadata | None:
    video = _object(player.get("videoDetails"))
    title = _line(video.get("title"))
    if video.get("videoId") not in (None, asked.id) or not title:
        return None
    about = _object(_object(player.get("microformat")).get("playerMicroformatRenderer"))
    length = _text(video.get("lengthSeconds"))
    seconds = int(length) if re.fullmatch("[0-9]{1,7}", length) else 0
    author = _line(video.get("author")) or _line(about.get("ownerChannelName"))
    details = {
        "id": asked.id,
        "channel": author,
        "channel_id": _line(video.get("channelId")),
        "channel_url": _line(about.get("ownerProfileUrl")),
        "unlisted": about.get("isUnlisted") is True or None,
        "live": video.get("isLiveContent") is True or None,
    }
    return Metadata(
        kind="youtube-video",
        title=title,
        authors=(Author(author),) if author else (),
        published=_date(about.get("publishDate")) or _date(about.get("uploadDate")),
        description=_text(video.get("shortDescription"))[:2_000],
        site_name="YouTube",
        canonical=_address("video", asked.id),
        duration_s=seconds if 0 < seconds < _MAX_LIVE_S else None,
        details={key: value for key, value in details.items() if value not in (None, "")},
        provenance=dict.fromkeys(("title", "authors", "published", "description", "duration"), "youtube-player"),
    )


def _playlist_page(seen: Observation, asked: _Item) -> Finding:
    html = _html(seen)
    if alert := _alert(html):
        is_absent = "does not exist" in alert.lower() or "is private" in alert.lower()
        return Finding(Presence.ABSENT, f"the page says: {alert}"[:200]) if is_absent else Finding()
    return _titled(html, asked, asked.id)


def _channel_page(seen: Observation, asked: _Item) -> Finding:
    html = _html(seen)
    if alert := _alert(html):
        is_absent = "does not exist" in alert.lower() or "terminated" in alert.lower()
        return Finding(Presence.ABSENT, f"the page says: {alert}"[:200], certain=True) if is_absent else Finding()
    return _titled(html, asked, '"externalId":"UC')


def _titled(html: str, asked: _Item, mark: str) -> Finding:
    """A page of YouTube's own with a title and the mark of what was asked for."""
    title = _meta(html, "og:title")
    if not title or mark not in html or title.strip("- ").lower() == "youtube":
        return Finding()
    metadata = Metadata(
        kind=f"youtube-{asked.kind}",
        title=title,
        authors=(Author(title),) if asked.kind == "channel" else (),
        description=_meta(html, "og:description"),
        site_name="YouTube",
        canonical=_address(asked.kind, asked.id),
        details={"id": asked.id},
        provenance={"title": "youtube-page"},
    )
    return Finding(Presence.PRESENT, f"the {asked.kind}'s page shows its title", metadata=metadata)


def _agreed(first: Finding, second: Finding) -> Finding:
    """Both witnesses in one: two denials are certain, one is likely, a denial against a witness is none."""
    metadata = _joined(first.metadata, second.metadata)
    words = "; ".join(filter(None, (first.evidence, second.evidence)))
    opinions = [f.presence for f in (first, second) if f.presence is not None]
    if not opinions:
        return Finding()
    if Presence.PRESENT in opinions:
        return Finding(Presence.PRESENT, words, certain=True, metadata=metadata)
    is_certain = len(opinions) == 2 or second.certain
    return Finding(Presence.ABSENT, words, certain=is_certain)


def _joined(first: Metadata | None, second: Metadata | None) -> Metadata | None:
    """oEmbed's title (the uploader's own language) with the player's details."""
    if first is None or second is None:
        return first or second
    return replace(
        second,
        title=first.title,
        authors=first.authors or second.authors,
        details={**second.details, **first.details},
        provenance={**second.provenance, **first.provenance},
    )


def _of_item(finding: Finding, asked: _Item) -> Finding:
    if finding.metadata is None or not asked.options:
        return finding
    own = {k: int(v) if k == "start" else v for k, v in asked.options.items()}
    return replace(finding, metadata=replace(finding.metadata, details={**finding.metadata.details, **own}))


# -- pages -----------------------------------------------------------------------------------


def _html(seen: Observation) -> str:
    """The page where it is YouTube's answer to us; '' for errors, consent pages and strangers."""
    host = urlsplit(seen.sighting.final_url).hostname or ""
    return seen.body.decode(errors="replace") if seen.sighting.status == 200 and _HOSTS.fullmatch(host) else ""


def _json_after(html: str, name: str) -> dict[str, Any]:
    """The object assigned to `name` in a script; the JSON decoder finds its end."""
    assigned = re.finditer(re.escape(name) + r"\"?\]?\s*=\s*(?=\{)", html)
    for found in islice(assigned, _MOST_ASSIGNED):  # each error of the decoder counts the lines before it
        try:
            value, _ = json.JSONDecoder().raw_decode(html, found.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return {}


def _alert(html: str) -> str:
    """The text of an error alert in ytInitialData, or ''."""
    if '"alerts"' not in html:
        return ""
    for alert in _list(_json_after(html, "ytInitialData").get("alerts")):
        shown = _object(_object(alert).get("alertRenderer"))
        text = _object(shown.get("text"))
        runs = _list(text.get("runs")) or [{"text": text.get("simpleText")}]
        if shown.get("type") == "ERROR":
            return "".join(_text(_object(run).get("text")) for run in runs)[:_TEXT_CHARS]
    return ""


# -- what their JSON holds: of the type that is asked for, or nothing ----------------------------


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Sequence[Any]:
    return value[:_MOST_PARTS] if isinstance(value, list) else ()


def _text(value: Any) -> str:
    """A string, or an integer as one."""
    is_integer = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18
    return value[:_TEXT_CHARS] if isinstance(value, str) else str(value) if is_integer else ""


def _line(value: Any) -> str:
    return " ".join(_text(value).split())


def _date(value: Any) -> str:
    """An ISO 8601 date, with a time where one stands behind it."""
    text = _text(value)
    return text if _DATE.fullmatch(text) else ""


def _meta(html: str, name: str) -> str:
    found = re.search(rf'<meta (?:property|name)="{re.escape(name)}" content="([^"]*)"', html)
    return " ".join(unescaped(found[1][:_META_CHARS]).split()) if found else ""


_EXAMPLES: Mapping[str, str] = {
    "https://www.youtube.com/watch?v=kCc8FmEb1nY": "video kCc8FmEb1nY",
    "https://www.youtube.com/watch?feature=share&v=kCc8FmEb1nY&t=1m30s": "video kCc8FmEb1nY start=90",
    "https://youtu.be/kCc8FmEb1nY?feature=shared": "video kCc8FmEb1nY",
    "https://youtu.be/kCc8FmEb1nY?t=90": "video kCc8FmEb1nY start=90",
    "https://m.youtube.com/watch?v=kCc8FmEb1nY": "video kCc8FmEb1nY",
    "https://music.youtube.com/watch?v=kCc8FmEb1nY": "video kCc8FmEb1nY",
    "https://www.youtube-nocookie.com/embed/kCc8FmEb1nY": "video kCc8FmEb1nY",
    "https://www.youtube.com/shorts/kCc8FmEb1nY": "video kCc8FmEb1nY",
    "https://www.youtube.com/live/kCc8FmEb1nY": "video kCc8FmEb1nY",
    "https://www.youtube.com/v/kCc8FmEb1nY": "video kCc8FmEb1nY",
    "https://www.youtube.com/watch/kCc8FmEb1nY": "video kCc8FmEb1nY",
    "https://www.youtube.com/attribution_link?u=%2Fwatch%3Fv%3DkCc8FmEb1nY": "video kCc8FmEb1nY",
    "https://www.youtube.com/watch?v=EAZvxukW8kY&list=PLDB4BCE9817AE7B43&index=11": (
        "video EAZvxukW8kY playlist=PLDB4BCE9817AE7B43"
    ),
    "https://www.youtube.com/playlist?list=PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi": (
        "playlist PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi"
    ),
    "https://www.youtube.com/embed/videoseries?list=PLDB4BCE9817AE7B43": "playlist PLDB4BCE9817AE7B43",
    "https://www.youtube.com/@3blue1brown": "channel @3blue1brown",
    "https://www.youtube.com/@3blue1brown/videos": "channel @3blue1brown",
    "https://www.youtube.com/channel/UCYO_jab_esuFRV4b17AJtAw": "channel channel/UCYO_jab_esuFRV4b17AJtAw",
    "https://www.youtube.com/c/3blue1brown": "channel c/3blue1brown",
    "https://www.youtube.com/user/Kurzgesagt": "channel user/Kurzgesagt",
}

SITE = Site("youtube", item, ask, read, _EXAMPLES, paces={"www.youtube.com": Pace(slots=4)})
