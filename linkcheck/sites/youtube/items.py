"""URLs of videos, playlists and channels."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, quote, unquote, urlsplit

from linkcheck.common.lazy import lazy
from linkcheck.model import Url, Value, field

HOSTS = lazy(r"(?:(?:www|m|music|gaming)\.)?(?:youtube(?:-nocookie|kids)?\.com)|youtube\.googleapis\.com")
_VIDEO = lazy(r"[0-9A-Za-z_-]{11}")
# Generated and private lists (RD…, WL, LL, LM, UL) differ for every user: never judged.
_PLAYLIST = lazy(r"(?:PL|EC|UU|FL|TL|PU|OLAK5uy_)[0-9A-Za-z_-]{10,}")
_CHANNEL = lazy(r"/(?P<name>@[\w.·-]{2,60}|channel/UC[0-9A-Za-z_-]{22}|c/[^/]{1,100}|user/[^/]{1,100})(?:/\w+)?/?")
_CLOCK = lazy(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")


class YouTubeItem(Value, frozen=True):
    """An item: `kind` is video, playlist or channel; `options` are a start in seconds and a playlist."""

    kind: str
    id: str
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> YouTubeItem:
        kind, identifier, *rest = text.split(" ")
        return cls(kind, identifier, dict(part.split("=", 1) for part in rest))

    def __str__(self) -> str:
        return " ".join((self.kind, self.id, *(f"{k}={v}" for k, v in self.options.items())))

    @property
    def address(self) -> str:
        """The URL of its page."""
        if self.kind == "video":
            return f"https://www.youtube.com/watch?v={self.id}"
        return f"https://www.youtube.com/{'playlist?list=' if self.kind == 'playlist' else ''}{self.id}"


def item(url: Url) -> str | None:
    """`video ID`, `playlist ID` or `channel NAME`, with the options in the URL."""
    if "youtu" not in url:  # fast path for most URLs of a list
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    if host in ("youtu.be", "www.youtu.be"):
        found = _video(parts.path.strip("/").partition("/")[0], query)
    elif HOSTS.fullmatch(host):
        found = _on_site(*_attributed(parts.path, query))
    else:
        return None
    return str(found) if found else None


def _attributed(path: str, query: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Path and query of the target of an attribution link; unchanged for other links. Not followed twice."""
    if path.strip("/").partition("/")[0] != "attribution_link" or "u" not in query:
        return path, query
    try:
        inner = urlsplit(unquote(query["u"]))
    except ValueError:
        return path, query
    return inner.path, {key: values[0] for key, values in parse_qs(inner.query).items()}


def _on_site(path: str, query: Mapping[str, str]) -> YouTubeItem | None:
    head, _, rest = path.strip("/").partition("/")
    if head in ("watch", "") and "v" in query:
        return _video(query["v"], query)
    if head in ("watch", "v", "e", "embed", "shorts", "live") and rest and rest != "videoseries":
        return _video(rest.partition("/")[0], query)
    if head == "playlist" or rest == "videoseries":
        identifier = query.get("list", "")
        return YouTubeItem("playlist", identifier) if _PLAYLIST.fullmatch(identifier) else None
    channel = _CHANNEL.fullmatch(unquote(path))
    return YouTubeItem("channel", quote(channel["name"], safe="@/")) if channel else None


def _video(identifier: str, query: Mapping[str, str]) -> YouTubeItem | None:
    if not _VIDEO.fullmatch(identifier):
        return None
    options = {}
    if start := _seconds(query.get("t") or query.get("start") or query.get("time_continue") or ""):
        options["start"] = str(start)
    if _PLAYLIST.fullmatch(query.get("list", "")):
        options["playlist"] = query["list"]
    return YouTubeItem("video", identifier, options)


def _seconds(text: str) -> int:
    found = _CLOCK.fullmatch(text[:12])
    hours, minutes, seconds = (int(g or 0) for g in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds
