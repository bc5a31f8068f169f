from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkcheck import read
from linkcheck.mend.patch import patched
from linkcheck.mend.written import edit
from linkcheck.model import Document, Edit, replace
from tests.read.repairs import repair_of

TEXT = "# T\r\n\r\n[a](https://a.example/) and https://b.example/x, [c][r]\r\n[d][r]\r\n\r\n[r]: https://c.example/\r\n"
URLS = (
    "https://n.example/", "https://n.example/a(b)c", "https://n.example/a)b", "https://n.example/?a=1&copy=2&lt;x",
    "https://n.example/%E2%82%AC'x'", "https://n.example/a_b*c*~d~`e`", "https://n.example/x.", "https://n.example/a[b]",
)  # fmt: skip


def edits(document: Document, url: str = "https://n.example/") -> list[Edit]:
    return [made for link in document.links if (made := edit(link, url, "redirect", "why"))]


def test_what_is_not_there_any_more_is_left_alone() -> None:
    data = TEXT.encode()
    document = read.read(data, "l.md")
    (first, *_) = edits(document)
    for wrong in (
        replace(first, old="https://x.example/"),
        replace(first, span=(5_000, 5_010)),
        replace(first, old="\ud800"),
    ):
        found = patched(data, document, [wrong], read.read)
        assert (found.data, found.edits) == (data, ())
        assert found.left_out[0][1] == "the text in its place is another"


def test_of_edits_that_overlap_the_first_counts() -> None:
    data = TEXT.encode()
    document = read.read(data, "l.md")
    first = edits(document)[0]
    start, end = first.span
    other = replace(first, span=(start, end - 2), old=first.old[:-2])
    same = replace(first, new="https://z.example/", url="https://z.example/")
    found = patched(data, document, [first, replace(other, span=(start + 1, end), old=first.old[1:]), same], read.read)
    assert found.edits == (first,)
    assert [why for _, why in found.left_out] == ["it overlaps another change"] * 2


def test_a_change_that_would_make_another_link_is_left_out_and_the_others_are_made() -> None:
    data = TEXT.encode()
    document = read.read(data, "l.md")
    bad = replace(edits(document)[1], new="https://n.example/x.", url="https://n.example/x.")
    good = edits(document)[0]
    found = patched(data, document, [good, bad], read.read)
    assert found.edits == (good,)
    assert found.left_out == ((bad, "it cannot be written there so that nothing else changes"),)
    assert found.data == data.replace(b"https://a.example/", b"https://n.example/")


def test_a_definition_of_two_links_is_changed_once() -> None:
    document = read.read(TEXT.encode(), "l.md")
    made = edits(document)
    assert len(made) == 4
    found = patched(TEXT.encode(), document, made, read.read)
    assert len(found.edits) == 3
    assert found.data == TEXT.replace("https://a.", "https://n.").replace("https://b.example/x", "https://n.example/").replace("https://c.", "https://n.").encode()  # fmt: skip


def test_a_repair_has_to_make_a_link_that_works() -> None:
    data = b"[t] (https://a.example/x) and [u](http:/b.example)\n"
    document = read.read(data, "l.md")
    wanted = []
    for link in document.links:
        found = repair_of(link)
        assert found is not None
        wanted.append(Edit("l.md", found.span, data[slice(*found.span)].decode(), found.text, "repair", "why"))
    made = patched(data, document, wanted, read.read)
    assert made.data == b"[t](https://a.example/x) and [u](http://b.example)\n"
    bad = [replace(one, new="[t] (https://a.example/y)") for one in wanted[:1]]
    assert patched(data, document, bad, read.read).edits == ()
    assert patched(data, document, [replace(wanted[0], new="no link")], read.read).edits == ()


def test_the_work_is_bounded() -> None:
    text = "".join(f"https://a.example/{n}\n\n" for n in range(300))
    document = read.read(text.encode(), "l.md")
    bad = edits(document, "https://n.example/x.")
    readings = 0

    def counting(data: bytes, path: str) -> Document:
        nonlocal readings
        readings += 1
        return read.read(data, path)

    found = patched(text.encode(), document, bad, counting)
    assert (found.data, found.edits, len(found.left_out)) == (text.encode(), (), 300)
    assert readings <= 200


_LABELS = st.sampled_from(["a", "two words", "*strong*", "`code`", "", "é €", "a\\]b"])
_OLD = st.sampled_from(["https://a.example/", "http://b.example/x(y)", "https://c.example/?a=1&b=2#f", "www.d.example"])
_FORMS = st.sampled_from(
    ["[{t}]({u})", "[{t}](<{u}> 'title')", "<{u}>", "see {u}, and", '<a href="{u}">{t}</a>', "![{t}]({u})", "- [{t}]({u}): x",
     "| {u} | [{t}]({u}) |\n|---|---|", "[{t}][r{n}]\n\n[r{n}]: {u}", "> {u}", "`{u}`", "[{t}] ({u})", "[![{t}]({u})]({u})"]
)  # fmt: skip
_PARTS = st.tuples(_FORMS, _LABELS, _OLD)


@given(
    st.lists(_PARTS, max_size=8),
    st.data(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_only_spans_change_and_the_links_are_the_edited_ones(
    parts: list[tuple[str, str, str]], data: st.DataObject, encoding: str, end: str
) -> None:
    text = "\n\n".join(form.format(t=label, u=url, n=n) for n, (form, label, url) in enumerate(parts))
    before = text.replace("\n", end).encode(encoding)
    document = read.read(before, "l.md")
    wanted = [
        made for link in document.links if (made := edit(link, data.draw(st.sampled_from(URLS)), "redirect", "why"))
    ]
    chosen = [one for one in wanted if data.draw(st.booleans())]
    found = patched(before, document, chosen, read.read)
    outside, at = [], 0
    for one in found.edits:
        outside.append(before[at : one.span[0]])
        at = one.span[1]
    after, at = found.data, 0
    for piece, one in zip(outside, found.edits, strict=True):
        assert after[at : at + len(piece)] == piece
        at += len(piece) + len(one.new.encode(document.encoding))
    assert after[at:] == before[found.edits[-1].span[1] if found.edits else 0 :]
    again, new = read.read(after, "l.md"), {one.span: one.url for one in found.edits}
    assert [link.url for link in again.links] == [new.get(link.span, link.url) for link in document.links]
    kept = [pair for pair in zip(document.links, again.links, strict=True) if pair[0].span not in new]
    assert all(bool(was.malformed) is bool(now.malformed) for was, now in kept)


def test_a_repair_of_a_link_to_a_file_is_made_once_for_all_its_uses() -> None:
    data = b"[a](docs/giude.md) [b][r] [c][r]\n\n[r]: docs/giude.md#top 'T'\n"
    document = read.read(data, "l.md")
    wanted = [
        Edit("l.md", link.span, link.url, link.url.replace("giude", "guide"), "repair", "why")
        for link in document.links
    ]
    made = patched(data, document, wanted, read.read)
    assert (made.data, len(made.edits)) == (data.replace(b"giude", b"guide"), 2)
    assert made.left_out == ()
