from __future__ import annotations

from linkcheck.model.base import Url
from linkcheck.model.requests import Request

URL, LISTED = Url("https://a.example/"), Url("https://listed.example/")


def test_a_page_is_about_the_url_of_the_list() -> None:
    assert Request(URL).about == URL
    assert Request(URL, target=LISTED).about == LISTED
