"""What is fuzzed: each target is one function of an input, that raises where something is wrong.

`@target(seeds, words)` names it after the function. Seeds are inputs to start from, words are put into them.
"""

from __future__ import annotations

import asyncio
import atexit
import gzip
import json
import math
import re
import shutil
import tempfile
import zlib
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing, redirect_stderr, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from html import unescape
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import cast
from urllib.parse import quote, unquote_to_bytes

import ada_url
import brotli
import httpx
import yaml

from linkcheck import case, follow, page, read, settings, sites, urls
from linkcheck import report as reports
from linkcheck.cli import config_files
from linkcheck.common import yaml_text
from linkcheck.errors import SettingsError
from linkcheck.fetch import body, replay, warc
from linkcheck.fetch.faults import fault_of
from linkcheck.fetch.http1 import Connection
from linkcheck.fetch.retry import retry_after_s
from linkcheck.ignores import baseline
from linkcheck.judge import Policy, judge
from linkcheck.local import anchors
from linkcheck.local.checker import Checker
from linkcheck.memory import facts, history, lines
from linkcheck.memory.history_file import HEADER, Parsed, UnusableError, parsed
from linkcheck.memory.serialization import to_json
from linkcheck.mend import diff
from linkcheck.mend.patch import patched
from linkcheck.mend.written import edit
from linkcheck.model import (
    Author,
    Document,
    Entry,
    Exchange,
    Fault,
    Link,
    LinkKind,
    Metadata,
    Presence,
    Purpose,
    Request,
    State,
    Url,
    Verdict,
)
from linkcheck.model.packed import pack, unpack
from linkcheck.page import charset, dates, fragments, titles
from linkcheck.page import html as parsing
from linkcheck.read.html_attributes import attribute_value
from linkcheck.read.markdown.escapes import unescaped, without_references
from tests.answers import NOW, checked, link, observation, report
from tests.fuzz import seeds
from tests.read.repairs import mended

Function = Callable[[bytes], None]
URL = Url("https://a.example/x")


@dataclass(frozen=True, slots=True)
class Target:
    run: Function
    seeds: Callable[[], Iterable[bytes]]
    words: Callable[[], Iterable[bytes]]


TARGETS: dict[str, Target] = {}


def target(
    seeds: Callable[[], Iterable[bytes]], words: Callable[[], Iterable[bytes]] = tuple
) -> Callable[[Function], Function]:
    def add(run: Function) -> Function:
        TARGETS[run.__name__] = Target(run, seeds, words)
        return run

    return add


def text_of(data: bytes) -> str:
    return data.decode(errors="replace")


# -- lists -----------------------------------------------------------------------------------


def lists() -> Iterator[bytes]:
    yield from seeds.strings("tests/read")
    yield from seeds.outside("lists/*.m*")
    yield from seeds.rows("oracle/commonmark_spec.json", "markdown")
    yield from seeds.rows("oracle/gfm_spec.json", "markdown")


@target(lists, lambda: seeds.words("read"))
def markdown(data: bytes) -> None:
    """Every span decodes to its URL; places are in the text; a repair mends its link. The same text in UTF-16 too."""
    _read_list(data)
    with suppress(UnicodeDecodeError):
        _read_list(b"\xff\xfe" + data.decode("utf-8-sig").encode("utf-16-le"))


_MOST_REPAIRS = 2  # of a list: each is another reading


def _read_list(data: bytes) -> None:
    found = read.read(data, "l.md")
    for one in found.links:
        start, end = one.span
        assert 0 <= start <= end <= len(data), one
        assert one.line >= 1, one
        assert one.column >= 1, one
        raw = _decoded(data[start:end], found.encoding)
        assert one.url in _as_written(one, raw), (one, raw)
    for repair in islice((one.malformed.repair for one in found.links if one.malformed), _MOST_REPAIRS):
        if repair:
            again = read.read(mended(data, found, repair), "l.md")
            assert any((one.written or one.url) in repair.text for one in again.links if not one.malformed), repair


