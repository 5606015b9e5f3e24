"""http and https: one request at a time, every hop of a redirect checked, nothing unbounded."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from heldby.capture.addresses import GuardedBackend
from heldby.capture.opened import CHUNK_BYTES, Opened
from heldby.errors import CaptureError
from heldby.records import Hints
from heldby.settings import Settings
from heldby.version import __version__

MAX_REDIRECTS = 8
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HEADERS: Mapping[bytes | str, bytes | str] = {
    "User-Agent": f"heldby/{__version__}",
    "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
    "application/x-ndjson, text/plain;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
REMEDIES = {
    401: "The page asks for a login; save it as a file and give that.",
    403: "The server refuses; save the page as a file and give that.",
    404: "Check the address, or look for an archived copy of the page.",
    410: "The page was taken down; look for an archived copy.",
    429: "The server asks for fewer requests; try again later.",
}


@contextmanager
def open_url(url: str, settings: Settings) -> Iterator[Opened]:
    """Fetch a URL and hand out its body as an input whose `hints.url` is the address after all redirects.

    The whole exchange, redirects included, takes at most `settings.timeout_seconds`. Raises CaptureError for a
    refused address, an error status, a broken or slow answer, and more than MAX_REDIRECTS redirects.
    """
    deadline = time.monotonic() + settings.timeout_seconds
    backend = GuardedBackend(allow_private=settings.allow_private_addresses, deadline=deadline)
    pool = httpcore.ConnectionPool(ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=backend)
    try:
        with pool, _follow(pool, url) as (response, final):
            yield _opened(url, final, response)
    except CaptureError as error:
        if error.where:
            raise
        raise CaptureError(error.what, where=url, remedy=error.remedy) from error
    except httpcore.TimeoutException as error:
        raise CaptureError(
            f"The server did not answer in full within {settings.timeout_seconds:g} seconds.",
            where=url,
            remedy="Try again, or raise timeout_seconds in the settings.",
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise CaptureError(
            f"The page could not be fetched ({str(error) or type(error).__name__}).",
            where=url,
            remedy="Check the address and the network, then try again.",
        ) from error


@contextmanager
def _follow(pool: httpcore.ConnectionPool, url: str) -> Iterator[tuple[httpcore.Response, str]]:
    address = url
    for _ in range(MAX_REDIRECTS + 1):
        with pool.stream("GET", checked_url(address, where=url), headers=HEADERS) as response:
            target = _header(response, b"location")
            if response.status not in REDIRECTS or not target:
                _check_status(response, url)
                yield response, address
                return
            address = urljoin(address, target)
    raise CaptureError(
        f"The address was redirected more than {MAX_REDIRECTS} times.", where=url, remedy="Give the final address."
    )


def checked_url(address: str, *, where: str) -> str:
    """Return an http(s) URL in a form that can be sent; raises CaptureError for any other address."""
    try:
        parts = urlsplit(address)
        cleaned = httpx.URL(address)
    except (ValueError, httpx.InvalidURL) as error:
        raise CaptureError(f"This is no valid address ({error}).", where=where, remedy="Check it.") from error
    if parts.scheme.lower() not in {"http", "https"} or not cleaned.host:
        raise CaptureError(
            f"Only http and https addresses are fetched, not {address[:200]!r}.",
            where=where,
            remedy="Give an http or https address, or a file.",
        )
    if cleaned.userinfo:
        raise CaptureError(
            "Addresses that carry a user name or password are not fetched: they would be kept in the archive.",
            where=where,
            remedy="Save the page as a file and give that.",
        )
    return str(cleaned.copy_with(fragment=None))


def _check_status(response: httpcore.Response, url: str) -> None:
    if response.status < 200 or response.status >= 300:
        raise CaptureError(
            f"The server answered with status {response.status}.",
            where=url,
            remedy=REMEDIES.get(response.status, "Try again later, or give a saved copy of the page."),
        )


def _opened(url: str, final: str, response: httpcore.Response) -> Opened:
    content_type = _header(response, b"content-type")
    return Opened(
        origin=url,
        method="http",
        chunks=_unpacked(response, url),
        media_type=content_type,
        charset=_charset_of(content_type),
        hints=Hints(url=final),
    )


def _unpacked(response: httpcore.Response, url: str) -> Iterator[bytes]:
    """Yield the body in small chunks, unpacked as it comes, so that a reader can stop at any size."""
    coding = _header(response, b"content-encoding").strip().lower()
    if coding in {"", "identity"}:
        yield from response.iter_stream()
        return
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise CaptureError(
            f"The server sent a content coding that was not asked for ({coding[:40]}).",
            where=url,
            remedy="Save the page as a file and give that.",
        )
    try:
        yield from _inflate(response.iter_stream(), coding)
    except zlib.error as error:
        raise CaptureError(f"The compressed answer is broken ({error}).", where=url, remedy="Try again.") from error


def _inflate(chunks: Iterator[bytes], coding: str) -> Iterator[bytes]:
    unpacker = None
    for chunk in chunks:
        if unpacker is None:
            unpacker = _unpacker(coding, chunk)
        pending = chunk
        while pending and not unpacker.eof:
            unpacked = unpacker.decompress(pending, CHUNK_BYTES)
            pending = unpacker.unconsumed_tail
            if unpacked:
                yield unpacked
    if unpacker is not None and not unpacker.eof:
        raise zlib.error("it ends too early")


def _unpacker(coding: str, first: bytes) -> zlib._Decompress:
    if coding != "deflate":
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    # Servers send "deflate" both with the zlib header that the standard asks for and without it.
    has_header = len(first) >= 2 and first[0] & 0x0F == 8 and (first[0] * 256 + first[1]) % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _header(response: httpcore.Response, name: bytes) -> str:
    for key, value in response.headers:
        if key.lower() == name:
            return value.decode("latin-1")
    return ""


def _charset_of(content_type: str) -> str:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'")
    return ""
