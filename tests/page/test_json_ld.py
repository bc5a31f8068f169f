"""JSON-LD as pages write it."""

from __future__ import annotations

import pytest

from linkcheck.page import json_ld


@pytest.mark.parametrize(
    "block",
    [
        '<!-- {"@type":"Article","headline":"H"} -->', '{"@type":"Article","headline":"H",}', '[[{"@type":"Article","headline":"H"}]]',
        '{"@graph":[{"@type":"https://schema.org/Article","headline":["H"]}]}', '{"@type":"Article",\n// note\n"headline":"H"}',
        '/* a */{"@type":"Article","headline":{"@value":"H"}}', '{"@type":"Article","headline":"H\x01"}',
        '{&quot;@type&quot;:&quot;Article&quot;,&quot;headline&quot;:&quot;H&quot;}',
    ],
)  # fmt: skip
def test_careless_json_is_read(block: str) -> None:
    (node,) = json_ld.nodes([block])
    assert json_ld.text(node["headline"]).strip("\x01") == "H"


@pytest.mark.parametrize("block", ["", "{", "null", "[" * 5000, '{"a":' * 3000, '"text"', "[1, true]"])
def test_hopeless_json_is_nothing(block: str) -> None:
    assert json_ld.nodes([block]) == []


def test_nodes_are_bounded() -> None:
    assert len(json_ld.nodes(["[" + ",".join(['{"@type":"X"}'] * 2000) + "]"])) == 500


def test_names_in_a_loop_end() -> None:
    loop: dict[str, object] = {"@id": "#a"}
    assert json_ld.names([[[[[["x"]]]]]], {"#a": loop}) == []
    assert json_ld.names({"@id": "#a"}, {"#a": loop}) == []
    assert json_ld.text(True) == ""


def test_a_headline_in_many_lists_is_none() -> None:
    (node,) = json_ld.nodes(['{"@type":"Article","headline":' + "[" * 600 + '"x"' + "]" * 600 + "}"])
    assert json_ld.text(node["headline"]) == ""
