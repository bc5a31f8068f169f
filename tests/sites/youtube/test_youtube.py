"""YouTube on recorded pages and answers: what each pair of the two witnesses says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linkcheck import urls
from linkcheck.model import Answer, Finding, Observation, Presence, Request
from linkcheck.sites.youtube import SITE
from tests import shared
from tests.answers import observation
from tests.web.reading_list import VIDEOS, watch_page

VIDEO = VIDEOS[0]
ITEM = f"video {VIDEO.id}"
OEMBED = json.dumps({"title": VIDEO.title, "author_name": VIDEO.channel, "author_url": "https://www.youtube.com/@a"})
PUBLIC, PRIVATE, DELETED, NO_EMBED = (200, OEMBED), (403, "Forbidden"), (404, "Not Found"), (401, "Unauthorized")
LIMITED, BAD = (429, "Too many"), (400, "Bad Request")


def player(status: str, reason: str = "", *, details: bool = False) -> str:
    found: dict[str, object] = {"playabilityStatus": {"status": status, "reason": reason}}
    if details:
        found["videoDetails"] = {"videoId": VIDEO.id, "title": VIDEO.title, "lengthSeconds": "60"}
    return f"<script>var ytInitialPlayerResponse = {json.dumps(found)};</script>"


WATCH_OK = watch_page(VIDEO)
WATCH_ERROR = watch_page(None)
WATCH_PRIVATE = player("LOGIN_REQUIRED", "This is a private video. Please sign in to verify that you may see it.")
WATCH_BOT = player("LOGIN_REQUIRED", "Sign in to confirm you’re not a bot")
WATCH_AGE = player("LOGIN_REQUIRED", "Sign in to confirm your age", details=True)
WATCH_GEO = player("UNPLAYABLE", "The uploader has not made this video available in your country", details=True)


def asked(item: str = ITEM) -> Request:
    (request,) = SITE.ask([item])
    return request


def both(first: tuple[int, str], page: str, status: int = 200, **more: object) -> Finding | None:
    """What SITE makes of oEmbed's answer and then of the watch page."""
    (second,) = SITE.read(observation(asked(), *first)).more
    return read(observation(second, status, page, **more)).findings.get(ITEM)


def read(seen: Observation) -> Answer:
    return SITE.read(seen)


@pytest.mark.parametrize(
    ("first", "page"),
    [
        (PUBLIC, WATCH_OK), (PUBLIC, WATCH_ERROR), (PUBLIC, WATCH_BOT), (PUBLIC, ""), (NO_EMBED, WATCH_OK),
        (NO_EMBED, WATCH_BOT), (LIMITED, WATCH_OK), (LIMITED, WATCH_AGE), (LIMITED, WATCH_GEO), (DELETED, WATCH_OK),
        (PRIVATE, WATCH_AGE), ((200, "{"), WATCH_OK), ((404, "<html>"), WATCH_GEO),
    ],
)  # fmt: skip
def test_alive(first: tuple[int, str], page: str) -> None:
    finding = both(first, page)
    assert finding
    assert finding.presence is Presence.PRESENT


@pytest.mark.parametrize(
    ("first", "page"),
    [(LIMITED, WATCH_BOT), (LIMITED, ""), (LIMITED, player("UNPLAYABLE", "x")), ((200, "[]"), WATCH_BOT), ((404, "<p>"), ""),
     ((403, ""), "<html>captcha</html>"), (LIMITED, "<script>var ytInitialPlayerResponse = {broken</script>")],
)  # fmt: skip
def test_no_opinion(first: tuple[int, str], page: str) -> None:
    assert both(first, page) is None


@pytest.mark.parametrize(
    ("first", "page", "is_certain"),
    [
        (DELETED, WATCH_ERROR, True),
        (BAD, WATCH_ERROR, True),
        (PRIVATE, WATCH_PRIVATE, True),
        (DELETED, WATCH_BOT, False),
        (PRIVATE, "", False),
        (LIMITED, WATCH_ERROR, False),
        (LIMITED, WATCH_PRIVATE, False),
    ],
)
def test_gone(first: tuple[int, str], page: str, is_certain: bool) -> None:
    finding = both(first, page)
    assert finding
    assert (finding.presence, finding.certain) == (Presence.ABSENT, is_certain)
    assert finding.evidence


def test_a_consent_page_and_an_error_status_say_nothing() -> None:
    assert both(LIMITED, WATCH_ERROR, final_url="https://consent.youtube.com/m?continue=x") is None
    assert both(LIMITED, WATCH_ERROR, 500) is None


def test_a_video_has_the_uploaders_title_and_the_players_details() -> None:
    finding = both(PUBLIC, WATCH_OK)
    assert finding
    assert finding.metadata
    found = finding.metadata
    assert (found.title, found.authors[0].name, found.duration_s) == (VIDEO.title, VIDEO.channel, VIDEO.seconds)
    assert found.published.startswith(VIDEO.published)
    assert found.provenance["title"] == "youtube-oembed"
    assert found.provenance["duration"] == "youtube-player"


