"""Bytes of a page to text, by the WHATWG order: BOM, Content-Type, <meta>,
XML declaration, UTF-8 if it decodes, windows-1252.

Sources: WHATWG HTML §13.2.3.2 "prescan a byte stream" and Encoding Standard §4.2 labels (through
webencodings). One departure, measured on saved pages: a declaration that the bytes contradict
yields to UTF-8 where they are valid UTF-8.
"""

from __future__ import annotations

import re
from functools import lru_cache

import webencodings

# Browsers prescan 1024 bytes and start over when the parser finds a later <meta> (HTML §13.2.3.4
# "changing the encoding while parsing"); here both are one scan.
_PRESCAN_BYTES = 16_384
_CONTENT_TYPE = re.compile(r"charset\s*=\s*[\"']?([^\s\"';,]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s;\"']+))", re.IGNORECASE)
_COMMENT_END = re.compile(rb"-->")
_META = re.compile(rb"<meta(?=[\s/])", re.IGNORECASE)
_OTHER_TAG = re.compile(rb"</?[A-Za-z][^\s>]*")
_GAP = re.compile(rb"[\s/]*+")
_ATTRIBUTE = re.compile(rb"[\s/]*+([^\s/>=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?+")
_ATTRIBUTES = re.compile(
    rb"(?:[\s/]*+[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)*+[\s/]*+.?", re.DOTALL
)
_XML = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']")
# Python's codecs for supersets of the label's encoding, as in browsers.
_CODECS = {"gbk": "gb18030", "gb2312": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949", "big5": "big5hkscs"}


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of `body` and the encoding's name; never raises."""
    for match, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le")):
        if body.startswith(match):
            return body[len(match) :].decode(name, errors="replace"), name.removesuffix("-be").removesuffix("-le")
    declared = from_content_type(content_type) or prescan(body) or _from_xml(body)
    utf8 = _strict_utf8(body)
    if not declared:
        return (utf8, "utf-8") if utf8 is not None else (_decode(body, "windows-1252"), "windows-1252")
    if declared == "utf-8":
        return (utf8 if utf8 is not None else body.decode(errors="replace")), "utf-8"
    text = _decode(body, declared)
    if utf8 is not None and not body.isascii() and _is_garbled(text):
        return utf8, "utf-8"
    return text, declared


def in_utf8(text: str, encoding: str, body: bytes) -> bytes:
    """`text`, decoded from `body`, in UTF-8: the body itself if it is UTF-8, since encoding takes time."""
    if encoding == "utf-8" and not body.startswith(b"\xef\xbb\xbf") and "\ufffd" not in text:
        last = text[-1:].encode()
        if body.endswith(last):  # not truncated inside a character
            return body
    return text.encode(errors="ignore")


@lru_cache(maxsize=256)
def from_content_type(value: str) -> str:
    """The encoding a Content-Type header names, or ''."""
    found = _CONTENT_TYPE.search(value)
    return _named(found[1]) if found else ""


def prescan(body: bytes) -> str:
    """The encoding a `<meta>` near the top names, or ''."""
    head = body[:_PRESCAN_BYTES]
    if b"charset" not in head.lower():
        return ""
    at = 0
    while (at := head.find(b"<", at)) != -1:
        if head.startswith(b"<!--", at):
            end = _COMMENT_END.search(head, at + 2)
            if not end:
                return ""
            at = end.end()
        elif meta := _META.match(head, at):
            attributes, at = _attributes(head, meta.end())
            if name := _from_meta(attributes):
                return name
        elif tag := _OTHER_TAG.match(head, at):
            skipped = _ATTRIBUTES.match(head, tag.end())
            at = skipped.end() if skipped else len(head)
        elif head[at + 1 : at + 2] in (b"!", b"/", b"?"):
            end_at = head.find(b">", at)
            if end_at == -1:
                return ""
            at = end_at + 1
        else:
            at += 1
    return ""


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """The attributes of a tag from `at` on, first of each name, and the offset behind the tag."""
    found: dict[bytes, bytes] = {}
    while at < len(head):
        gap = _GAP.match(head, at)
        at = gap.end() if gap else at
        if head[at : at + 1] in (b">", b""):
            return found, at + 1
        one = _ATTRIBUTE.match(head, at)
        if not one or one.end() == at:
            return found, at + 1
        value = next((g for g in one.groups()[1:] if g is not None), b"")
        found.setdefault(one[1].lower(), value)
        at = one.end()
    return {}, at


def _from_meta(attributes: dict[bytes, bytes]) -> str:
    name = ""
    if b"charset" in attributes:
        name = _named(attributes[b"charset"].decode("latin-1"))
    elif attributes.get(b"http-equiv", b"").lower() == b"content-type":
        found = _META_CHARSET.search(attributes.get(b"content", b""))
        if found:
            name = _named(next(g for g in found.groups() if g is not None).decode("latin-1"))
    if name.startswith("utf-16"):
        return "utf-8"
    return "windows-1252" if name == "x-user-defined" else name


def _from_xml(body: bytes) -> str:
    found = _XML.match(body[:_PRESCAN_BYTES].lstrip())
    name = _named(found[1].decode("latin-1")) if found else ""
    return "utf-8" if name.startswith("utf-16") else name


def _named(label: str) -> str:
    encoding = webencodings.lookup(label.strip())
    return str(encoding.name) if encoding is not None else ""


def _strict_utf8(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        # A body truncated at the byte limit may end inside a character.
        return body[: error.start].decode() if len(body) - error.start < 4 and error.start > 0 else None


def _decode(body: bytes, name: str) -> str:
    encoding = webencodings.lookup(name)
    if name in _CODECS or encoding is None:
        return body.decode(_CODECS.get(name, "cp1252"), errors="replace")
    text, _ = encoding.codec_info.decode(body, "replace")
    return str(text)


def _is_garbled(text: str) -> bool:
    return "\ufffd" in text or any("\x80" <= c <= "\x9f" for c in text) or "Ã" in text or "â€" in text or "Ð" in text
