from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from linkcheck.mend import archive
from linkcheck.mend.archive import Copy
from linkcheck.model import Fault, Purpose, Url
from tests.answers import observation

URL, DAY = Url("https://a.example/x?a=1&b=2"), date(2019, 3, 1)
FIELDS = ["timestamp", "statuscode"]


def api(**closest: object) -> dict[str, object]:
    return {
        "archived_snapshots": {
            "closest": {
                "status": "200",
                "available": True,
                "timestamp": "20180203040506",
                "url": f"http://web.archive.org/web/20180203040506/{URL}",
                **closest,
            }
        }
    }


@pytest.mark.parametrize(
    ("outcome", "body"),
    [
        (429, "[]"), (503, ""), (Fault.READ_TIMEOUT, ""), (200, "<html>"), (200, "["), (200, "[" * 100_000), (200, "1"),
        (200, json.dumps([FIELDS, ["20190301000000", "200"]])), (200, json.dumps([FIELDS, ["2019", "200"]])),
        (200, json.dumps([FIELDS, ["99999999999999", "200"]])), (200, json.dumps(api(timestamp="20190301000000"))),
        (200, json.dumps(api(status="404"))), (200, json.dumps(api(available=False))), (200, json.dumps(api(timestamp=7))),
        (200, json.dumps([FIELDS, ["00000000000000", "200"]])),
        (200, json.dumps([FIELDS, ["20180231040506", "200"]])), (200, json.dumps([FIELDS, ["19950203040506", "200"]])),
        (200, json.dumps(api(url="http://web.archive.org/web/20180203040506/https://a.example/other"))),
        (200, json.dumps(api(url="http://evil.example/web/20180203040506/https://a.example/x?a=1&b=2"))),
        (200, json.dumps(api(url=None))), (200, '{"archived_snapshots": {}}'), (200, '{"archived_snapshots": []}'), (200, '"x"'),
    ],
)  # fmt: skip
def test_what_says_nothing(outcome: int | Fault, body: str) -> None:
    assert archive.copy(observation(archive.request(URL, DAY), outcome, body), URL, DAY) is None


def test_an_answer_that_is_cut_says_nothing() -> None:
    body = json.dumps([FIELDS, ["20180203040506", "200"]])
    assert archive.copy(observation(archive.request(URL, DAY), 200, body, complete=False), URL, DAY) is None


@pytest.mark.parametrize(
    "body", ["", "[]", json.dumps([FIELDS]), json.dumps([FIELDS, ["20180203040506", "404"]]), "[[], [7]]"]
)
def test_no_copy(body: str) -> None:
    found = archive.copy(observation(archive.request(URL, DAY), 200, body), URL, DAY)
    assert found == Copy(why="no copy from before 2019-03-01")


def test_an_answer_from_another_host_says_nothing() -> None:
    body = json.dumps([FIELDS, ["20180203040506", "200"]])
    seen = observation(archive.request(URL, DAY), 200, body, final_url="https://portal.example/login")
    assert archive.copy(seen, URL, DAY) is None


@pytest.mark.parametrize(
    "value",
    [
        [FIELDS, ["20180203040506", "200"]],
        api(),
        api(url="http://web.archive.org/web/20180203040506/http://www.a.example:80/x?a=1&b=2"),
    ],
)
def test_a_copy(value: object) -> None:
    found = archive.copy(observation(archive.request(URL, DAY), 200, json.dumps(value)), URL, DAY)
    assert found == Copy(f"https://web.archive.org/web/20180203040506/{URL}", "2018-02-03")


def test_the_requests_ask_for_what_was_there_before_the_day() -> None:
    first, second = archive.request(URL, DAY), archive.second_request(URL, DAY)
    assert {first.purpose, second.purpose} == {Purpose.LOOKUP}
    asked = parse_qs(urlsplit(first.url).query)
    assert (asked["url"], asked["to"], asked["limit"], asked["filter"]) == (
        [URL],
        ["20190228235959"],
        ["-1"],
        ["statuscode:200"],
    )
    assert parse_qs(urlsplit(second.url).query) == {"url": [URL], "timestamp": ["20190228235959"]}
    assert {urlsplit(one.url).hostname for one in (first, second)} == set(archive.PACES)


def test_copies_are_known() -> None:
    copy = f"https://web.archive.org/web/20180203040506/{URL}"
    assert archive.is_copy(copy)
    assert archive.original(copy) == URL
    assert not archive.is_copy(URL)
    assert archive.original(URL) == ""


def test_silence_is_said() -> None:
    assert "HTTP 429" in archive.silence(observation(URL, 429), DAY)
    assert "read-timeout" in archive.silence(observation(URL, Fault.READ_TIMEOUT), DAY)
    assert "no copy from before 2019-03-01" in archive.silence(observation(URL, 200), DAY)
