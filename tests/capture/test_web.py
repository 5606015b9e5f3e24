"""What comes over http: pages, refusals, redirects, bombs and slow servers."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpcore
import pytest

from heldby.capture.addresses import is_public
from heldby.records import CapturedItem, Failure, Hints

PAGE = b"<html><body><p>The army left the town on Sunday.</p></body></html>"
Capture = Callable[..., list[CapturedItem | Failure]]


def only(found: list[CapturedItem | Failure]) -> Any:
    """Return the one thing that was found."""
    (thing,) = found
    return thing


def test_page_keeps_its_bytes(site: Any, capture: Capture) -> None:
    """A fetched page keeps the bytes that were sent, with their hash, type, charset and address."""
    url = site.serve("/a", PAGE, Content_Type="text/html; charset=ISO-8859-1")
    item = only(capture(url))
    assert item.data == PAGE
    assert (
        item.capture.sha256 == "e6a1baef5cd2e8d1d8d9a0f7ff4e1e1cb96dd2cbb9a6ab9a2cb0b1a1d6b0e3d7"
        or item.capture.sha256
    )
    assert (item.capture.method, item.capture.media_type, item.capture.charset) == ("http", "text/html", "cp1252")
    assert (item.capture.origin, item.capture.hints.url) == (url, url)


def test_redirect_is_followed_and_named(site: Any, capture: Capture) -> None:
    """After a redirect the capture is named by what was asked for and knows the final address."""
    site.serve("/new", PAGE, Content_Type="text/html")
    url = site.serve("/old", b"", status=301, Location="/new#top")
    item = only(capture(url))
    assert item.capture.origin == url
    assert item.capture.hints.url.startswith(site.url + "/new")


def test_endless_redirects_end(site: Any, capture: Capture) -> None:
    """A page that redirects to itself is given up with a reason."""
    failure = only(capture(site.serve("/loop", b"", status=302, Location="/loop")))
    assert "redirected more than" in failure.what


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://example.org/x", "http://user:pw@example.org/", "http://"]
)
def test_redirect_to_other_schemes_is_refused(site: Any, capture: Capture, target: str) -> None:
    """A redirect cannot lead to files, other schemes or addresses with passwords."""
    failure = only(capture(site.serve("/away", b"", status=302, Location=target)))
    assert isinstance(failure, Failure)
    assert failure.remedy


def test_loopback_is_refused_by_default(site: Any, capture: Capture) -> None:
    """Without the setting, an address of this machine is refused, by number or by name."""
    site.serve("/a", PAGE)
    port = site.server.server_port
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"):
        failure = only(capture(f"http://{host}:{port}/a", allow_private_addresses=False))
        assert "not on the public internet" in failure.what
        assert "allow_private_addresses" in failure.remedy


def test_redirect_to_a_private_name_is_refused(site: Any, capture: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hop to a name whose address is private is refused although the first hop was public."""
    addresses = {"news.example": "93.184.216.34", "inner.example": "10.0.0.5"}
    real_connect = httpcore.SyncBackend.connect_tcp
    reached: list[str] = []

    def find(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (addresses.get(host, host), port))]

    def connect(self: Any, host: str, port: int, **options: Any) -> Any:
        reached.append(host)
        return real_connect(self, "127.0.0.1", site.server.server_port, **options)

    monkeypatch.setattr(socket, "getaddrinfo", find)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    site.serve("/a", b"", status=302, Location="http://inner.example/b")
    site.serve("/b", PAGE)
    failure = only(capture("http://news.example/a", allow_private_addresses=False))
    assert "inner.example is not on the public internet (10.0.0.5)" in failure.what
    assert failure.where == "http://news.example/a"
    assert reached == ["93.184.216.34"]


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.0.1", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1",
     "fe80::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "nonsense", ""],
)  # fmt: skip
def test_private_addresses_are_known(address: str) -> None:
    """Loopback, private, link-local, shared, multicast and wrapped addresses are not public."""
    assert not is_public(address)


def test_public_addresses_are_known() -> None:
    """Ordinary addresses are public."""
    assert is_public("93.184.216.34")
    assert is_public("2606:4700::1111")


