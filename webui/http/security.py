"""What every response tells browsers not to do.

Pages load scripts and style sheets from this site, pictures also from the hosts on which the
articles have theirs, and nothing else: no frame, no font, nothing written into the page. They set
no cookie, but for editors at their desk, and send no address of theirs to other sites.
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

MAX_DESK_BYTES = 256 * 1024
"""Of a form of the editor's desk."""

_WRITTEN = f"{API_PREFIX}/articles"
_POLICY = "Content-Security-Policy"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; img-src "
)

_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # A query is nobody else's business: other sites do not learn which page led to them.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # Responses change with the index; static files are given longer by their digest.
    "Cache-Control": "no-cache",
}


def framed_by(origins: tuple[str, ...], image_hosts: tuple[str, ...]) -> str:
    """The content security policy of a page that pages of these origins, and ours, may frame."""
    return _policy(image_hosts, " ".join(("'self'", *origins)))


def _policy(image_hosts: tuple[str, ...], ancestors: str = "'none'") -> str:
    hosts = " ".join(("'self'", *image_hosts))
    return f"{_PAGE_POLICY}{hosts}; frame-ancestors {ancestors}"


def register_security(
    app: Flask, max_body_bytes: int, image_hosts: Callable[[], tuple[str, ...]]
) -> None:
    """Refuse large bodies and put the headers on every response of ``app``.

    Args:
        app: the application.
        max_body_bytes: of a request.
        image_hosts: the origins, besides its own, from which pages show pictures now.
    """

    def refuse_large_body() -> None:
        most = max_body_bytes
        if request.path.startswith(_WRITTEN):
            most = MAX_WRITTEN_BYTES
        elif request.path.startswith("/desk/"):
            most = max(most, MAX_DESK_BYTES)
        if (request.content_length or 0) > most:
            raise RequestEntityTooLarge

    app.before_request(refuse_large_body)
    app.wsgi_app = _WithHeaders(app.wsgi_app, image_hosts)  # type: ignore[method-assign]  # as Flask documents


class _WithHeaders:
    """An application, with those of the headers on each response that it did not set itself.

    Put on beneath Flask, where they cost ten times as much: each looks for its name first
    among all that are there.
    """

    def __init__(
        self, application: WSGIApplication, image_hosts: Callable[[], tuple[str, ...]]
    ) -> None:
        self._application = application
        self._image_hosts = image_hosts
        self._wanted = [(name.lower(), (name, value)) for name, value in _HEADERS.items()]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], error: OptExcInfo | None = None
        ) -> Callable[[bytes], object]:
            there = {name.lower() for name, _ in headers}
            wanted = [header for name, header in self._wanted if name not in there]
            if _POLICY.lower() not in there:
                wanted.append((_POLICY, _policy(self._image_hosts())))
            return start_response(status, headers + wanted, error)

        return self._application(environ, start)