@target(lists, lambda: seeds.words("read"))
def mending(data: bytes) -> None:
    """All links of a list get another URL, but for those that cannot; nothing else changes, and git would take the diff."""
    data = data[:_MOST_MENDED]
    found = read.read(data, "l.md")
    wanted = [edit(one, "https://n.example/a_(b)?x=1&lt;=2", "redirect", "why") for one in found.links[:_MOST_EDITS]]
    made = patched(data, found, filter(None, wanted), read.read)
    new = {one.span: one.url for one in made.edits}
    again = read.read(made.data, "l.md")
    assert [one.url for one in again.links] == [new.get(one.span, one.url) for one in found.links], made.edits
    lines = b"".join(diff.lines("l.md", data, made.edits, found.encoding)).split(b"\n")
    assert all(line[:1] in (b"", b" ", b"+", b"-", b"@", b"\\") for line in lines), lines


_MOST_EDITS, _MOST_MENDED = 4, 8_192  # each edit that cannot be made is another few readings


def _decoded(data: bytes, encoding: str) -> str:
    if encoding != "utf-8":
        return data.decode(encoding, errors="replace")
    return re.sub("[\udc80-\udcff]", "?", data.decode(errors="surrogateescape"))


_SURROGATE = re.compile(
    r"&(?=#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:5[3-9]|6\d|7[0-3])\d\d|0*55(?:29[6-9]|[3-9]\d\d));)"
)


def _as_written(link: Link, raw: str) -> set[str]:
    text = raw.replace("\0", "\ufffd")
    if link.malformed or link.kind is LinkKind.FRONT_MATTER:  # what is no link is given as it stands
        forms = {raw, text}
        forms |= {unescaped(form) for form in forms}
        return forms | {f"http://{form}" for form in forms}
    match link.kind:
        case LinkKind.HTML:
            url = attribute_value(text)
        case LinkKind.AUTOLINK:
            url = without_references(text)
        case _:
            url = unescaped(text)
    # pulldown-cmark leaves references to surrogates as they are; CommonMark §2.5 has U+FFFD for them.
    kept = unescaped(_SURROGATE.sub("\x01", text)).replace("\x01", "&")
    return {url, f"http://{url}", f"mailto:{url}", kept}


@target(lambda: [*seeds.strings("tests/read", "---"), *seeds.strings("tests/read", "+++"), b"title: a\nx: [1, {b: c}]\n", b"a = 1\n"],
        lambda: [*seeds.words("read/front_matter.py"), b"!!int ''", b"&a", b"*a", b"<<: ", b"? ", b"[[a]]", b"1979-05-27T07:32:00Z"])  # fmt: skip
def front_matter(data: bytes) -> None:
    for fence in (b"---", b"+++"):
        read.read(b"%s\n%s\n%s\n<https://a.example/x>\n" % (fence, data, fence), "l.md")


@target(lambda: [*lists(), *seeds.strings("tests/local/anchors")], lambda: seeds.words("local/anchors"))
def file_anchors(data: bytes) -> None:
    """Each anchor of a page is found under its name, percent-encoded too."""
    name = anchors.NAMES[zlib.crc32(data) % len(anchors.NAMES)]
    for path in ("a.md", "a.html"):
        found = anchors.anchors(data, path, name)
        for anchor in islice(found.names, 100):
            assert found.has(anchor, is_own=False), (name, anchor)
            assert found.has(quote(anchor, safe=""), is_own=False), (name, anchor)
        found.nearest(text_of(data[:60]))


# -- URLs ------------------------------------------------------------------------------------


def written_urls() -> Iterator[bytes]:
    yield from seeds.strings("tests/test_urls.py", ":")
    yield from (url.encode() for site in sites.discover() for url in site.examples)
    yield from seeds.rows("oracle/wpt_url/urltestdata.json", "input")


@target(written_urls, lambda: [*seeds.words("urls.py"), b"%2e", b"%%32e", b"xn--", b"@", b"[::1]", b":443", b"??", b"\\", b"\xe3\x80\x82"])  # fmt: skip
def url(data: bytes) -> None:
    """The normal form is idempotent, what the standard's parser gives but for escapes, and in parts what that says."""
    text = text_of(data)
    urls.malformed_url(text)
    urls.scheme(text)
    normal = urls.normalise(text)
    if normal is None:
        return
    whole = ada_url.URL(normal)
    assert whole.href == normal, (whole.href, normal)
    assert urls.normalise(normal) == normal
    given = ada_url.URL(text).href.partition("#")[0]
    assert unquote_to_bytes(given).rstrip(b"?") == unquote_to_bytes(normal).rstrip(b"?"), (given, normal)
    assert (urls.host(normal), urls.origin_host(normal)) == (whole.hostname.strip("[]"), whole.host)
    assert urls.path_of(normal) == whole.pathname
    assert urls.registrable_domain(urls.host(normal))
    beside = urls.sibling(normal)
    assert urls.normalise(beside) == beside, beside
    assert urls.host(beside) == urls.host(normal)


