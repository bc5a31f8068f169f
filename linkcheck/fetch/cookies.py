"""Cookies of one chain of redirects (RFC 6265)."""

from __future__ import annotations

import warnings

import httpx


def taken(jar: httpx.Cookies | None, request: httpx.Request, response: httpx.Response) -> httpx.Cookies:
    """`jar`, or a new one, with the cookies that `response` sets.

    Cookies that `http.cookiejar` fails on (an expiry date of 400 digits) are ignored: it would print a traceback.
    """
    jar = httpx.Cookies() if jar is None else jar
    response.request = request
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jar.extract_cookies(response)
    return jar
