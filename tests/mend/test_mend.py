from __future__ import annotations

from linkcheck import mend, read
from linkcheck.mend import Looks, Wishes
from linkcheck.mend.archive import Copy
from linkcheck.model import Checked, Document, Edit, Repair, State
from tests.answers import checked, link, report
from tests.mend.values import TITLE, moved, result, see

OLD, NEW, UTM = "https://a.example/old", "https://a.example/new", "https://a.example/y?utm_source=b"
COPY = Copy("https://web.archive.org/web/20180203040506/https://a.example/x", "2018-02-03")


def moving() -> Checked:
    return result(OLD, NEW, links=(link(OLD, title=TITLE), link(f"{OLD}#part", line=2, span=(90, 116), title=TITLE)))


def broken(repair: Repair | None = None) -> Checked:
    place = link("http:/a.example/", span=(4, 20))
    return checked(State.INVALID, place.url, links=(place,), repair=repair or Repair((4, 20), "http://a.example/"))


def no_text(*_: object) -> None:
    return None


def test_what_is_not_wanted_is_left_alone() -> None:
    looks = moved(OLD, NEW)
    found = report(moving(), broken())
    assert mend.edits(found, looks, Wishes(names=frozenset({"tracking"})), lambda *_: "http:/a.example/") == []
    assert mend.questions(found, moved(OLD, NEW, times=1), Wishes(names=frozenset({"repair"}))) == []


def test_each_link_of_a_url_has_its_edit() -> None:
    found = mend.edits(report(moving()), moved(OLD, NEW), Wishes(), no_text)
    assert [(edit.old, edit.new, edit.rule) for edit in found] == [
        (OLD, NEW, "redirect"),
        (f"{OLD}#part", f"{NEW}#part", "redirect"),
    ]
    shown = mend.with_edits(report(moving(), checked()), found)
    assert [len(one.edits) for one in shown.checked] == [2, 0]


def test_a_repair_replaces_the_text_that_is_there() -> None:
    found = mend.edits(report(broken()), Looks(), Wishes(), lambda *_: "http:/a.example/")
    assert found == [Edit("l.md", (4, 20), "http:/a.example/", "http://a.example/", "repair", "because")]
    assert mend.edits(report(broken()), Looks(), Wishes(), no_text) == []
    assert mend.with_edits(report(broken()), found).checked[0].edits == tuple(found)


def test_hints_are_what_fix_can_do_perhaps_after_another_look() -> None:
    looks = moved(OLD, NEW, times=1)
    see(looks, UTM)
    see(looks, "http://a.example/plain")
    rows = [moving(), broken(), result(UTM), result("http://a.example/plain"), checked(State.SKIPPED)]
    shown = mend.hinted(report(*rows), looks, Wishes())
    assert [one.mending for one in shown.checked] == ["redirect", "repair", "tracking", "", ""]
    assert mend.questions(report(*rows), looks, Wishes()) == [OLD, "https://a.example/plain"]


def test_for_which_dead_links_a_copy_is_wanted() -> None:
    dead, gone = checked(State.DEAD), checked(State.GONE, "https://a.example/y")
    others = [checked(State.BLOCKED), checked(State.DEAD, COPY.url), broken()]
    found = report(dead, gone, *others)
    assert mend.dead(found, Wishes()) == []
    assert mend.dead(found, Wishes(dead="archive", names=frozenset({"redirect"}))) == []
    assert mend.dead(found, Wishes(dead="archive")) == [dead, gone]
    document = Document("l.md", (link(COPY.url), link("https://web.archive.org/web/2018/nonsense")))
    assert mend.dead(report(dead, gone, documents=(document,)), Wishes(dead="note")) == [gone]
    assert mend.dead(report(dead, gone, documents=(document,)), Wishes(dead="archive")) == [dead, gone]


def test_a_copy_takes_the_place_of_a_link_or_stands_beside_it() -> None:
    data = b"[a](https://a.example/x#f) [b][r]\n\n[r]: https://a.example/x\n"
    document = read.read(data, "l.md")
    one = checked(State.DEAD, links=document.links)
    files = {"l.md": (data, document)}
    made, left = mend.archived(one, COPY, Wishes(dead="archive"), files)
    assert [edit.new for edit in made] == [f"{COPY.url}#f", COPY.url]
    assert left == []
    made, left = mend.archived(one, COPY, Wishes(dead="note"), files)
    assert [edit.new for edit in made] == [f" ([archived]({COPY.url}))"]
    assert [where.line for where in left] == [3]


def test_edits_by_document() -> None:
    one, two = (Edit(path, (0, 1), "a", "b", "redirect", "why") for path in ("l.md", "m.md"))
    assert mend.by_path([one, two, one]) == {"l.md": [one, one], "m.md": [two]}


def test_the_names_are_those_of_the_kinds() -> None:
    assert set(mend.NAMES) == {"repair", "rename", "redirect", "https", "arxiv", "tracking", "archive"}
