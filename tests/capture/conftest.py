"""A real http server on loopback, and the frame in which the capture tests run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from heldby.capture import capture_items
from heldby.records import CapturedItem, Failure, Hints
from heldby.settings import Settings

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A loopback web server whose answers a test writes."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        answers = self.answers

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                try:
                    answers[self.path](self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def serve(self, path: str, body: bytes, *, status: int = 200, **headers: str) -> str:
        """Answer a path with a body; header names are written with _ for -."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer
        return self.url + path


@pytest.fixture
def site() -> Iterator[Site]:
    """Run a web server for one test."""
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


Capture = Callable[..., list[CapturedItem | Failure]]


@pytest.fixture
def capture() -> Capture:
    """Capture inputs with given settings and hints, private addresses allowed."""

    def run(
        *inputs: str, hints: Hints | None = None, stdin: Any = None, **settings: Any
    ) -> list[CapturedItem | Failure]:
        chosen = Settings(**{"allow_private_addresses": True, **settings})
        return list(capture_items(inputs, hints=hints or Hints(), settings=chosen, now=NOW, stdin=stdin))

    return run
