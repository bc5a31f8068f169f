"""YouTube videos, playlists and channels: a watch page answers 200 even for a deleted video.

Two sources, as recorded in 2026-11: oEmbed (1 KB, distinguishes deleted, private and embedding
off; https://oembed.com) and the watch page's `playabilityStatus`, which also has duration and date. A bot check, a
consent page, a rate limit, and an answer whose body is not YouTube's own are no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from linkcheck.contracts import Site
from linkcheck.model import (
    Answer,
    Author,
    Csl,
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
from linkcheck.sites.youtube import pages
from linkcheck.sites.youtube.items import YouTubeItem, item

_OEMBED = "https://www.youtube.com/oembed?format=json&url="
# SOCS=CAI skips the EU's consent page (yt-dlp extractor/youtube/_base.py, 2026-10).
_PAGE_HEADERS = (("cookie", "SOCS=CAI"), ("accept-language", "en"))
_PAGE_BYTES = 1_500_000
_WITHHELD = ("bot", "unusual traffic", "try again later")
_ONE_WORD = {400: "bad request", 401: "unauthorized", 403: "forbidden", 404: "not found"}
_MAX_LIVE_S = 1_000_000


# -- asking ----------------------------------------------------------------------------------


def ask(items: Sequence[str]) -> Sequence[Request]:
    """One oEmbed look-up a video or playlist, the page for a channel."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in items:
        parsed = YouTubeItem.parse(one)
        groups.setdefault((parsed.kind, parsed.id), []).append(one)
    return [_first(YouTubeItem(kind, identifier), tuple(asked)) for (kind, identifier), asked in groups.items()]


def _first(one: YouTubeItem, items: tuple[str, ...]) -> Request:
    if one.kind == "channel":
        return _page(one, items, None)
    url = Url(_OEMBED + quote(one.address, safe=""))
    return Request(url, Purpose.LOOKUP, SITE.name, items, (("accept", "application/json"),), max_bytes=65_536)


def _page(one: YouTubeItem, items: tuple[str, ...], known: Finding | None) -> Request:
    url = Url(f"{one.address}{'&' if '?' in one.address else '?'}hl=en")
    return Request(url, Purpose.LOOKUP, SITE.name, items, _PAGE_HEADERS, max_bytes=_PAGE_BYTES, known=known)


# -- reading ---------------------------------------------------------------------------------


def read(seen: Observation) -> Answer:
    """Findings by item; the first source's answer requests the second, whose answer is combined with it."""
    items = seen.request.items
    first = YouTubeItem.parse(items[0])
    if seen.request.url.startswith(_OEMBED):
        known = _oembed(seen, first)
        return Answer(more=(_page(first, items, known),))
    page = {"video": _watch_page, "playlist": _playlist_page, "channel": _channel_page}[first.kind](seen, first)
    finding = _agreed(seen.request.known or Finding(), page)
    if finding == Finding():
        return Answer()
    return Answer({one: _of_item(finding, YouTubeItem.parse(one)) for one in items})


def _oembed(seen: Observation, asked: YouTubeItem) -> Finding:
    """The finding of oEmbed; an error status counts only with YouTube's own short body."""
    status = seen.sighting.status or 0
    text = seen.body[:200].decode(errors="replace").strip().lower()
    if status == 200:
        import json  # loaded lazily

        try:
            answer = json.loads(seen.body)
        except (ValueError, RecursionError):
            return Finding()
        if not isinstance(answer, dict) or not isinstance(answer.get("title"), str):
            return Finding()
        return Finding(Presence.PRESENT, "oEmbed answered 200", metadata=_from_oembed(answer, asked))
    if _ONE_WORD.get(status) != text:
        return Finding()
    if status == 401:
        return Finding(Presence.PRESENT, "oEmbed answered 401: it may not be embedded, but it is there")
    if status == 403:
        return Finding(Presence.ABSENT, f"oEmbed answered 403: the {asked.kind} is private")
    return Finding(Presence.ABSENT, f"oEmbed answered {status}: there is no such {asked.kind}")


def _from_oembed(answer: Mapping[str, Any], asked: YouTubeItem) -> Metadata:
    author = pages.as_line(answer.get("author_name"))
    details = {
        "id": asked.id,
        "channel": author,
        "channel_url": pages.as_line(answer.get("author_url")),
        "thumbnail": pages.as_line(answer.get("thumbnail_url")),
    }
    return Metadata(
        kind=f"youtube-{asked.kind}",
        title=pages.as_line(answer["title"]),
        authors=(Author(author),) if author else (),
        site_name="YouTube",
        canonical=asked.address,
        details={key: value for key, value in details.items() if value},
        provenance={"title": "youtube-oembed", "authors": "youtube-oembed"},
    )


def _watch_page(seen: Observation, asked: YouTubeItem) -> Finding:
    player = pages.json_after(pages.html(seen), "ytInitialPlayerResponse")
    playability = pages.as_object(player.get("playabilityStatus"))
    if not playability:
        return Finding()
    status = pages.as_text(playability.get("status"))
    reason = " ".join(
        map(pages.as_text, (playability.get("reason"), *pages.as_list(playability.get("messages"))))
    ).strip()
    metadata = _from_player(player, asked)
    if status == "OK":
        return Finding(Presence.PRESENT, "the player says OK", metadata=metadata)
    if any(word in reason.lower() for word in _WITHHELD):
        return Finding()
    if status == "ERROR":
        return Finding(Presence.ABSENT, f"the player says: {reason or 'ERROR'}"[:200])
    if status == "LOGIN_REQUIRED" and "private" in reason.lower():
        return Finding(Presence.ABSENT, f"the player says: {reason}"[:200])
    if (
        status
        in ("LOGIN_REQUIRED", "UNPLAYABLE", "LIVE_STREAM_OFFLINE", "AGE_CHECK_REQUIRED", "CONTENT_CHECK_REQUIRED")
        and metadata
    ):
        limited = replace(metadata, details={**metadata.details, "availability": reason[:200] or status.lower()})
        return Finding(
            Presence.PRESENT, f"the player shows the video's title and says: {reason}"[:200], metadata=limited
        )
    return Finding()


