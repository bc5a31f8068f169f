"""Anchors of Sphinx with MyST-Parser 5.x: slugs of headings, docutils' ids, `(label)=` targets and attribute lists.

The slug is `myst_parser.slugs.github_slugify`; versions before 0.18.1 stripped the title first. docutils' own ids
(`docutils.nodes.make_id`, docutils 0.22) stand in every page, whatever `myst_heading_anchors` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from linkcheck.local.anchors import braces
from linkcheck.local.anchors.shape import Flavour, HeadingRule, lowest_free
from linkcheck.read.markdown.headings import Heading, Outline

_DROPPED = re.compile(r"[^\w\u4e00-\u9fff\- ]")
_MOST_IDS = 1_000  # numbered ids that a page may have
_NOT_ID = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    dict(zip("øđħıłŧƀƃƈƌƒƙƚƞƥƫƭƴƶǥȥȴȵȶȷȼȿɀɇɉɋɍɏ", "odhiltbbcdfklnpttyzgzlntjcszejqry", strict=True))
    | {"ß": "sz", "æ": "ae", "œ": "oe", "ȸ": "db", "ȹ": "qp"}
)
_TARGET = re.compile(r"^[ \t>]*\(([^()\n]+)\)=[ \t]*$", re.MULTILINE)
_OPTION = re.compile(
    r"^[ \t>]*:(?:name|label|alt-name):[ \t]*(\S+)[ \t]*$|^[ \t>]*(?:name|label):[ \t]*(\S+)", re.MULTILINE
)
_DIRECTIVE = re.compile(r"^[ \t>]*(?:`{3,}|:{3,}|~{3,})\{([\w:.-]+)\}", re.MULTILINE)
_ROLE = re.compile(r"\{(?:index|term|eq|math:numref)\}")
# Directives that make no anchors but those that their options name; their content is read as text or is shown as it is.
_PLAIN = frozenset(
    """admonition attention button-link button-ref card card-carousel caution code code-block code-cell danger dropdown
    epigraph error figure grid grid-item grid-item-card hint image important list-table literalinclude margin math
    mermaid note only parsed-literal prereq pull-quote seealso sidebar tab-item tab-set table tableofcontents tip
    toctree topic versionadded versionchanged warning deprecated contents raw""".split()
)


def _slug(text: str) -> str:
    return _DROPPED.sub("", text.lower().replace(" ", "-"))


def _slug_before_0_18(text: str) -> str:
    return _slug(text.strip())


def make_id(text: str) -> str:
    """docutils' id of a name: `[a-z](-?[a-z0-9]+)*`, or ''."""
    plain = normalize("NFKD", text.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return _NOT_ID.sub("-", plain).lstrip("-0123456789").rstrip("-")


def _text(heading: Heading) -> str:
    return heading.text(line_break="")


def _name(heading: Heading) -> str:
    return heading.text(alt=True, line_break=" ")


def _second_id(heading_text: str) -> str:
    """The id of a heading where another element has the first."""
    return f"{make_id(heading_text)}-1"


def _extras(page: Outline) -> Iterator[str]:
    source = page.data.decode(errors="replace")  # options of directives stand in what looks like code
    for label in _labels(source):
        yield label
        yield make_id(label)
    yield from braces.ids(page.prose)
    for number in range(1, min(len(page.headings) + len(page.footnotes), _MOST_IDS) + 1):
        yield from (f"id{number}", f"section-{number}")


def _labels(source: str) -> Iterator[str]:
    yield from _TARGET.findall(source)
    for found in _OPTION.finditer(source):
        yield found[1] or found[2]


def _is_open(page: Outline) -> bool:
    source = page.data.decode(errors="replace")
    directives = (name for name in _DIRECTIVE.findall(source) if name.lower() not in _PLAIN)
    return next(directives, None) is not None or _ROLE.search(page.prose) is not None or "{{" in page.prose


FLAVOURS = (
    Flavour(
        "myst",
        (
            HeadingRule(_text, _slug, lowest_free),
            HeadingRule(_text, _slug_before_0_18, lowest_free),
            HeadingRule(_name, make_id, lowest_free),
            HeadingRule(_text, make_id, lowest_free),
            HeadingRule(_name, _second_id, lowest_free),
        ),
        extras=_extras,
        is_open=_is_open,
        is_project_wide=True,
    ),
)
