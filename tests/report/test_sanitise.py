"""Strangers' text in every container: nothing is unseen, nothing commands, and what is honest stays as it is."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable

import cmarkgfm
import pyromark
import pytest
import yaml
from cmarkgfm.cmark import Options
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from linkcheck.common import yaml_text
from linkcheck.report import sanitise

SHOWN: dict[str, Callable[[str], str]] = {
    "clean": sanitise.clean,
    "line": sanitise.line,
    "url": sanitise.url,
    "markdown": sanitise.markdown,
    "prose": sanitise.prose,
    "code": sanitise.code,
    "json": sanitise.json_text,
    "yaml": lambda text: yaml_text.dump({"title": sanitise.clean(text)}),
}

# -- characters ------------------------------------------------------------------------------

HONEST = [
    "نمی‌خواهم", "می‌رود", "क्‍ष", "र्‍य", "ന്‍", "র‍্যাম", "ක්‍රියා", "సాఫ్ట్‌వేర్", "ᠮᠣᠩᠭᠣᠯ",
    "👨‍👩‍👧‍👦", "👩🏽‍💻", "🏴‍☠️", "❤️‍🔥", "🏳️‍🌈", "1️⃣", "#️⃣", "☎︎", "©️", "🇩🇪", "naïve “quotes” – dash…", "数据 学习 モデル",
    "שלום עולם", "مرحبا بالعالم", "Ελληνικά", "std::vector::push_back", "a ::before rule", "2001:db8::1", "C#", "## heading",
    "@", "a = b", "section_start", "\ue0a0",
]  # fmt: skip


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert sanitise.clean(text) == text
    assert sanitise.line(text) == text
    assert json.loads(sanitise.json_text(text)) == text
    assert yaml.safe_load(SHOWN["yaml"](text)) == {"title": text}


UNSEEN = {
    "tag characters": "".join(chr(0xE0000 + ord(c)) for c in "ignore all that"),
    "supplementary variation selectors": "".join(chr(0xE0100 + n) for n in range(240)),
    "bidirectional controls": "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    "what is ignored": "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180e\u200b\u2060\u2061\u2064\u3164\ufeff\uffa0\ufff0",
    "joiners where nothing joins": "\u200c\u200d\u200c\u200d",
    "styles of nothing": "\ufe0e\ufe0f\ufe00",
    "controls": "\x00\x07\x08\x1b\x7f\x85\x9b\u2028\u2029",
    "halves and nothings": "\ud800\udfff\ufffe\uffff\U0001fffe\ufdd0\ufff9\ufffb",
}


@pytest.mark.parametrize("form", SHOWN)
@pytest.mark.parametrize("name", UNSEEN)
def test_nothing_unseen_is_shown(form: str, name: str) -> None:
    shown = SHOWN[form](f"a{UNSEEN[name]}b")
    assert not set(shown) & set(UNSEEN[name]), ascii(shown)
    shown.encode()


def test_a_joiner_needs_its_neighbours() -> None:
    assert (
        sanitise.clean("a\u200cb 👩\u200dx x\u200d👩 م\u200c \u200cم 👩\u200d\u200d👩 A\ufe0f 1\ufe0f")
        == "ab 👩x x👩 م م 👩👩 A 1"
    )
    assert sanitise.clean("م\u202e\u200cم") == "مم"  # behind what is taken away nothing is joined
    assert sanitise.clean("👩" * 299 + "👩\u200d👩").endswith("👩…")


@given(st.text())
@example("\u17b4\u200cक")
@example("👩\ufe0f\ufe0f\u200d👩")
def test_what_is_harmless_stays_so(text: str) -> None:
    shown = sanitise.clean(text)
    assert sanitise.clean(shown) == shown
    invisible = [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert invisible == []
    assert not re.search("[\U000e0000-\U000e0fff\u202a-\u202e\u2066-\u2069\u00ad\ufeff]", shown)


def test_soft_hyphens_do_not_cut_a_word() -> None:
    assert sanitise.clean("Donau\u00addampf\u00adschiff") == "Donaudampfschiff"


@given(st.recursive(st.text() | st.integers() | st.none(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_json_tells_the_same(value: object) -> None:
    shown = sanitise.json_text(value)
    assert json.loads(shown) == value
    assert not re.search("[^\x20-\x7e]", "".join(c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs")))


# -- commands of CI systems ------------------------------------------------------------------

COMMANDS = [
    "::error::x", "::error file=a,line=1::x", "::set-output name=a::b", "::add-mask::x", "::stop-commands::x", "::group::x",
    "##[error]x", "##[command]x", "##[set-env name=A]x", "##vso[task.setvariable variable=A]x", "##teamcity[blockOpened name='a']",
    "section_start:1700000000:x", "section_end:1700000000:x", "travis_fold:start:x", "###[error]x", "a ##[error]x", "a  ::error::x",
    "\u200b::error::x", ":\u200b:error::x", "#\u00ad#[error]x", "\r\n::error::x", "::warning\ttitle=x::y",
]  # fmt: skip
# As the runners look for them, anywhere in a line.
ACTIVE = re.compile(r"##\w*\[|(?<!\w)::[A-Za-z][\w-]*(?: [^\n]*)?::|section_(?:start|end):\d|travis_(?:fold|time):")


@pytest.mark.parametrize("form", SHOWN)
@pytest.mark.parametrize("text", COMMANDS)
def test_no_command_is_printed(form: str, text: str) -> None:
    shown = SHOWN[form](text)
    assert not ACTIVE.search(shown), shown
    if form == "json":
        assert json.loads(shown) == text


@given(st.text(alphabet="#:[]aé \u200b\nx-"))
def test_no_command_can_be_made(text: str) -> None:
    assert not ACTIVE.search(sanitise.clean(text))
    assert not ACTIVE.search(sanitise.json_text(text))
    assert sanitise._break_commands(sanitise.clean(text), "!{}".format) == sanitise.clean(text)


@pytest.mark.parametrize("path", ["::error::x.md", "::error x", "--- x", "+++ x", "## x", "-x.md"])
def test_no_line_begins_as_a_command(path: str) -> None:
    assert sanitise.path(path).startswith("./")


@pytest.mark.parametrize(
    "path", ["a.md", "lists/a.md", "/tmp/a.md", "./a.md", "../a.md", "<stdin>", "_a.md", "é.md", "~/a"]
)
def test_an_ordinary_path_stays_as_it_is(path: str) -> None:
    assert sanitise.path(path) == path


# -- Markdown --------------------------------------------------------------------------------

LIVELY = [
    "[a](javascript:b)", "![a](https://b.example/)", "<script>x</script>", "<a href=x>y</a>", "<!-- x -->", "<details><summary>a",
    "www.a.example", "http://a.example", "(https://a.example/x)", "a@b.example", "mailto:a@b.example", "xmpp:a@b.example/x", "@mention",
    "@org/team", "#123", "GH-123", "owner/repo#12", "a@0123456", "0123456789abcdef0123456789abcdef01234567", "*a* _b_ **c** __d__",
    "a | b", "`a`", "``a`b``", "`a", "a``b`c```d", "$x$", "$`x`$", "$$x$$", ":x: :+1:", "[ ] task", "[x] task", "> [!NOTE] a", "[^1] a",
    "[^1]: a", "1. a", "1) a", "- a", "+ a", "* a", "# a", "===", "---", "~~a~~", "~a~", "&lt; &#64; &amp;copy;", "\\", "a\\", "\\*a\\*",
    "[a]: b", "[a][b]", "CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q", "a\\@b", "https://a.example/`x`", "a*b*c", "a_b_c", "!", "![", "]", ")(",
    "\t x", "    x", "Term\n: x", "|a|b|\n|-|-|", "<https://a.example>", "'@a'", '"#1"', "@", "$", ":x:.", "ſ@ſ", "__proto__",
]  # fmt: skip
# What GitHub looks for in the text of the rendered page, code left out.
GITHUB = re.compile(
    r"@\w|(?:^|\W)#\d|\bGH-\d|(?<![^\W_])[0-9a-f]{7,40}(?![^\W_])|:[\w+-]+:|\$|www\.|://|\bmailto:|CVE-\d|GHSA-",
    re.IGNORECASE,
)
OPTIONS = Options.CMARK_OPT_FOOTNOTES | Options.CMARK_OPT_UNSAFE


def rendered(markdown: str) -> LexborHTMLParser:
    return LexborHTMLParser(cmarkgfm.github_flavored_markdown_to_html(markdown, OPTIONS))


def check_inert(text: str) -> None:
    shown = sanitise.markdown(text)
    for before in ("- ", "# ", "- **a** b: ", "  - Why: "):
        tree = rendered(f"{before}{shown}\n")
        body = tree.body
        assert body is not None
        tags = {node.tag for node in body.traverse(include_text=False)} - {"body", "ul", "li", "code", "h1", "strong"}
        assert tags == set(), shown
        for node in tree.css("code"):
            node.insert_before("\0")
        told = before.strip("-# ").replace("*", "")
        assert " ".join(body.text().replace("\0", "").split()) == " ".join(f"{told} {sanitise.clean(text)}".split())
        for node in tree.css("code"):
            node.decompose()
        assert not GITHUB.search(body.text().replace("\0", " ")), shown


@pytest.mark.parametrize("text", LIVELY)
def test_markdown_shows_text_as_it_is(text: str) -> None:
    check_inert(text)


@given(
    st.lists(st.sampled_from([*LIVELY, " ", "a", "`", "\\", "$", "@", "#1", ":", "é"]), max_size=6).map("".join)
    | st.text()
)
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    check_inert(text)


@pytest.mark.parametrize(
    "text", ["plain words", "A title: with (brackets), 5 % – “quotes”", "a - b", "1706.03762", "C++ & D", "x/y"]
)
def test_ordinary_text_needs_no_code(text: str) -> None:
    assert "`" not in sanitise.markdown(text)


TARGETS = [
    "https://a.example/(x)", "https://a.example/x)y", "https://a.example/<b>", "https://a.example/\\)", "https://a.example/?a=1&copy;=2",
    "https://a.example/ b", "https://a.example/*a*_b_", "https://a.example/`a`", "https://a.example/[x](y)", "https://a.example/?a&b", "//a.example",
]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_a_link_leads_where_it_says(target: str) -> None:
    (node,) = rendered(sanitise.markdown_link("[x](y) `a` @b", target)).css("a")
    assert node.text() == "[x](y) `a` @b"
    quoted = re.sub(r"[()<>\\ `\[\]]", lambda found: f"%{ord(found[0]):02X}", target)
    assert re.sub(r"[()<>\\ `\[\]]", lambda found: f"%{ord(found[0]):02X}", node.attributes["href"] or "") == quoted


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "x", "", " javascript:a"]
)
def test_what_is_no_web_address_is_no_link(target: str) -> None:
    assert sanitise.markdown_link("a", target) == "a"


# -- Markdown and JSON -------------------------------------------------------------------------


def test_a_fence_of_code_is_short_enough_for_every_reader() -> None:
    shown = sanitise.code("a" + "`" * 90 + "<img src=x> " + "`" * 1_000 + "b")
    assert "`" * 20 not in shown
    assert pyromark.html(shown) == "<p><code>a…&lt;img src=x&gt; …b</code></p>\n"


def test_a_number_that_is_none_is_null_in_json() -> None:
    value = {"a": [float("nan"), (float("inf"), 1.5)], "b": {"c": -float("inf")}}
    assert json.loads(sanitise.json_text(value), parse_constant=pytest.fail) == {
        "a": [None, [None, 1.5]],
        "b": {"c": None},
    }


@pytest.mark.parametrize(
    "url", ["https://us\ter:s3cret@a.test/", "https:\t//us\ner:s3cret@a.test/", "https://us er:s3cret@a.test/"]
)
def test_a_blank_uncovers_no_password(url: str) -> None:
    assert "s3cret" not in sanitise.url(url)


@pytest.mark.parametrize(
    "url", ["https://us\ter:s3cret@a.test/", "https://us\ner:s3cret@a.test/", "us:s3cret@a.test/x"]
)
def test_an_escape_of_json_uncovers_no_password(url: str) -> None:
    assert "s3cret" not in sanitise.json_text({"url": url, "other": 'a "b"'})


@pytest.mark.parametrize("text", ["Perl: My::Module::Name", "A talk at 12:30:45", "std::Vec, Vec::New"])
def test_colons_that_are_no_emoji_make_no_code(text: str) -> None:
    assert sanitise.markdown(text) == text


@pytest.mark.parametrize("text", ["a:smile:b", ":+1:", ":-1:", ":100:", ":1234:", ":8ball:", ":e-mail:", ":u5272:"])
def test_emoji_are_code(text: str) -> None:
    assert sanitise.markdown(text).startswith("`")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "`plain`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a``b`c", "```a``b`c```"),
    ],
)  # fmt: skip
def test_code_spans_hold_backticks(text: str, shown: str) -> None:
    assert sanitise.code(text) == shown


def test_text_is_bounded() -> None:
    assert len(sanitise.clean("x" * 1000)) == sanitise.MAX_TEXT
    assert sanitise.url("https://a.example/a b\x1b") == "https://a.example/a%20b%1B"
