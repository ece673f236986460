"""Which pages of other sites may call the API, by browsers' rules (CORS).

Only origins of the owner's list are let in; with ``*`` all are, which is safe because no response
depends on who asks: the only cookie is that of the editor's desk, which is not open here. A page
that is not let in gets its preflight refused, and a response that its browser does not hand on.
What writes, or counts a click, is open to pages of this site and of origins that the list names,
whatever key they send; ``*`` opens nothing there.
"""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from webui.parameters import ATOM_PATH, JSON_FEED_PATH, MULTI_SEARCH_PATH
from webui.settings import ANY_ORIGIN

_OPEN_PATHS = ("/api/", ATOM_PATH, JSON_FEED_PATH)
_METHODS = "GET, HEAD"
_SEARCHING_METHODS = "POST"
_WRITING_METHODS = "PUT, POST, PATCH, DELETE"
_REQUEST_HEADERS = "Accept-Language, Authorization, Content-Type, If-None-Match, X-API-Key"
_WRITING_HEADERS = "Authorization, Content-Type, Idempotency-Key, X-API-Key"
_EXPOSED_HEADERS = "ETag, Retry-After, Server-Timing"
_REFUSED = "the owner of this site has not allowed pages of this origin to call"
_KEEP_PREFLIGHT_SECONDS = 7200
"""As long as Chromium keeps one at most."""


def register_cors(app: Flask, allowed_origins: tuple[str, ...]) -> None:
    """Let pages of these origins call the API of ``app``."""
    allowed = frozenset(allowed_origins)
    anybody = ANY_ORIGIN in allowed

    def respond_to_preflight() -> Response | None:
        asked = "Access-Control-Request-Method" in request.headers and "Origin" in request.headers
        if request.method != "OPTIONS" or not asked or not request.path.startswith(_OPEN_PATHS):
            return None
        writes = _writes(request.headers["Access-Control-Request-Method"])
        if not ((anybody and not writes) or request.headers["Origin"] in allowed):
            raise Forbidden(_REFUSED)
        response = Response(status=204)
        searches = request.path == MULTI_SEARCH_PATH
        methods = _SEARCHING_METHODS if searches else _METHODS
        headers = _REQUEST_HEADERS
        if writes:
            methods, headers = _WRITING_METHODS, _WRITING_HEADERS
        response.headers["Access-Control-Allow-Methods"] = methods
        response.headers["Access-Control-Allow-Headers"] = headers
        response.headers["Access-Control-Max-Age"] = str(_KEEP_PREFLIGHT_SECONDS)
        response.vary.update(("Access-Control-Request-Method", "Access-Control-Request-Headers"))
        return response

    def let_in(response: Response) -> Response:
        if not allowed or not request.path.startswith(_OPEN_PATHS):
            return response
        origin = ANY_ORIGIN if anybody else request.headers.get("Origin", "")
        if not anybody:
            response.vary.add("Origin")
        if anybody or origin in allowed:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS
            response.headers["Timing-Allow-Origin"] = origin
        return response

    def refuse_writing_pages() -> None:
        origin = request.headers.get("Origin")
        if origin is None or not _writes(request.method):
            return
        if origin not in allowed and origin != request.host_url.rstrip("/"):
            raise Forbidden(_REFUSED)

    app.before_request(respond_to_preflight)
    app.before_request(refuse_writing_pages)
    app.after_request(let_in)


def _writes(method: str) -> bool:
    """Whether a request of a method changes something."""
    return method in _WRITING_METHODS.split(", ") and request.path != MULTI_SEARCH_PATH