def test_what_a_reader_is_told_when_it_cannot_be_watched() -> None:
    finding = both(LIMITED, WATCH_GEO)
    assert finding
    assert finding.metadata
    assert "your country" in finding.metadata.details["availability"]


def test_items_of_one_video_share_its_look_ups() -> None:
    requests = SITE.ask([ITEM, f"{ITEM} start=90", f"{ITEM} playlist=PLDB4BCE9817AE7B43"])
    assert len(requests) == 1
    (second,) = SITE.read(observation(requests[0], *PUBLIC)).more
    found = SITE.read(observation(second, body=WATCH_OK)).findings
    assert [f.metadata.details.get("start") for f in found.values() if f.metadata] == [None, 90, None]
    assert [f.metadata.details.get("playlist") for f in found.values() if f.metadata][2] == "PLDB4BCE9817AE7B43"


def test_the_watch_page_is_asked_with_the_consent_given() -> None:
    (second,) = SITE.read(observation(asked(), *PUBLIC)).more
    assert ("cookie", "SOCS=CAI") in second.headers
    assert second.max_bytes >= 1_500_000


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/", "https://www.youtube.com/watch?v=short", "https://youtu.be/", "https://www.youtube.com/feed/x",
        "https://www.youtube.com/results?search_query=a", "https://www.youtube.com/playlist?list=WL",
        "https://www.youtube.com/playlist?list=RDkCc8FmEb1nY", "https://notyoutube.com/watch?v=kCc8FmEb1nY",
        "https://www.youtube.com/hashtag/ai", "https://www.youtube.com/attribution_link?u=%2Ffoo",
    ],
)  # fmt: skip
def test_not_ours(url: str) -> None:
    normal = urls.normalise(url)
    assert normal
    assert SITE.item(normal) is None


# -- playlists and channels ------------------------------------------------------------------

LIST = "playlist PLDB4BCE9817AE7B43"


def alert(text: str, kind: str = "ERROR") -> str:
    data = {"alerts": [{"alertRenderer": {"type": kind, "text": {"runs": [{"text": text}]}}}]}
    return f"<script>var ytInitialData = {json.dumps(data)};</script>"


def playlist_page(title: str) -> str:
    return f'<meta property="og:title" content="{title}"><script>"PLDB4BCE9817AE7B43"</script>'


@pytest.mark.parametrize(
    ("first", "page", "presence"),
    [
        ((404, "Not Found"), alert("The playlist does not exist."), Presence.ABSENT),
        ((404, "Not Found"), alert("This playlist type is unviewable."), Presence.ABSENT),
        (LIMITED, alert("This playlist type is unviewable."), None),
        (LIMITED, alert("Unavailable videos are hidden", "INFO"), None),
        (LIMITED, playlist_page("A &amp; B"), Presence.PRESENT),
        (LIMITED, "<title>YouTube</title>", None),
        (LIMITED, playlist_page("YouTube"), None),
    ],
)
def test_playlist(first: tuple[int, str], page: str, presence: Presence | None) -> None:
    (second,) = SITE.read(observation(asked(LIST), *first)).more
    finding = SITE.read(observation(second, body=page)).findings.get(LIST)
    assert (finding.presence if finding else None) is presence


def test_a_title_with_a_number_of_5_000_digits_is_read() -> None:
    request = asked("channel @x")
    page = f'<meta property="og:title" content="A channel &#{"1" * 5_000};">{{"externalId":"UCx"}}'
    assert SITE.read(observation(request, body=page)).findings["channel @x"].presence is Presence.PRESENT


@pytest.mark.parametrize(
    ("page", "presence"),
    [
        (alert("This channel does not exist."), Presence.ABSENT),
        (alert("This account has been terminated."), Presence.ABSENT),
        (alert("Something else."), None),
        ('<meta property="og:title" content="A channel">{"externalId":"UCx"}', Presence.PRESENT),
        ("<title>YouTube</title>", None),
    ],
)
def test_channel(page: str, presence: Presence | None) -> None:
    request = asked("channel @x")
    assert "/oembed" not in request.url
    finding = SITE.read(observation(request, body=page)).findings.get("channel @x")
    assert (finding.presence if finding else None) is presence


# -- recorded --------------------------------------------------------------------------------

WATCH = shared.DATA / "fixtures/youtube/watch"