@target(lambda: (b"https://a.example/b?c\n" + one for one in written_urls()))
def relative_url(data: bytes) -> None:
    base, _, text = text_of(data).partition("\n")
    normal = urls.normalise(text, urls.normalise(base))
    assert normal is None or urls.normalise(normal) == normal


@target(
    written_urls, lambda: [*seeds.words("sites"), b"%2F", b"attribution_link?u=%2Fwatch%3Fv%3D", b"v=", b"list=", b"t="]
)
def site_item(data: bytes) -> None:
    """A URL has one owner at most, whose questions are requests."""
    normal = urls.normalise(text_of(data))
    owners = [(site, item) for site in sites.discover() if normal and (item := site.item(normal)) is not None]
    assert len(owners) <= 1, owners
    for site, item in owners:
        for request in site.ask([item]):
            assert request.items == (item,)
            assert urls.normalise(request.url) is not None, request.url


# -- HTTP ------------------------------------------------------------------------------------


class _Transport(asyncio.Transport):
    is_aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def abort(self) -> None:
        self.is_aborted = True


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    atexit.register(loop.close)
    return loop


def _answered(parts: Iterable[bytes]) -> tuple[object, ...]:
    return _loop().run_until_complete(_exchanged(parts))


async def _exchanged(parts: Iterable[bytes]) -> tuple[object, ...]:
    """(status, headers, body) that a connection makes of the parts, or the fault."""
    loop, transport, kept = asyncio.get_running_loop(), _Transport(), list[Connection]()
    connection = Connection(None, "a.example", loop)
    connection.connection_made(transport)
    exchange = loop.create_task(connection.exchange(httpx.Request("GET", URL), kept.append))
    await asyncio.sleep(0)
    for part in parts:
        if not transport.is_aborted:
            connection.data_received(part)
    connection.connection_lost(None)
    content = bytearray()
    try:
        response = await exchange
        async for chunk in cast("httpx.AsyncByteStream", response.stream):
            content += chunk
        await response.aclose()
    except httpx.RequestError as error:
        return fault_of(error)[0], bytes(content)
    return response.status_code, response.headers.raw, bytes(content)


