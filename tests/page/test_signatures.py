"""Signatures of pages: what must not match first; then a page that matches each row of the data."""

from __future__ import annotations

import re
from html import escape
from re import _parser  # type: ignore[attr-defined]  # the standard library's own reading of a pattern
from typing import Any

import pytest

from linkcheck import page
from linkcheck.model import Confidence, Finding, SignatureKind
from linkcheck.page import signatures
from linkcheck.page.signatures import Signature
from tests import pumped
from tests.answers import observation

URL = "https://a.example/some/page"
WORDS = "The plane iron is set so that it takes a shaving as thin as paper along the grain of the board. " * 15


def read(html: str, status: int = 200, url: str = URL, **headers: str) -> Finding:
    kind = {"content-type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return page.read(observation(url, status, html, headers=kind))


def kinds(html: str, status: int = 200, **headers: str) -> list[SignatureKind]:
    return [match.kind for match in read(html, status, **headers).matches]


# -- ordinary pages --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "How to design a 404 page", "HTTP 404 Not Found, explained", "Page not found: 20 examples that delight",
        "Why is this site blocked?", "Just a moment... in the life of a moth", "Account suspended: a novel",
        "Domain parking: how it works", "This domain is for sale, and other lies", "Captcha", "The captcha is dead",
        "Access denied: a history of locks", "Coming soon", "Before you continue", "Welcome to nginx!", "404",
        "Default Web Site Page", "Login", "Site not found", "Seite nicht gefunden", "お探しのページ",
    ],
)  # fmt: skip
def test_a_page_with_a_text_is_an_article_whatever_it_is_called(title: str) -> None:
    html = f"<html lang=en><title>{title}</title><h1>{title}</h1><article><p>{WORDS}</article>"
    assert [kind for kind in kinds(html) if kind is not SignatureKind.LOGIN] == []


@pytest.mark.parametrize(
    "signature", [s for s in signatures.load() if s.part == "html"], ids=lambda s: f"{s.name} {s.pattern}"[:60]
)
def test_a_string_of_a_challenge_page_in_a_page_with_a_text_is_no_match(signature: Signature) -> None:
    if signature.most_words == float("inf"):
        pytest.skip("this row is certain wherever it stands")
    html = f"<html><title>A page</title><script>{signature.pattern}</script><p>{WORDS}{WORDS}</p>{escape(signature.pattern)}"
    assert read(html).matches == ()


@pytest.mark.parametrize(
    "html",
    [
        "<title>A small page</title><h1>Hello</h1><p>I make chairs in a shed.",
        "<title>Lost property</title><p>Umbrellas, gloves and one trombone can be had back from the porter.",
        "<title>Product 404</title><h1>Peugeot 404 saloon</h1><p>A car made from 1960 to 1975.",
        "<title>404 Records</title><h1>404 Records</h1><p>A label from Leipzig.",
        "<title>Missing semester</title><h1>The missing semester</h1><p>Lectures on tools.",
        "<title>410 Broadway</title><h1>410 Broadway</h1><p>An address in New York.",
        "<title>Nothing</title><p>Much ado about it.",
        "<title>Server error handling</title><h1>503</h1><p>Service unavailable.",
        "<title>401 Unauthorized</title><h1>404 Error</h1><p>401 Unauthorized",
        "<title>File not found</title><h1>~4~0~3~</h1>",
    ],
)
def test_short_pages_that_are_not_absent(html: str) -> None:
    assert SignatureKind.NOT_FOUND not in kinds(html)


def test_a_text_full_of_blanks_is_a_text_all_the_same() -> None:
    spread = WORDS.replace(" ", " " * 60)
    assert kinds(f"<title>Page not found</title>x{spread}") == []


def test_a_page_with_a_date_is_an_article() -> None:
    html = '<title>Page not found</title><meta property="article:published_time" content="2021-04-05"><p>A short poem.'
    assert kinds(html) == []


@pytest.mark.parametrize("status", [404, 410, 500])
def test_words_count_only_where_the_status_says_nothing(status: int) -> None:
    assert kinds("<title>Page not found</title>", status) == []


@pytest.mark.parametrize(("length", "is_page"), [(5_000, False), (5_001, True)])
@pytest.mark.parametrize("shares", ["og:title", "og:image"])
@pytest.mark.parametrize("said", ["<script>window._cf_chl_opt</script><p>few", "<script></script><p>Error code: 1020"])
def test_a_large_page_that_names_itself_for_sharing_is_one_whatever_is_written_in_it(
    length: int, is_page: bool, shares: str, said: str
) -> None:
    source = f'<title>x</title><meta property="{shares}" content="x">{said}'
    found = kinds(source + " " * (length - len(source)))
    assert found == ([SignatureKind.SHELL] if is_page and shares == "og:title" else [SignatureKind.CHALLENGE])


def test_its_title_and_its_header_fields_are_looked_at_all_the_same() -> None:
    source = '<title>Just a moment...</title><meta property="og:title" content="x">' + " " * 9_000
    assert kinds(source) == [SignatureKind.CHALLENGE]
    assert kinds(source.replace("Just", "x"), cf_mitigated="challenge") == [SignatureKind.CHALLENGE]


