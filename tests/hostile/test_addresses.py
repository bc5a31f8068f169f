"""Ways into the network that linkcheck runs in: nothing is connected to, nor asked of a proxy."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator

import pytest

from tests.hostile.conftest import MEMORY_MB, SECONDS, Victim
from tests.web import LOOPBACK
from tests.web import behaviours as b

REFUSED = ("unreachable", "address-not-public")
PUBLIC = "93.184.216.34"


def guarded(victim: Victim, *urls: str, flags: tuple[str, ...] = (), **environment: str) -> dict[str, tuple[str, str]]:
    """The verdicts of a run that allows no private address; the hosts that are let through are named one by one."""
    web, own = victim.web, ["--connect-to", f"evil.test:443:{LOOPBACK}:{victim.web.https_port}"]
    for host in ("first.honest.test", "second.honest.test"):
        own += ["--connect-to", f"{host}:443:{LOOPBACK}:{web.https_port}"]
    listed = [victim.honest[0], *urls, victim.honest[1]]
    (victim.folder / "l.md").write_text("".join(f"- [L](<{url}>)\n" for url in listed), encoding="utf-8")
    done = victim.call(
        "run", "l.md", "--no-files", "--format", "json", "--dns", f"{LOOPBACK}:{web.dns_port}", "--second-look", "0.2",
        *own, *flags, memory_mb=MEMORY_MB, seconds=SECONDS, stdin="", **environment,
    )  # fmt: skip
    assert done.code in (0, 1), done.stderr
    return {link["url"]: (link["state"], link["rule"]) for link in json.loads(done.stdout)["links"]}


def test_no_list_name_or_redirect_leads_inside(victim: Victim) -> None:
    web = victim.web
    inside = [f"{LOOPBACK}:{web.http_port}", f"[::ffff:7f00:1]:{web.http_port}", f"0x7f.1:{web.http_port}", "localhost",
              f"a.localhost:{web.http_port}", f"127.0.0.1.:{web.http_port}", f"%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1:{web.http_port}", "rebound.test",
              "mixed.test", "azure.test", "oracle.test", "site-local.test", "isatap.test", "sixtofour.test", "93.184.216.34:25"]  # fmt: skip
    names = {
        "rebound": LOOPBACK, "mixed": "10.0.0.1 192.168.0.1", "azure": "168.63.129.16", "oracle": "192.0.0.192",
        "site-local": "fec0::1", "isatap": "2606:2800:220:1:0:5efe:a00:1", "sixtofour": "2002:7f00:1::",
    }  # fmt: skip
    web.names.update({f"{name}.test": address for name, address in names.items()})
    ways = [f"http://{place}/" for place in inside]
    for number, way in enumerate(list(ways)):
        ways.append(web.on("evil.test", f"/redirect/{number}", b.redirect(302, way)))
    refresh = f'<meta http-equiv="refresh" content="0; url=http://{LOOPBACK}:{web.http_port}/secret">'
    ways.append(web.on("evil.test", "/refresh", b.page(refresh)))
    found = guarded(victim, *ways, flags=("--canary", f"http://{LOOPBACK}:{web.http_port}/canary"))
    assert [found.pop(url) for url in victim.honest] == [("ok", "http-ok")] * 2
    assert set(found.values()) == {REFUSED}
    assert {request.host for request in web.log} == {"first.honest.test", "second.honest.test", "evil.test"}


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that has every page there is, itself: (its URL, the targets that it was asked for)."""
    asked: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline().split()[1].decode())
            where = b"Location: http://169.254.169.254/latest/\r\n" if asked[-1].endswith("/away") else b""
            status = b"302 Found" if where else b"200 OK"
            page = b.ARTICLE.encode()
            head = b"HTTP/1.1 %s\r\n%sContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            self.wfile.write(head % (status, where, len(page)) + page)

    with socketserver.ThreadingTCPServer((LOOPBACK, 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_address[1]}", asked
        server.shutdown()


def test_a_proxy_is_no_way_inside(victim: Victim, proxy: tuple[str, list[str]]) -> None:
    address, asked = proxy
    victim.web.names.update({"public.test": PUBLIC, "private.test": "10.0.0.1", "mixed.test": f"{PUBLIC} 10.0.0.1"})
    public = ["http://public.test/", "http://only-the-proxy-knows.test/"]
    private = ["http://169.254.169.254/", "http://localhost/", "http://private.test/", "http://mixed.test/",
               "http://[::1]/", "http://public.test/away", "http://public.test:25/", "http://spared.test/"]  # fmt: skip
    victim.web.names["spared.test"] = "192.168.0.1"
    found = guarded(victim, *public, *private, HTTP_PROXY=address, NO_PROXY="192.168.0.0/16,spared.test")
    assert [found.pop(url) for url in victim.honest] == [("ok", "http-ok")] * 2
    assert [found.pop(url) for url in public] == [("ok", "http-ok")] * 2
    assert set(found.values()) == {REFUSED}
    assert {target.split("/")[2] for target in asked} == {"public.test", "only-the-proxy-knows.test"}