@shared.needs_shared
@pytest.mark.parametrize(
    ("name", "video", "presence", "title"),
    [
        ("youtube-list.html", "EAZvxukW8kY", Presence.PRESENT, "Marine Biologist - Career Spotlight"),
        ("youtube-video-old.html", "GDRd-BFTYIg", Presence.PRESENT, "Overwatch - Huge Massive Fist Punch Man"),
        ("youtube-title.html", "DIsktwOQZuU", Presence.PRESENT, "GBAF 2024 – Highlights"),
        ("pytube_5YceQ8YqYMc.html", "5YceQ8YqYMc", Presence.PRESENT, "Vatican Media Live"),
        ("youtube_age_restricted.html", "", Presence.PRESENT,
         "Laura Branigan - Self Control (Moreno J Remix) Age-restricted"),
        ("youtube_ww1_nl_en.html", "", Presence.PRESENT,
         "The Tide Is Turning - Russian Civil War Fall 1919 I THE GREAT WAR 1919"),
        ("pytube_m8uHb5jIGN8.html", "m8uHb5jIGN8", Presence.ABSENT, ""),
        ("youtube_video_unavailable.html", "", Presence.ABSENT, ""),
        ("youtube_consent_page.html", "", None, ""),
        ("youtube_too_many_requests.html", "", None, ""),
    ],
)  # fmt: skip
def test_recorded_watch_page(name: str, video: str, presence: Presence | None, title: str) -> None:
    html = (WATCH / name).read_text(encoding="utf-8", errors="replace")
    video = video or _video_of(html)
    (second,) = SITE.read(observation(asked(f"video {video}"), *LIMITED)).more
    finding = SITE.read(observation(second, body=html)).findings.get(f"video {video}")
    assert (finding.presence if finding else None) is presence
    if title:
        assert finding
        assert finding.metadata
        assert finding.metadata.title == title


def _video_of(html: str) -> str:
    import re

    found = re.search(r'"videoDetails":\{"videoId":"([^"]{11})"', html)
    return found[1] if found else VIDEO.id


@shared.needs_shared
@pytest.mark.parametrize("path", sorted((shared.DATA / "fixtures/youtube/player").glob("*.json")), ids=lambda p: p.name)
def test_recorded_player(path: Path) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    html = f"<script>var ytInitialPlayerResponse = {json.dumps(found)};</script>"
    video = found.get("videoDetails", {}).get("videoId", VIDEO.id)
    (second,) = SITE.read(observation(asked(f"video {video}"), *LIMITED)).more
    finding = SITE.read(observation(second, body=html)).findings.get(f"video {video}")
    assert finding is None or finding.presence is Presence.PRESENT
    assert ("request_blocked" not in path.name) or finding is None


DEEP = "[" * 900 + '"x"' + "]" * 900
ODD = [
    DEEP,
    "[1]",
    "5",
    "NaN",
    "1e999",
    "-Infinity",
    "null",
    "true",
    "{}",
    '"²"',
    f'"{"1" * 5_000}"',
    '"\\ud800"',
    '{"a": [{"b": 1.5}]}',
    "1" * 4_000,
]
PLACES = [
    '{"playabilityStatus": %s}', '{"playabilityStatus": {"status": %s}}', '{"playabilityStatus": {"status": "OK", "messages": %s}}',
    '{"playabilityStatus": {"status": "OK", "reason": %s}}', '{"playabilityStatus": {"status": "OK"}, "microformat": %s}',
    '{"playabilityStatus": {"status": "OK"}, "videoDetails": %s}',
    *(f'{{"playabilityStatus": {{"status": "OK"}}, "videoDetails": {{"title": "T", "{name}": %s}}}}'
      for name in ("channelId", "author", "lengthSeconds", "shortDescription", "isLiveContent", "title", "videoId")),
    *(f'{{"playabilityStatus": {{"status": "OK"}}, "videoDetails": {{"title": "T"}}, "microformat": {{"playerMicroformatRenderer": {inner}}}}}'
      for inner in ("%s", '{"publishDate": %s}', '{"ownerProfileUrl": %s}', '{"isUnlisted": %s}')),
]  # fmt: skip
ALERTS = [
    '{"alerts": %s}', '{"alerts": [%s]}', '{"alerts": [{"alertRenderer": %s}]}', '{"alerts": [{"alertRenderer": {"type": "ERROR", "text": %s}}]}',
    '{"alerts": [{"alertRenderer": {"type": "ERROR", "text": {"runs": %s}}}]}',
    '{"alerts": [{"alertRenderer": {"type": "ERROR", "text": {"runs": [%s]}}}]}',
    '{"alerts": [{"alertRenderer": {"type": "ERROR", "text": {"simpleText": %s}}}]}',
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_json_of_another_shape_is_read_as_far_as_it_goes(odd: str) -> None:
    for place in PLACES:
        found = both(PUBLIC, f"ytInitialPlayerResponse = {place % odd};")
        assert found
        assert found.presence is Presence.PRESENT
        assert found.metadata
        assert all(isinstance(value, str | bool) for value in found.metadata.details.values())
        assert found.metadata.published == ""
    for place in ALERTS:
        read(observation(asked("channel @a"), 200, f"ytInitialData = {place % odd};"))


@pytest.mark.parametrize("title", [DEEP, "[" * 50_000, "1" * 5_000, "NaN", "[1]"])
def test_an_odd_title_of_oembed_is_none(title: str) -> None:
    assert both((200, f'{{"title": {title}}}'), "") is None


def test_assignments_are_looked_at_a_few_times() -> None:
    """Each that is none took the time of all that stands before it: 60,000 of them 12 s."""
    import time

    started = time.process_time()
    both(PUBLIC, "ytInitialPlayerResponse={x" * 55_000)
    assert time.process_time() - started < 3
