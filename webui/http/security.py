"""What every response tells browsers not to do.

Pages load scripts, a style sheet and pictures from this site and nothing else: no frame, no font,
nothing from another host, nothing written into the page. They set no cookie and send no address of
theirs to other sites.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from webui.parameters import API_PREFIX

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_WRITTEN_BYTES = 16 * 1024 * 1024
"""Of a request that puts articles."""

_WRITTEN = f"{API_PREFIX}/articles"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)

_HEADERS = {
    "Content-Security-Policy": f"{_PAGE_POLICY}'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # A query is nobody else's business: other sites do not learn which page led to them.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # Responses change with the index; static files are given longer by their digest.
    "Cache-Control": "no-cache",
}


def framed_by(origins: tuple[str, ...]) -> str:
    """The content security policy of a page that pages of these origins, and ours, may frame."""
    return _PAGE_POLICY + " ".join(("'self'", *origins))


def register_security(app: Flask, max_body_bytes: int) -> None:
    """Refuse large bodies and put the headers on every response of ``app``."""

    def refuse_large_body() -> None:
        writes = request.path.startswith(_WRITTEN)
        if (request.content_length or 0) > (MAX_WRITTEN_BYTES if writes else max_body_bytes):
            raise RequestEntityTooLarge

    app.before_request(refuse_large_body)
    app.wsgi_app = _WithHeaders(app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents


class _WithHeaders:
    """An application, with those of the headers on each response that it did not set itself.

    Put on beneath Flask, where they cost ten times as much: each looks for its name first
    among all that are there.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._wanted = [(name.lower(), (name, value)) for name, value in _HEADERS.items()]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], error: OptExcInfo | None = None
        ) -> Callable[[bytes], object]:
            there = {name.lower() for name, _ in headers}
            wanted = [header for name, header in self._wanted if name not in there]
            return start_response(status, headers + wanted, error)

        return self._application(environ, start)
