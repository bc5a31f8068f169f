"""The hosts of lists/ml.md standing in on loopback: their answers made by hand, in the sites' own forms.

The facts (titles, authors, dates, durations) are those of the real papers and videos; the answers
are ours, so that nothing recorded is copied. EXPECTED says what linkcheck has to make of each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape as xml

from tests.web import Web
from tests.web.behaviours import HTML, Behaviour, Received, Wire, page, redirect


@dataclass(frozen=True, slots=True)
class Paper:
    id: str
    version: int
    published: str
    updated: str
    title: str
    authors: tuple[str, ...]
    category: str


@dataclass(frozen=True, slots=True)
class Video:
    id: str
    title: str
    channel: str
    seconds: int
    published: str


PAPERS = (
    Paper(
        "1706.03762", 7, "2017-06-12", "2023-08-02", "Attention Is All You Need",
        ("Ashish Vaswani", "Noam Shazeer", "Niki Parmar", "Jakob Uszkoreit", "Llion Jones", "Aidan N. Gomez",
         "Lukasz Kaiser", "Illia Polosukhin"), "cs.CL",
    ),
    Paper(
        "2010.11929", 2, "2020-10-22", "2021-06-03",
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
        ("Alexey Dosovitskiy", "Lucas Beyer", "Alexander Kolesnikov", "Dirk Weissenborn", "Xiaohua Zhai",
         "Thomas Unterthiner", "Mostafa Dehghani", "Matthias Minderer", "Georg Heigold", "Sylvain Gelly",
         "Jakob Uszkoreit", "Neil Houlsby"), "cs.CV",
    ),
    Paper(
        "1301.3781", 3, "2013-01-16", "2013-09-07",
        "Efficient Estimation of Word Representations in Vector Space",
        ("Tomas Mikolov", "Kai Chen", "Greg Corrado", "Jeffrey Dean"), "cs.CL",
    ),
)  # fmt: skip
VIDEOS = (
    Video("kCc8FmEb1nY", "Let's build GPT: from scratch, in code, spelled out.", "Andrej Karpathy", 6980, "2023-01-17"),
    Video("gQddtTdmG_8", "Vectoring Words (Word Embeddings) - Computerphile", "Computerphile", 1016, "2019-10-23"),
    Video("KcSXcpluDe4", "How AI 'Understands' Images (CLIP) - Computerphile", "Computerphile", 1085, "2024-04-25"),
    Video(
        "cdiD-9MMpb0",
        "Andrej Karpathy: Tesla AI, Self-Driving, Optimus, Aliens, and AGI | Lex Fridman Podcast #333",
        "Lex Fridman",
        12528,
        "2022-10-29",
    ),
)
PLAYLIST = ("PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi", "Neural networks", "3Blue1Brown")
GONE = "https://www.intel.com/content/www/us/en/developer/articles/technical/accelerating-language-model-inference-on-your-pc.html"
MOVED_FROM = "https://huggingface.co/docs/optimum/en/concept_guides/quantization"
MOVED_TO = "https://huggingface.co/docs/optimum-onnx/quantization"

# URL in the list → (state, title, authors, duration)
EXPECTED: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    f"https://www.youtube.com/playlist?list={PLAYLIST[0]}": ("ok", PLAYLIST[1], (PLAYLIST[2],), ""),
    "https://arxiv.org/pdf/1706.03762": ("ok", PAPERS[0].title, PAPERS[0].authors, ""),
    "https://arxiv.org/pdf/2010.11929": ("ok", PAPERS[1].title, PAPERS[1].authors, ""),
    "https://youtu.be/kCc8FmEb1nY?feature=shared": ("ok", VIDEOS[0].title, (VIDEOS[0].channel,), "1:56:20"),
    "https://arxiv.org/abs/1301.3781": ("ok", PAPERS[2].title, PAPERS[2].authors, ""),
    "https://www.youtube.com/watch?v=gQddtTdmG_8": ("ok", VIDEOS[1].title, (VIDEOS[1].channel,), "16:56"),
    "https://youtu.be/KcSXcpluDe4?feature=shared": ("ok", VIDEOS[2].title, (VIDEOS[2].channel,), "18:05"),
    "https://pytorch.org/": ("ok", "PyTorch", (), ""),
    "https://www.tensorflow.org/": ("ok", "TensorFlow", (), ""),
    "https://github.com/onnx/onnx": (
        "ok", "onnx/onnx: Open standard for machine learning interoperability", (), ""),
    "https://www.vikas.sh/post/how-i-got-into-deep-learning": (
        "ok", "How I Got Into Deep Learning", ("Vikas Paruchuri",), ""),
    MOVED_FROM: ("moved", "Quantization", (), ""),
    GONE: ("dead", "4 bit(!?) floats", (), ""),
    "https://karpathy.github.io/2019/04/25/recipe/": ("ok", "A Recipe for Training Neural Networks", (), ""),
    "https://karpathy.github.io/2015/05/21/rnn-effectiveness/": (
        "ok", "The Unreasonable Effectiveness of Recurrent Neural Networks", (), ""),
    "https://youtu.be/cdiD-9MMpb0?feature=shared": ("ok", VIDEOS[3].title, (VIDEOS[3].channel,), "3:28:48"),
}  # fmt: skip


def stand_in(web: Web) -> None:
    """Put every host of the list on `web`."""
    web.on("export.arxiv.org", "/api/query", arxiv_api(PAPERS))
    web.on("www.youtube.com", "/oembed", oembed(VIDEOS, PLAYLIST))
    web.on("www.youtube.com", "/watch", watch(VIDEOS))
    web.on("www.youtube.com", "/playlist", playlist(*PLAYLIST))
    web.on("pytorch.org", "/", page("<html lang=en><title>PyTorch</title><h1>Get started</h1>"))
    web.on("www.tensorflow.org", "/", page("<html lang=en><title>TensorFlow</title><h1>An end-to-end platform</h1>"))
    github = "onnx/onnx: Open standard for machine learning interoperability"
    web.on("github.com", "/onnx/onnx", page(_head(f"GitHub - {github}", site="GitHub", og=github)))
    post = _head("How I Got Into Deep Learning", author="Vikas Paruchuri", date="2023-08-21")
    web.on("www.vikas.sh", "/post/how-i-got-into-deep-learning", page(post))
    web.on("huggingface.co", urlsplit(MOVED_FROM).path, redirect(301, MOVED_TO))
    web.on("huggingface.co", urlsplit(MOVED_TO).path, page(_head("Quantization", site="Hugging Face")))
    web.on("www.intel.com", "/", page("<title>Intel</title>"))
    for path, title, date in (
        ("/2019/04/25/recipe/", "A Recipe for Training Neural Networks", "2019-04-25"),
        ("/2015/05/21/rnn-effectiveness/", "The Unreasonable Effectiveness of Recurrent Neural Networks", "2015-05-21"),
    ):
        web.on("karpathy.github.io", path, page(_head(title, date=date)))


def _head(title: str, *, site: str = "", og: str = "", author: str = "", date: str = "") -> str:
    metas = {"og:title": og or title, "og:site_name": site, "author": author, "article:published_time": date}
    lines = [f'<meta property="{k}" content="{escape(v)}">' for k, v in metas.items() if v]
    head = f"<title>{escape(title)}</title>{''.join(lines)}"
    return f"<!doctype html><html lang=en><head>{head}</head><body><h1>{escape(title)}</h1>"


def arxiv_api(papers: tuple[Paper, ...]) -> Behaviour:
    """Atom in the form of export.arxiv.org: what is not known is silently left out."""
    known = {paper.id: paper for paper in papers}

    async def behave(request: Received, wire: Wire) -> None:
        asked = parse_qs(urlsplit(request.target).query)["id_list"][0].split(",")
        entries = "".join(_entry(known[one]) for one in asked if one in known)
        feed = (
            '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
            f' xmlns:arxiv="http://arxiv.org/schemas/atom"><title>arXiv Query</title>{entries}</feed>'
        )
        await wire.respond(200, feed.encode(), ("Content-Type", "application/atom+xml; charset=utf-8"))

    return behave


def _entry(paper: Paper) -> str:
    authors = "".join(f"<author><name>{xml(name)}</name></author>" for name in paper.authors)
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.id}v{paper.version}</id><title>{xml(paper.title)}</title>"
        f"<updated>{paper.updated}T00:00:00Z</updated><published>{paper.published}T00:00:00Z</published>"
        f'<summary>A summary of {xml(paper.title)}.</summary><category term="{paper.category}"/>'
        f'<arxiv:primary_category term="{paper.category}"/>{authors}</entry>'
    )


def oembed(videos: tuple[Video, ...], one_playlist: tuple[str, str, str]) -> Behaviour:
    known = {video.id: (video.title, video.channel) for video in videos} | {one_playlist[0]: one_playlist[1:]}

    async def behave(request: Received, wire: Wire) -> None:
        query = parse_qs(urlsplit(parse_qs(urlsplit(request.target).query)["url"][0]).query)
        found = known.get((query.get("v") or query.get("list") or [""])[0])
        if found is None:
            return await wire.respond(404, b"Not Found", ("Content-Type", "text/plain"))
        body = {
            "title": found[0],
            "author_name": found[1],
            "author_url": "https://www.youtube.com/@channel",
            "type": "video",
        }
        return await wire.respond(200, json.dumps(body).encode(), ("Content-Type", "application/json"))

    return behave


def watch(videos: tuple[Video, ...]) -> Behaviour:
    known = {video.id: video for video in videos}

    async def behave(request: Received, wire: Wire) -> None:
        identifier = parse_qs(urlsplit(request.target).query).get("v", [""])[0]
        await wire.respond(200, watch_page(known.get(identifier)).encode(), HTML)

    return behave


def watch_page(video: Video | None) -> str:
    """A watch page: always 200; only the player says whether the video is there."""
    player: dict[str, object] = {"playabilityStatus": {"status": "ERROR", "reason": "Video unavailable"}}
    if video:
        player = {
            "playabilityStatus": {"status": "OK", "playableInEmbed": True},
            "videoDetails": {
                "videoId": video.id, "title": video.title, "lengthSeconds": str(video.seconds), "author": video.channel,
                "channelId": "UC" + "x" * 22, "shortDescription": f"About {video.title}", "isLiveContent": False,
            },
            "microformat": {"playerMicroformatRenderer": {"publishDate": f"{video.published}T09:00:00-07:00"}},
        }  # fmt: skip
    title = escape(video.title) if video else ""
    return f"<html><title>{title} - YouTube</title><script>var ytInitialPlayerResponse = {json.dumps(player)};</script>"


def playlist(identifier: str, title: str, _: str) -> Behaviour:
    async def behave(request: Received, wire: Wire) -> None:
        if parse_qs(urlsplit(request.target).query).get("list") == [identifier]:
            title_tag = f'<meta property="og:title" content="{escape(title)}">'
            body = f'{title_tag}<script>var ytInitialData = {{"id":"{identifier}"}};</script>'
        else:
            alert = {
                "alerts": [
                    {"alertRenderer": {"type": "ERROR", "text": {"runs": [{"text": "The playlist does not exist."}]}}}
                ]
            }
            body = f"<script>var ytInitialData = {json.dumps(alert)};</script>"
        await wire.respond(200, f"<html><title>YouTube</title>{body}".encode(), HTML)

    return behave