# -- what fires ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<title>404 Not Found</title><h1>404 Not Found</h1><hr>nginx",
        "<title>My blog</title><h1>Oops! That page can’t be found.</h1><p>It looks like nothing was found here.",
        "<title>Seite nicht gefunden | Verein</title><h1>Hoppla</h1>",
        "<title>Página no encontrada</title>", "<title>Page introuvable – Le Site</title>", "<title>404</title>",
        "<title>ページが見つかりません</title>", "<title>页面不存在</title>", "<title>페이지를 찾을 수 없습니다</title>",
        "<title>Страница не найдена</title>", "<title>Strona nie istnieje</title>", "<title>Sayfa bulunamadı</title>",
        "<title>Shop</title><p>Sorry, this product is no longer available.</p>",
        "<title>x</title><h1>Error 404</h1>", "<title>Docs</title><h2>This is a 404 error.</h2>",
    ],
)  # fmt: skip
def test_a_short_page_that_says_not_found(html: str) -> None:
    (match,) = [match for match in read(html).matches if match.kind is SignatureKind.NOT_FOUND]
    assert match.confidence is Confidence.LIKELY
    assert match.evidence.startswith("the page says ")


@pytest.mark.parametrize(
    ("body", "is_absent"),
    [
        ("404 Not Found", True), ("404 page not found\n", True), ('{"error": "Not Found"}', True),
        ('{"error": {"code": 404, "message": "no such item"}}', True), ('{"errors": []}', False), ("{broken", False),
        ('{"error": "quota"}', False), ('{"name": "x", "error": null}', False), ("4041 rows", False), ("", False),
        ('{"error": "not found", "a": 1, "b": 2, "c": 3}', False), ("404 " + "x" * 2000, False),
    ],
)  # fmt: skip
def test_short_answers_of_programs(body: str, is_absent: bool) -> None:
    found = page.read(observation(URL, 200, body, headers={"content-type": "application/json"}))
    assert [match.kind for match in found.matches] == [SignatureKind.NOT_FOUND] * is_absent


def sample(pattern: str) -> str:
    """A text that `pattern` matches: first branches, least repeats."""

    def made(tree: Any) -> str:
        return "".join(part(str(code), value) for code, value in tree)

    def part(code: str, value: Any) -> str:
        match code:
            case "LITERAL":
                return chr(value)
            case "ANY" | "NOT_LITERAL":
                return "x" if code == "ANY" or value != ord("x") else "y"
            case "IN":
                return one_of(value)
            case "MAX_REPEAT" | "MIN_REPEAT":
                return made(value[2]) * int(value[0])
            case "SUBPATTERN":
                return made(value[3])
            case "BRANCH":
                return made(value[1][0])
            case _:
                return ""  # a place, or a look ahead

    def one_of(items: Any) -> str:
        code, value = items[0]
        if str(code) == "NEGATE":
            return next(c for c in "x7 _" if not re.match(f"[{c}]", one_of(items[1:])))
        if str(code) == "RANGE":
            return chr(value[0])
        return (
            chr(value)
            if str(code) == "LITERAL"
            else {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "7", "CATEGORY_NOT_WORD": " "}.get(str(value), "a")
        )

    return made(_parser.parse(pattern, re.IGNORECASE))


@pytest.mark.parametrize("signature", signatures.load(), ids=lambda s: f"{s.kind} {s.name} {s.pattern}"[:70])
def test_every_row_has_a_page_that_fires_it(signature: Signature) -> None:
    text = signature.pattern if signature.part == "html" else sample(signature.pattern)
    match signature.part:
        case "html":
            found = read(f"<html><head><title></title>{text if '<' in text else ''}</head><script>{text}</script>")
        case "data":
            found = page.read(observation(URL, 200, text, headers={"content-type": "application/xml"}))
        case "title":
            found = read(f"<title>{escape(text)}</title><p>Hello.")
        case "text":
            found = read(f"<title></title><p>{escape(text)}")
        case "url":
            found = read("<p>Hello.", url=text)
        case _:
            found = read("<p>Hello.", 403, **{signature.header.replace("-", "_"): text})
    assert (signature.kind, signature.name) in [(mark.kind, mark.name) for mark in found.matches], text


def test_every_row_names_its_source_and_every_kind_has_rows() -> None:
    assert all(signature.source for signature in signatures.load())
    assert {signature.kind for signature in signatures.load()} == set(SignatureKind) - {
        SignatureKind.NOT_FOUND,
        SignatureKind.SHELL,
    }


def test_a_page_that_a_script_draws_is_opaque() -> None:
    assert kinds('<title>App</title><div id="root"></div><script src="/app.js"></script>') == [SignatureKind.SHELL]


def test_what_a_challenge_page_says_of_itself_is_not_the_links() -> None:
    assert (
        read('<title>Attention Required! | Cloudflare</title><meta name="description" content="x y">').metadata is None
    )


def test_what_is_looked_for_first_rules_no_absence_out() -> None:
    """Each pattern, spelt out in all ways in ASCII and in capitals, which `re` takes for its letters."""
    found = 0
    for pattern in signatures.absences():
        for text in pumped.samples(_parser.parse(pattern.pattern)):
            for spelt in (text, text.upper(), text.translate({0x131: "I", 0x130: "i"})):
                if spelt.isascii() and pattern.search(spelt):
                    found += 1
                    assert any(word in spelt.lower() for word in signatures._absence_words()), (pattern.pattern, spelt)
    assert found > 100
    assert kinds("<title>SAYFA BULUNAMADI</title>") == [SignatureKind.NOT_FOUND]