@target(lambda: seeds.strings("tests/fetch", "HTTP/1."), lambda: seeds.strings("tests/fetch", "\r\n"))
def http_answer(data: bytes) -> None:
    """An answer is the same in one piece, in bytes, and in two pieces."""
    whole = _answered([data])
    if len(data) < 1_000:
        assert _answered(data[at : at + 1] for at in range(len(data))) == whole
    for at in {len(data) // 3, len(data) // 2, data.find(b"\r\n\r\n") + 2, len(data) - 1}:
        assert _answered([data[:at], data[at:]]) == whole, at


_CODINGS = ("gzip", "br", "zstd", "deflate", "gzip, br", "deflate, gzip", "", "identity", "x", "br, br, br")
_MOST_BODY = 65_536


def bodies() -> Iterator[bytes]:
    page = b"<title>A</title>" * 50
    raw = zlib.compressobj(wbits=-15)
    yield b"\0" + gzip.compress(page, mtime=0) + gzip.compress(page, mtime=0)
    yield b"\1" + brotli.compress(page)
    yield b"\2\x28\xb5\x2f\xfd\x24\x05\x29\x00\x00hello\x00\x00\x00\x00"
    yield b"\3" + zlib.compress(page)
    yield b"\3" + raw.compress(page) + raw.flush()
    yield b"\0" + gzip.compress(bytes(4_000_000), mtime=0)
    yield b"\1" + brotli.compress(bytes(4_000_000))
    yield b"\4" + brotli.compress(gzip.compress(bytes(8_000_000), mtime=0))
    yield b"\6abc"


@target(bodies)
def content_coding(data: bytes) -> None:
    """A body is never larger than allowed, and the same in bytes where it is whole."""
    coding = _CODINGS[data[0] % len(_CODINGS)] if data else ""
    whole = _content(data[1:], len(data), coding)
    assert len(whole.data) <= _MOST_BODY
    assert not (whole.trouble and whole.is_complete)
    if whole.is_complete and len(data) < 1_000:
        assert _content(data[1:], 1, coding) == whole


def _content(data: bytes, size: int, coding: str) -> body.Body:
    async def read() -> body.Body:
        async with aclosing(_pieces(data, size)) as pieces:
            return await body.read(pieces, coding, _MOST_BODY)

    return _loop().run_until_complete(read())


async def _pieces(data: bytes, size: int) -> AsyncGenerator[bytes, None]:
    for at in range(0, len(data), max(1, size)):
        yield data[at : at + size]


@target(lambda: [*seeds.rows("oracle/retry_after.jsonl", "value"), b"120", b"Fri, 31 Dec 1999 23:59:59 GMT", b"2026-11-23T06:00:00Z",
                 b"Friday, 31-Dec-99 23:59:59 GMT", b"Fri Dec 31 23:59:59 1999"], lambda: [b"0001-01-01T00:00+23:59", b"9999", b"-0000"])  # fmt: skip
def retry_after(data: bytes) -> None:
    for text in (text_of(data), data.decode("latin-1")):
        found = retry_after_s(text, NOW)
        assert found is None or (math.isfinite(found) and found >= 0), found


# -- pages -----------------------------------------------------------------------------------


def pages() -> Iterator[bytes]:
    yield from seeds.strings("tests/page", "<")
    yield from seeds.strings("tests/web", "<")
    yield from seeds.outside("verdict/pages/*")
    yield from seeds.outside("fixtures/articles/*/*.html")


def page_words() -> list[bytes]:
    return [
        *seeds.words("page"),
        b"<meta property='og:title' content='",
        b'<script type="application/ld+json">',
        b"<time datetime=",
    ]


def _read_page(data: bytes, kind: str = "text/html", status: int = 200) -> None:
    seen = observation(Request(URL), status, data, headers={"content-type": kind, "link": text_of(data[:100])})
    found = page.read(seen, ("a", "b%20c", text_of(data[:20])))
    assert unpack(type(found), pack(found)) == found
    to_json(found)
    follow.refresh(seen, found)
    if found.metadata:
        dated = (found.metadata.published, found.metadata.modified)
        assert all(re.fullmatch(r"|\d{4}(-\d\d(-\d\d(T.*)?)?)?", date) for date in dated), dated


@target(pages, page_words)
def html(data: bytes) -> None:
    _read_page(data)
    _read_page(data, status=404)


@target(pages, lambda: seeds.words("page/signatures.py"))
def page_that_is_no_html(data: bytes) -> None:
    _read_page(data, "text/plain")
    _read_page(data, "application/json; charset=x")
    _read_page(data, "")


def json_ld_blocks() -> Iterator[bytes]:
    yield from seeds.strings("tests/page", "@type")
    yield b'{"@type": "Article", "headline": ["A"], "author": [{"@id": "x"}, {"name": {"@value": "B"}}], "datePublished": "2020-01-02"}'
    yield b'/* c */ [{"@graph": [{"@type": ["Article"], "publisher": {"@type": "Organization", "name": "x"}},]}]'


@target(
    json_ld_blocks,
    lambda: [
        *seeds.words("page/json_ld.py", "page/metadata.py", "page/authors.py"),
        b"9" * 5_000,
        b"&#" + b"9" * 5_000 + b";",
        b"NaN",
    ],
)
def json_ld(data: bytes) -> None:
    _read_page(b'<script type="application/ld+json">' + data + b"</script><title>A page</title>")


@target(
    lambda: [
        *seeds.strings("tests/page", "20"),
        b"Fri, 31 Dec 1999 23:59:59 GMT",
        b"1577880000",
        b"20200131",
        b"January 5th, 2020",
    ]
)
def date(data: bytes) -> None:
    text = text_of(data)
    for found in (dates.parse(text, NOW), dates.from_url(text, NOW)):
        assert not found or datetime.fromisoformat((found + "-01-01")[:10] if len(found) < 10 else found)


@target(lambda: [*seeds.strings("tests/page", "charset"), *seeds.outside("oracle/encoding/html5lib/*.dat"), *seeds.outside("fixtures/charset/*/*")],
        lambda: [b"<meta charset=", b"<!--", b"utf-16", b"iso-2022-jp", b"hz-gb-2312", b"utf-7", b"replacement", b"x-user-defined", b"idna",
                 b"rot13", b"hex", b"unicode_escape", b"shift_jis", b"euc-kr", b"\x1b$B", b"<?xml encoding='"])  # fmt: skip
def encoding(data: bytes) -> None:
    label = data.partition(b"\n")[0].decode("latin-1")
    for content_type in ("", "text/html", f"text/html; charset={label}"):
        text, name = charset.decode(data, content_type)
        text.encode()
        assert name


@target(
    lambda: [*seeds.strings("tests/page", " - "), b"A | B", b"[1706.03762] A", b"A &amp;lt; B"],
    lambda: seeds.words("page/titles.py"),
)
def title(data: bytes) -> None:
    text = titles.tidy(text_of(data))
    assert "\n" not in text
    assert "\x1b" not in text
    titles.is_title(text)
    titles.without_site(text, [text[:10], text[-10:], "B"])


@target(lambda: [b"a\n" + one for one in seeds.strings("tests/page", "<")] + [b"L12-L14\n<p id=a>", b"L1C2-L3C4,L5x\n<p>"], lambda: [b"L1", b"L1111111", b"line-", b"%", b":~:", b"user-content-"])  # fmt: skip
def fragment(data: bytes) -> None:
    wanted, _, source = text_of(data).partition("\n")
    parsed = parsing.parse(source.encode(errors="ignore"), URL, NOW)
    assert set(fragments.missing(source, parsed, [wanted, ""])) <= {wanted}


# -- sites -----------------------------------------------------------------------------------

# Without one of these nobody has said that there is no such thing.
_DENIALS = ("not found", "forbidden", "bad request", "gone", "error", "private", "does not exist", "terminated")


def _site_answer(name: str, data: bytes) -> None:
    """Whatever its servers say, a site's reader does not fail, and denies only what they deny."""
    site = next(one for one in sites.discover() if one.name == name)
    statuses = (200, 400, 401, 403, 404, 410, 429, 500)
    status = statuses[data[0] % len(statuses)] if data else 200
    said = data[1:]
    for item in dict.fromkeys(site.examples.values()):
        waiting, asked = list(site.ask([item])), 0
        while waiting and asked < 20:
            asked += 1
            request = waiting.pop()
            answer = site.read(observation(request, status, said))
            waiting += [one for one in answer.more if one.purpose is Purpose.LOOKUP]
            for found in answer.findings.values():
                assert found.presence is not Presence.ABSENT or any(word in _loose(said) for word in _DENIALS)
                assert unpack(type(found), pack(found)) == found
                to_json(found)
                _render(found.metadata)
        assert not waiting, "the site asks without end"


def _loose(said: bytes) -> str:
    text = said.decode(errors="replace")
    with suppress(ValueError, UnicodeError):
        text += re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return (text + unescape(text)).lower()


def _render(metadata: Metadata | None) -> None:
    if metadata:
        for name in reports.names():
            reports.named(name).render(report(checked(metadata=metadata)))


def arxiv_answers() -> Iterator[bytes]:
    from tests.sites.test_arxiv import feed

    yield b"\0" + feed(
        ("http://arxiv.org/abs/1706.03762v7", "withdrawn by the author"), ("http://arxiv.org/abs/hep-th/9901001v1", "")
    )
    yield b"\0" + feed(("http://arxiv.org/api/errors#incorrect_id", ""))
    yield from (b"\0" + one for one in seeds.outside("fixtures/arxiv/atom/*"))


@target(
    arxiv_answers,
    lambda: [*seeds.words("sites/arxiv.py"), b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"&a;", b"1706.03762v9"],
)
def arxiv(data: bytes) -> None:
    with suppress(ValueError, SyntaxError):  # what is no feed: `extract` notes it as trouble
        _site_answer("arxiv", data)


def youtube_answers() -> Iterator[bytes]:
    from tests.sites.youtube import test_youtube as recorded

    for one in (
        recorded.OEMBED,
        recorded.WATCH_OK,
        recorded.WATCH_ERROR,
        recorded.WATCH_PRIVATE,
        recorded.WATCH_BOT,
        recorded.WATCH_AGE,
    ):
        yield b"\0" + one.encode()
    yield b"\4Not Found"
    yield b"\3Forbidden"
    yield from (b"\0" + one for one in seeds.outside("fixtures/youtube/*", 40_000))
    yield from (b"\0" + one for one in seeds.outside("fixtures/oembed/*"))


@target(youtube_answers, lambda: [*seeds.words("sites/youtube"), b"[]", b"{}", b"null", b"1", b'""', b"9" * 5_000])
def youtube(data: bytes) -> None:
    _site_answer("youtube", data)


# -- files -----------------------------------------------------------------------------------


@cache
def _folder() -> Path:
    folder = tempfile.mkdtemp(prefix="linkcheck-fuzz-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _file(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


def histories() -> Iterator[bytes]:
    from tests.memory.values import record, rich

    yield facts.dump(rich()).encode()
    yield lines.dump(rich()).encode()
    yield lines.dump(record()).encode()
    yield f"{HEADER}\n<<<<<<< ours\n{lines.dump(rich())}\n=======\n{lines.dump(record())}\n>>>>>>> theirs\n".encode()


@target(
    histories,
    lambda: [
        *seeds.words("model"),
        b"null",
        b"1e400",
        b"-1",
        b"[]",
        b"{}",
        b"0001-01-01T00:00:00+23:59",
        b"javascript:x",
    ],
)
def history_file(data: bytes) -> None:
    """A line is a record that can be judged, kept and shown, or it is told of; reading never fails."""
    for line in data.split(b"\n"):
        try:
            read = parsed(line)
        except UnusableError:
            continue
        if not isinstance(read, Parsed):
            continue
        found = read.record
        assert facts.load(facts.dump(found)) == found
        again = lines.dump(lines.load(lines.dump(found)))
        assert again == lines.dump(found)
        verdict = judge(found.evidence, found.at, Policy(timedelta(days=1))).verdict
        _render(case.metadata(found.evidence))
        for name in reports.names():
            reports.named(name).render(report(checked(url=found.url, verdict=verdict)))
    history.read(_file("history.jsonl", data), {URL}, NOW)


@target(
    lambda: [
        b'{"schema": "linkcheck-baseline/1"}\n{"url": "https://a.example/", "state": "dead", "rule": "x", "since": '
        b'"2026-12-01", "lists": ["l.md"]}'
    ],
    lambda: [b"null", b"1e400", b"[]", b"{}", b"9" * 5_000, b"[" * 2_000, b"\n", b'"\\ud800"'],
)
def baseline_file(data: bytes) -> None:
    """What is read is written and read as the same; no line ends the reading."""
    with suppress(baseline.UnsupportedError):
        found, _ = baseline.read(data, "b")
        text = "".join(baseline.lines(found))
        again, notices = baseline.read(text.encode(), "b")
        assert ([one._replace(place="") for one in sorted(found)], notices) == (
            [one._replace(place="") for one in again],
            [],
        )


@target(lambda: [*seeds.strings("tests/settings/test_settings.py", "="), b'format = "json"\nexclude = ["a.*"]\ntimeout = 3\nno_files = true\n',
                 b'accept = [429, "500-599"]\n[[rule]]\nhost = "a.test"\nrule = "http-gone"\nto = "ok"\n[[headers]]\nhost = "a"\nsend = { X = "$A" }\n'],
        lambda: [option.name.encode() + b" = " for option in settings.OPTIONS] + [b"[tool.linkcheck]\n", b"1979-05-27", b"inf", b"nan", b"(?:a*)*", b"9" * 5_000, b"[" * 2_000])  # fmt: skip
def settings_file(data: bytes) -> None:
    for name in ("linkcheck.toml", "pyproject.toml"):
        for command in (settings.RUN, settings.HOOK):
            with suppress(SettingsError):
                path = _file(name, data)
                for found in (config_files.named(path), config_files.find(path.parent, {})):
                    settings.load(command, {}, {}, found.files)


def recordings() -> Iterator[bytes]:
    path = _folder() / "seed.warc.gz"
    recorder = warc.Recorder(path)
    recorder.on_exchange(
        Exchange(NOW, URL, 200, headers=(("Content-Type", "text/html"),), body=b"<title>A</title>", detail="x")
    )
    recorder.on_exchange(Exchange(NOW, URL, Fault.RESET, detail="reset"))
    recorder.close(warc.Run(NOW, NOW, 2, resolver_works=True))
    yield gzip.decompress(path.read_bytes())
    yield path.read_bytes()


@target(recordings, lambda: [*seeds.words("fetch/warc.py"), b"WARC/1.0\r\n", b"Content-Length: 9\r\n", b"\r\n\r\n"])
def recording(data: bytes) -> None:
    with suppress(SettingsError), redirect_stderr(StringIO()):  # warcio tells there what it mends
        replay.load(_file("run.warc", data))


# -- reports ---------------------------------------------------------------------------------


@target(lambda: seeds.strings("tests/common/test_yaml_text.py"), lambda: seeds.words("common/yaml_text.py"))
def yaml_strings(data: bytes) -> None:
    """What is written as YAML is read as the same strings."""
    texts = (
        data.decode(errors="surrogatepass" if b"\xed" in data else "replace").split("\x1e")
        if _is_text(data)
        else [text_of(data)]
    )
    value = {"list": texts, **{text: [text, {"a": text}] for text in texts}}
    shown = re.sub("[\ud800-\udfff]", "\ufffd", json.dumps(value, ensure_ascii=False))
    assert yaml.load(yaml_text.dump(value), yaml.CSafeLoader) == json.loads(shown)


def _is_text(data: bytes) -> bool:
    try:
        data.decode(errors="surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


@target(
    lambda: [*seeds.strings("tests/report"), "a\nb `c` [x](y) <script>\u202e".encode()], lambda: seeds.words("report")
)
def rendering(data: bytes) -> None:
    """Any words in a report: every format renders, JSON and YAML are read back."""
    a, b, c, d = [*text_of(data).split("\n"), "", "", "", ""][:4]
    verdicts = [
        Verdict(state, a or "x", b, advice=c, replacement=d)
        for state in (State.DEAD, State.MOVED, State.INVALID, State.RESTRICTED)
    ]
    found = Metadata(
        title=a, authors=(Author(b), Author(c, d, a)), published=b[:20], description=c, language=d, doi=a, site_name=b,
        details={a: [b, {c: d}]}, provenance={"title": b},
    )  # fmt: skip
    place = link(a, text=b, title=c, section=(d,), entry=Entry(a, b, (c,), 1), is_main=True, path=b or "l.md")
    whole = report(
        *(checked(url=text, verdict=one, metadata=found, links=(place,), trouble=b) for text, one in zip((a, b, c, d), verdicts, strict=True)),
        documents=(Document(b or "l.md", (place,)),),
    )  # fmt: skip
    rendered = {name: reports.named(name).render(whole) for name in reports.names()}
    for text in rendered.values():
        text.encode()
    assert len(json.loads(rendered["json"])["links"]) == 4
    assert isinstance(yaml.load(rendered["yaml"], yaml.CSafeLoader)["references"], list)


@cache
def _repository() -> tuple[Checker, str]:
    """A checker, and a list in a repository that it knows."""
    top = _folder() / "repository"
    files = {".git/config": '[remote "origin"]\nurl = https://github.com/own/name\n', "docs/a b.md": "# Set up\n"}
    for name, text in {**files, "docs/README.md": "", "CHANGELOG.md": "# 1.0.0\n", "docs/über.md": ""}.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return Checker(top), str(top / "list.md")


@target(
    lambda: [b"docs/a%20b.md?x#set-up", b"docs/uber.md", b"https://github.com/own/name/blob/main/docs/ab.md#L1", *written_urls(),
             *seeds.strings("tests/local", "/"), *seeds.strings("tests/local", "#")],
    lambda: [b"../", b"%2e", b"%2f", b"\\", b"#", b"?", b"docs/", b".git/", b"HEAD/", b"\0", b"releases/tag/v", b"1.0.0", b"{{", b"..."],
)  # fmt: skip
def local_link(data: bytes) -> None:
    """A link into the repository leads nowhere else; what a repair makes of it is there."""
    checker, path = _repository()
    found = checker.judge(link(text_of(data), path=path))
    if found is None:
        return
    found.reason.encode()
    assert found.state in (State.OK, State.DEAD, State.SKIPPED, State.PENDING)
    if found.repair:
        again = checker.judge(link(found.repair.text, path=path))
        assert again is None or again.rule in ("file-there", "missing-fragment", "relative-link"), again.reason
        path = found.repair.text.partition("#")[0].partition("?")[0]  # what stands behind it is kept as it is written
        assert unescaped(path) == path
