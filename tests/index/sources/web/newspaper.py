"""A small web server for the tests: answers what it is told to, and remembers what it was asked."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple


class Answer(NamedTuple):
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = {}


class Request(NamedTuple):
    path: str
    headers: Mapping[str, str]
    time: float


class Newspaper:
    """A site: its answers by path, each a value or a function of the request."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Request], Answer]] = {}
        self.requests: list[Request] = []
        self.port = 0
        self.host = "http://127.0.0.1"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        content = body.encode() if isinstance(body, str) else body
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(content, status, names)

    def asked(self, path: str | None = None) -> list[str]:
        """The paths asked for, robots.txt left out."""
        paths = [request.path for request in self.requests if request.path != "/robots.txt"]
        return paths if path is None else [each for each in paths if each == path]


@contextmanager
def open_newspaper(certificate: Path | None = None) -> Iterator[Newspaper]:
    """Serve a site meanwhile; with a certificate, and its key in the same file, over TLS."""
    site = Newspaper()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ssl.SSLError):  # a client that refuses the certificate says so
                super().handle()

        def do_GET(self) -> None:
            request = Request(self.path, dict(self.headers.items()), time.monotonic())
            site.requests.append(request)
            found = site.answers.get(self.path, Answer(b"", 404))
            answer = found if isinstance(found, Answer) else found(request)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.port = server.server_address[1]
        if certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
            # Each connection's own thread greets, so that a client who hangs up hurts no other.
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
            site.host = "https://localhost"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
