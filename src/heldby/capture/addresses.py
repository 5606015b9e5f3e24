"""A connection guard: which network addresses may be reached, and until when.

The guard sits under the http client, at the one point where a name becomes a connection, so that a name cannot
be checked with one address and then reached at another.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable, Iterator
from ssl import SSLContext
from typing import Any

import httpcore

from heldby.errors import CaptureError


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet (IPv4 inside IPv6 is looked at as IPv4)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1] or _translated(found)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address inside an address of the NAT64 prefix (RFC 6052)."""
    if address in ipaddress.IPv6Network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


class GuardedStream(httpcore.NetworkStream):
    """A connection on which no read or write outlasts the deadline of the whole request."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read some bytes; raises httpcore.ReadTimeout after the deadline."""
        return self._stream.read(max_bytes, timeout=self._left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all bytes; raises httpcore.WriteTimeout after the deadline."""
        self._stream.write(buffer, timeout=self._left(httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypt the connection, still under the same deadline."""
        left = self._left(httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname=server_hostname, timeout=left)
        return GuardedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection below knows."""
        return self._stream.get_extra_info(info)

    def _left(self, error: type[httpcore.TimeoutException]) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise error("the time for the whole request is over")
        return left


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to allowed addresses only, all of them under one deadline (of time.monotonic)."""

    def __init__(self, *, allow_private: bool, deadline: float) -> None:
        self._backend = httpcore.SyncBackend()
        self._allow_private = allow_private
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first reachable address of a host.

        Raises CaptureError where one of its addresses is not allowed, httpcore.ConnectError where none answers.
        """
        problem: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._allowed(host, port):
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise httpcore.ConnectTimeout("the time for the whole request is over")
            try:
                stream = self._backend.connect_tcp(
                    address, port, timeout=left, local_address=local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
                continue
            return GuardedStream(stream, self._deadline)
        raise problem

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Refuse: nothing here is fetched through a socket file."""
        raise httpcore.ConnectError("socket files are not used")

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._backend.sleep(seconds)

    def _allowed(self, host: str, port: int) -> Iterator[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} has no address ({error})") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        # One forbidden address among several is enough to refuse: which one would be used is the sender's choice.
        refused = [] if self._allow_private else [address for address in addresses if not is_public(address)]
        if refused:
            raise CaptureError(
                f"{host} is not on the public internet ({refused[0]}); such addresses are not fetched.",
                remedy="Set allow_private_addresses if you mean it.",
            )
        yield from addresses
