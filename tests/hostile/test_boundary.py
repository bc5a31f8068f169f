"""What is written to make our own program raise: the page, the head of an answer, the way to it, the list."""

from __future__ import annotations

import json

import pytest

from tests.hostile.conftest import Victim
from tests.web import behaviours as b
from tests.web.behaviours import Behaviour, Received, Wire

DIGITS = "1" * 5_000
LONG = "x" * 70_000  # httpx takes URLs of 65,536 characters at most
TITLE = "<title>A page that somebody wrote</title><p>Words."


def linked_data(text: str) -> str:
    return f'{TITLE}<script type="application/ld+json">{text}</script>'


def nested(depth: int, inner: str = '"deep"') -> str:
    return "[" * depth + inner + "]" * depth


PAGES = {
    "a number of 5,000 digits in a title": f"<title>A &#38;#{DIGITS}; page</title>",
    "the same in hexadecimal": f"<title>A &#38;#x{DIGITS}; page</title>",
    "in a heading": f"<h1>A &#38;#{DIGITS}; page</h1><p>Words.",
    "in an author": f'{TITLE}<meta name=author content="&#38;#{DIGITS};">',
    "in a headline": linked_data(json.dumps({"@type": "Article", "headline": f"&#{DIGITS};"})),
    "in JSON-LD that is escaped": linked_data(f"{{&quot;@type&quot;: &quot;Article&quot;, x: &#{DIGITS};}}"),
    "an integer of 5,000 digits": linked_data(f'{{"@type": "Article", "headline": {DIGITS}}}'),
    "an integer of 4,300 digits": linked_data(f'{{"@type": "Article", "headline": {DIGITS[:4300]}}}'),
    "numbers that are none": linked_data('{"@type": "Article", "headline": NaN, "datePublished": -Infinity}'),
    "a headline 600 lists deep": linked_data(f'{{"@type": "Article", "headline": {nested(600)}}}'),
    "a headline 900 objects deep": linked_data(
        '{"@type": "Article", "headline": ' + '{"name": ' * 900 + '"x"' + "}" * 900 + "}"
    ),
    "an author 600 lists deep": linked_data(f'{{"@type": "Article", "headline": "A", "author": {nested(600)}}}'),
    "a date 600 lists deep": linked_data(f'{{"@type": "Article", "headline": "A", "datePublished": {nested(600)}}}'),
    "50,000 lists": linked_data(nested(50_000)),
    "types that are none": linked_data(
        '{"@type": [[], {}, null, 1, {"@type": "Article"}], "headline": {"@value": []}}'
    ),
    "an id that is none": linked_data('{"@type": "Article", "@id": ["x"], "author": {"@id": {"@id": "x"}}}'),
    "halves of characters": linked_data('{"@type": "Article", "headline": "\\ud800 \\udfff", "author": "\\udc00"}'),
    "zeros": "<title>A\0page</title><meta name=\0 content=\0><h1>\0</h1>",
    "a date of 5,000 digits": f'{TITLE}<meta property="article:published_time" content="{DIGITS}">',
    "a date in digits of another script": f'{TITLE}<time datetime="²⁰²⁴-٠٩-٣١T٩٩:٩٩"></time>',
    "a canonical that is none": f'{TITLE}<link rel=canonical href="http://[::1"><base href="https://a..b/">',
    "a long canonical": f'{TITLE}<link rel=canonical href="/{LONG}">',
    "an odd encoding": "<meta charset=idna>" + TITLE,
    "a refresh after 5,000 digits": f'{TITLE}<meta http-equiv=refresh content="{DIGITS};url=/x">',
    "a refresh in digits of another script": f'{TITLE}<meta http-equiv=refresh content="٣²;url=/x">',
}
PLACES = {
    "long": f"/{LONG}",
    "long when it is escaped": "/" + "\u00e9" * 20_000,
    "of 20,000 labels": f"https://{'a.' * 20_000}test/",
    "long in its host": f"https://{LONG}.test/",
    "a long label": f"https://{'x' * 64}.test/",
    "a long punycode label": f"https://xn--{'9' * 4_000}.test/",
    "no punycode": "https://xn--zzzzzzz999999.test/",
    "half an address": "http://[::1",
    "empty labels": "https://a..b/",
    "only dots": "https://.../",
    "a port that is none": "https://a.test:99999/",
    "a port of 5,000 digits": f"https://a.test:{DIGITS}/",
    "port 0": "https://a.test:0/",
    "a user": "https://user:secret@evil.test:1@evil.test/",
    "a long user": f"https://{LONG}@evil.test/",
    "data": "data:text/html,<title>x</title>",
    "javascript": "javascript:alert(1)",
    "a zone": "http://[fe80::1%25eth0]/",
    "another notation": "http://0x7f.1/",
    "a control character": "https://a.test/\x01\x7f",
    "bytes that are no UTF-8": "https://\xff\xfe.test/\xff",
    "a soft hyphen": "https://\xad.test/",
    "escapes that are none": "https://a.test/%zz%\u00e9",
}
FIELDS = {
    "a wait of 10,000 digits": "Retry-After: " + "9" * 10_000,
    "a wait in digits of another script": "Retry-After: \u00b2\u00b3",
    "a wait until the year 0": "Retry-After: Sat, 00 Jan 0000 00:00:00 GMT",
    "a wait until the year 99999": "Retry-After: Fri, 31 Dec 99999 23:59:59 GMT",
    "a date of 5,000 digits": f"Last-Modified: Thu, 01 Jan {DIGITS} 00:00:00 GMT",
    "an odd validator": 'ETag: W/"\u00ff\u0085\u00ad"',
    "a long validator": f'ETag: "{LONG[:30_000]}"',
    "a cookie until the year 0": "Set-Cookie: a=b; Expires=Sat, 00 Jan 0000 00:00:00 GMT; Path=/",
    "a cookie until the year 99999": "Set-Cookie: a=b; Expires=Fri, 31 Dec 99999 23:59:59 GMT",
    "a cookie of 5,000 digits": f"Set-Cookie: a=b; Max-Age={DIGITS}; Version={DIGITS}; Port={DIGITS}",
    "a cookie of an odd domain": "Set-Cookie: a=b; Domain=..; Path=\u00ff; Secure",
    "a cookie without a name": "Set-Cookie: =; =; ;;; \u00ff=\u00ff",
    "an encoding of names": "Content-Type: text/html; charset=idna",
    "an encoding of bytes": "Content-Type: text/html; charset=zlib",
    "an encoding of escapes": "Content-Type: text/html; charset=unicode_escape",
    "an encoding of 5,000 characters": f"Content-Type: text/html; charset={DIGITS}",
    "an encoding with a byte that is none": "Content-Type: text/html; charset=\u00ff\u00b2",
    "a coding that is none": "Content-Encoding: \u00ff, gzip, gzip, gzip",
    "a screen's mark": f"cf-mitigated: {LONG[:30_000]}",
    "60,000 bytes that grow when they are recorded": "X: " + "\u00ff" * 60_000,
    "a link": f"Link: <{LONG[:30_000]}>; rel=\u00ff",
}


