"""What every answer tells browsers not to do.

Pages load scripts, a style sheet and pictures from this site and nothing else: no frame, no font,
nothing from another host, nothing written into the page. They set no cookie and send no address of
theirs to other sites.
"""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

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
}


def framed_by(origins: tuple[str, ...]) -> str:
    """The content security policy of a page that pages of these origins, and ours, may frame."""
    return _PAGE_POLICY + " ".join(("'self'", *origins))


def register_security(app: Flask, max_body_bytes: int) -> None:
    """Refuse large bodies and put the headers on every answer of ``app``."""

    def refuse_large_body() -> None:
        if (request.content_length or 0) > max_body_bytes:
            raise RequestEntityTooLarge

    def set_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        # Answers change with the index; static files are given longer by their digest.
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    app.before_request(refuse_large_body)
    app.after_request(set_headers)
