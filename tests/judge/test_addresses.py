from __future__ import annotations

import pytest

from linkcheck.judge import addresses

DEEP = "https://a.example/some/deep/page.html"


@pytest.mark.parametrize(
    ("url", "depth"),
    [
        ("https://a.example/", 0), ("https://a.example", 0), ("https://a.example/index.html", 0), ("https://a.example/home.php", 0),
        ("https://a.example/homes", 1), ("https://a.example/a/index.html", 1), ("https://a.example/a//b/", 2),
    ],
)  # fmt: skip
def test_depth(url: str, depth: int) -> None:
    assert addresses.depth(url) == depth
    assert addresses.is_root(url) is (depth == 0)
    assert not addresses.is_root(f"{url}?p=1")


@pytest.mark.parametrize(
    ("url", "final_url", "is_sent_up"),
    [
        (DEEP, "https://a.example/", True),
        (DEEP, "https://b.example/", True),
        (DEEP, "https://a.example/help", True),
        (DEEP, "https://a.example/some/deep/", True),
        (DEEP, "https://a.example/some/deep/other", False),  # no shorter
        (DEEP, "https://a.example/page", False),  # it bears its name
        (DEEP, "https://a.example/Pages/", False),
        (DEEP, "https://b.example/help", False),
        (DEEP, "https://a.example/?p=12", False),
        (DEEP, "https://a.example/help?p=12", False),
        ("https://a.example/", "https://b.example/", False),
        ("https://doi.org/10.1/x", "https://b.example/", False),
        ("https://dx.doi.org/10.1/x", "https://b.example/", False),
        ("https://notdoi.org/10.1/x", "https://b.example/", True),
    ],
)
def test_who_is_sent_up(url: str, final_url: str, is_sent_up: bool) -> None:
    assert addresses.is_sent_up(url, final_url) is is_sent_up


@pytest.mark.parametrize(
    ("path", "is_error"),
    [
        ("/404", True), ("/404.html", True), ("/errors/404/", True), ("/x/not-found", True), ("/Page-Not-Found.aspx", True),
        ("/closed", True), ("/no-longer-available", True), ("/removed", True), ("/removed-trees", False), ("/4040", False),
        ("/enclosed", False), ("/?to=/404", False),
    ],
)  # fmt: skip
def test_error_pages(path: str, is_error: bool) -> None:
    assert addresses.is_error_page(f"https://a.example{path}") is is_error


@pytest.mark.parametrize(
    ("url", "is_login"),
    [
        ("https://a.example/login", True), ("https://a.example/users/sign_in?x", True), ("https://a.example/Sign-In.php", True),
        ("https://accounts.a.example/", True), ("https://sso.a.example/x", True), ("https://a.example/blog/author", False),
        ("https://a.example/logins", False), ("https://a.example/?next=/login", False), ("https://myaccounts.a.example/", False),
    ],
)  # fmt: skip
def test_logins(url: str, is_login: bool) -> None:
    assert addresses.is_login(url) is is_login


@pytest.mark.parametrize(
    ("url", "is_pdf"),
    [("https://a.example/x.pdf", True), ("https://a.example/x.PDF?a", True), ("https://a.example/x.pdf.html", False),
     ("https://a.example/?x.pdf", False)],
)  # fmt: skip
def test_pdfs(url: str, is_pdf: bool) -> None:
    assert addresses.is_pdf(url) is is_pdf