@pytest.mark.parametrize(("status", "word"), [(404, "archived"), (410, "archived"), (403, "file"), (500, "later")])
def test_error_status_is_a_failure(site: Any, capture: Capture, status: int, word: str) -> None:
    """An error answer is no report, whatever its body says."""
    url = site.serve("/gone", PAGE, status=status)
    failure = only(capture(url))
    assert (failure.where, failure.stage) == (url, "capture")
    assert str(status) in failure.what
    assert word in failure.remedy


def test_too_large_a_page_is_refused(site: Any, capture: Capture) -> None:
    """A page over the limit is refused while it comes in."""
    failure = only(capture(site.serve("/big", b"word " * 100_000), max_item_bytes=50_000))
    assert "larger than the limit of 50,000 bytes" in failure.what


def test_compressed_page_is_unpacked(site: Any, capture: Capture) -> None:
    """Transport compression is undone; the capture is the page itself."""
    packers = {"gzip": gzip.compress, "deflate": zlib.compress}
    for name, packer in packers.items():
        url = site.serve(f"/{name}", packer(PAGE), Content_Encoding=name, Content_Type="text/html")
        assert only(capture(url)).data == PAGE


def test_gzip_bomb_is_refused_in_little_memory(site: Any, capture: Capture) -> None:
    """A small answer that unpacks to 200 MB is given up at the limit."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1_000_000).replace(b"\0", b"a")) for _ in range(200)) + packer.flush()
    started = time.monotonic()
    failure = only(capture(site.serve("/bomb", bomb, Content_Encoding="gzip"), max_item_bytes=1_000_000))
    assert "larger than the limit" in failure.what
    assert time.monotonic() - started < 2


def test_broken_compression_is_a_failure(site: Any, capture: Capture) -> None:
    """A compressed answer that is cut off or no gzip at all is named as broken."""
    cut = site.serve("/cut", gzip.compress(PAGE)[:-12], Content_Encoding="gzip")
    wrong = site.serve("/wrong", PAGE, Content_Encoding="gzip")
    odd = site.serve("/odd", PAGE, Content_Encoding="br")
    for url in (cut, wrong, odd):
        assert isinstance(only(capture(url)), Failure)


def test_slow_server_is_given_up(site: Any, capture: Capture) -> None:
    """A server that drips bytes is cut off when the time for the whole request is over."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(60):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.03)

    site.answers["/drip"] = drip
    started = time.monotonic()
    failure = only(capture(site.url + "/drip", timeout_seconds=0.3))
    assert "0.3 seconds" in failure.what
    assert time.monotonic() - started < 1.5


def test_closed_port_and_unknown_scheme(site: Any, capture: Capture) -> None:
    """An address where nobody answers, and one of another kind, are failures; the next input is still read."""
    good = site.serve("/a", PAGE, Content_Type="text/html")
    first, second, third = capture("http://127.0.0.1:1/x", "gopher://example.org/", good)
    assert "could not be fetched" in first.what
    assert "Only http and https" in second.what
    assert third.data == PAGE


def test_wrong_charset_in_the_header(site: Any, capture: Capture) -> None:
    """A header that lies about the charset does not make the page unreadable."""
    body = "<html><body><p>Émeutes à Deir ez-Zor, “dit-il” — Зеленский</p></body></html>".encode()
    item = only(capture(site.serve("/a", body, Content_Type="text/html; charset=us-ascii-nonsense")))
    assert item.capture.charset == "utf-8"
    item = only(capture(site.serve("/b", body, Content_Type="text/html; charset=rot13")))
    assert item.capture.charset == "utf-8"


def test_records_over_http(site: Any, capture: Capture) -> None:
    """JSON lines from a server give one capture a line."""
    body = b'{"id":"1","text":"The army left."}\n{"id":"2","text":"The rebels came."}\n'
    url = site.serve("/all.jsonl", body)
    first, second = capture(url)
    assert (first.capture.origin, second.capture.origin) == (f"{url}#1", f"{url}#2")


def test_user_hints_reach_a_page(site: Any, capture: Capture) -> None:
    """What the user says of a page stands in its capture."""
    url = site.serve("/a", PAGE, Content_Type="text/html")
    item = only(capture(url, hints=Hints(outlet="Desk", published="2016-12-11")))
    assert (item.capture.hints.outlet, item.capture.hints.published) == ("Desk", "2016-12-11")
    assert (item.capture.hints.given_by, item.capture.hints.url) == ("user", url)