def _from_player(player: Mapping[str, Any], asked: YouTubeItem) -> Metadata | None:
    video = pages.as_object(player.get("videoDetails"))
    title = pages.as_line(video.get("title"))
    if video.get("videoId") not in (None, asked.id) or not title:
        return None
    about = pages.as_object(pages.as_object(player.get("microformat")).get("playerMicroformatRenderer"))
    length = pages.as_text(video.get("lengthSeconds"))
    seconds = int(length) if re.fullmatch("[0-9]{1,7}", length) else 0
    author = pages.as_line(video.get("author")) or pages.as_line(about.get("ownerChannelName"))
    details = {
        "id": asked.id,
        "channel": author,
        "channel_id": pages.as_line(video.get("channelId")),
        "channel_url": pages.as_line(about.get("ownerProfileUrl")),
        "unlisted": about.get("isUnlisted") is True or None,
        "live": video.get("isLiveContent") is True or None,
    }
    return Metadata(
        kind="youtube-video",
        title=title,
        authors=(Author(author),) if author else (),
        published=pages.as_date(about.get("publishDate")) or pages.as_date(about.get("uploadDate")),
        description=pages.as_text(video.get("shortDescription"))[:2_000],
        site_name="YouTube",
        canonical=asked.address,
        duration_s=seconds if 0 < seconds < _MAX_LIVE_S else None,
        details={key: value for key, value in details.items() if value not in (None, "")},
        provenance=dict.fromkeys(("title", "authors", "published", "description", "duration"), "youtube-player"),
    )


def _playlist_page(seen: Observation, asked: YouTubeItem) -> Finding:
    html = pages.html(seen)
    if alert := pages.alert(html):
        is_absent = "does not exist" in alert.lower() or "is private" in alert.lower()
        return Finding(Presence.ABSENT, f"the page says: {alert}"[:200]) if is_absent else Finding()
    return _titled(html, asked, asked.id)


def _channel_page(seen: Observation, asked: YouTubeItem) -> Finding:
    html = pages.html(seen)
    if alert := pages.alert(html):
        is_absent = "does not exist" in alert.lower() or "terminated" in alert.lower()
        return Finding(Presence.ABSENT, f"the page says: {alert}"[:200], certain=True) if is_absent else Finding()
    return _titled(html, asked, '"externalId":"UC')


def _titled(html: str, asked: YouTubeItem, own: str) -> Finding:
    """The finding for a page of YouTube with a title and a mark that only the item's page has."""
    title = pages.meta(html, "og:title")
    if not title or own not in html or title.strip("- ").lower() == "youtube":
        return Finding()
    metadata = Metadata(
        kind=f"youtube-{asked.kind}",
        title=title,
        authors=(Author(title),) if asked.kind == "channel" else (),
        description=pages.meta(html, "og:description"),
        site_name="YouTube",
        canonical=asked.address,
        details={"id": asked.id},
        provenance={"title": "youtube-page"},
    )
    return Finding(Presence.PRESENT, f"the {asked.kind}'s page shows its title", metadata=metadata)


def _agreed(first: Finding, second: Finding) -> Finding:
    """Combine both sources: absent in both is certain, in one is likely, contradicting answers are no opinion."""
    metadata = _joined(first.metadata, second.metadata)
    evidence = "; ".join(filter(None, (first.evidence, second.evidence)))
    opinions = [f.presence for f in (first, second) if f.presence is not None]
    if not opinions:
        return Finding()
    if Presence.PRESENT in opinions:
        return Finding(Presence.PRESENT, evidence, certain=True, metadata=metadata)
    is_certain = len(opinions) == 2 or second.certain
    return Finding(Presence.ABSENT, evidence, certain=is_certain)


def _joined(first: Metadata | None, second: Metadata | None) -> Metadata | None:
    """oEmbed's title (in the uploader's language) with the player's details."""
    if first is None or second is None:
        return first or second
    return replace(
        second,
        title=first.title,
        authors=first.authors or second.authors,
        details={**second.details, **first.details},
        provenance={**second.provenance, **first.provenance},
    )


def _of_item(finding: Finding, asked: YouTubeItem) -> Finding:
    if finding.metadata is None or not asked.options:
        return finding
    own = {k: int(v) if k == "start" else v for k, v in asked.options.items()}
    return replace(finding, metadata=replace(finding.metadata, details={**finding.metadata.details, **own}))


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

_CSL = {
    "youtube-video": Csl("motion_picture", {"medium": "video"}),
    "youtube-playlist": Csl("collection", {"medium": "video playlist"}),
    "youtube-channel": Csl("collection"),
}

SITE = Site("youtube", item, ask, read, _EXAMPLES, _CSL, paces={"www.youtube.com": Pace(slots=4)})