def raw(status: int, *fields: str, body: str = TITLE) -> Behaviour:
    async def behave(_: Received, wire: Wire) -> None:
        data = body.encode(errors="surrogatepass")
        lines = [f"HTTP/1.1 {status} OK", f"Content-Length: {len(data)}", *fields, "", ""]
        await wire.send("\r\n".join(lines).encode("latin-1") + data)
        wire.is_done = True

    return behave


def host(number: int) -> str:
    return f"h{number}.evil.test"


def placed(victim: Victim, behaviours: dict[str, Behaviour]) -> dict[str, str]:
    """A host of its own for each; URLs by name."""
    return {name: victim.web.on(host(at), "/page", behave) for at, (name, behave) in enumerate(behaviours.items())}


def test_odd_pages_are_read(victim: Victim) -> None:
    urls = placed(victim, {name: raw(200, "Content-Type: text/html", body=html) for name, html in PAGES.items()})
    done = victim.run(*urls.values(), files=True)
    assert {name: done.links[url] for name, url in urls.items() if done.links[url][0] != "ok"} == {}


@pytest.mark.parametrize("status", [301, 302])
def test_odd_places_are_gone_to_or_refused(victim: Victim, status: int) -> None:
    for name in ("a.test", "evil.test"):
        victim.web.on(name, "*", b.page())
    urls = placed(victim, {name: raw(status, f"Location: {place}") for name, place in PLACES.items()})
    done = victim.run(*urls.values(), flags=("--attempts", "1"), files=True)
    assert {name for name, url in urls.items() if done.links[url][1] == "internal-error"} == set()
    assert done.links[urls["long when it is escaped"]] == ("unreachable", "bad-redirect")


def test_odd_places_of_a_meta_refresh(victim: Victim) -> None:
    for name in ("a.test", "evil.test"):
        victim.web.on(name, "*", b.page())
    pages = {
        name: raw(200, "Content-Type: text/html", body=f"{TITLE}<meta http-equiv=refresh content='0; url={place}'>")
        for name, place in PLACES.items()
    }
    urls = placed(victim, pages)
    done = victim.run(*urls.values(), flags=("--attempts", "1"), files=True)
    assert {name for name, url in urls.items() if done.links[url][1] == "internal-error"} == set()


def test_odd_places_of_a_list(victim: Victim) -> None:
    for name in ("a.test", "evil.test"):
        victim.web.on(name, "*", b.page())
    urls = [place if ":" in place else f"https://a.test{place}" for place in PLACES.values()]
    done = victim.run(*urls, flags=("--attempts", "1"), files=True)
    assert "internal-error" not in {rule for _, rule in done.links.values()}


@pytest.mark.parametrize("status", [200, 302, 404, 429, 503])
def test_odd_fields_of_an_answer(victim: Victim, status: int) -> None:
    victim.web.on("a.test", "*", b.page())
    fields = {name: raw(status, field, "Location: https://a.test/") for name, field in FIELDS.items()}
    fields["halves of everything"] = raw(status, *FIELDS.values())
    urls = placed(victim, fields)
    flags = ("--attempts", "2", "--max-wait", "1", *(("--record", "run.warc.gz") if status == 200 else ()))
    done = victim.run(*urls.values(), flags=flags, files=True)
    assert {name for name, url in urls.items() if done.links[url][1] == "internal-error"} == set()
    if status == 200:
        assert {name for name, url in urls.items() if done.links[url][0] == "unreachable"} <= {"halves of everything"}
        replay = ("--replay", "run.warc.gz", "--attempts", "2")
        again = victim.call("run", "l.md", "--no-files", "--format", "json", *replay)
        assert {link["rule"] for link in json.loads(again.stdout)["links"]} == {rule for _, rule in done.links.values()}


def test_an_odd_page_is_explained(victim: Victim) -> None:
    url = victim.web.on("evil.test", "/", raw(200, "Content-Type: text/html", body=PAGES["in a headline"]))
    done = victim.call("explain", url, *victim.web.flags)
    assert (done.code, "rule http-ok" in done.stdout) == (0, True)
