"""API keys, for sites whose owner gives them out: who sends one is not limited, and may write.

A key for searches is no secret where a widget sends it from a public page: it says who asks, so
that its owner can be told or refused. Where keys are required the pages of this site itself, which
browsers mark as such, may call the API without one. A key is taken from a header and from nowhere
else: an address is written into logs and histories.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from webui.http.keys.key_file import KeyRing, KnownKey, Scope
from webui.http.problems import Refusal
from webui.parameters import API_PREFIX, MCP_PATH

HEADER = "X-API-Key"

_RING = "KEY_RING"
_BEARER = "bearer "
_SENT_BY_OUR_PAGES = ("Sec-Fetch-Site", "same-origin")
_GUARDED = (f"{API_PREFIX}/", MCP_PATH)
_SEARCHING = ("api.", "mcp.")
_WITHOUT_KEY = {f"{API_PREFIX}/openapi.json"}


def register_keys(
    app: Flask, keys: tuple[str, ...], *, required: bool, key_file: Path | None = None
) -> None:
    """Know keys; refuse those that are not known and, where ``required``, requests without.

    Args:
        app: the application.
        keys: for searches, as they are.
        required: whether the API answers searches only to who sends one.
        key_file: of keys with scopes (:mod:`webui.http.keys.key_file`), or None.
    """
    ring = KeyRing(keys, key_file)
    app.config[_RING] = ring

    def check() -> None:
        sent = _sent()
        key = ring.find(sent) if sent else None
        g.has_key = key is not None and key.may(Scope.SEARCH)
        if not ring or g.has_key or not request.path.startswith(_GUARDED):
            return
        name, value = _SENT_BY_OUR_PAGES
        free = not required or request.headers.get(name) == value
        if required and key is not None and (request.endpoint or "").startswith(_SEARCHING):
            raise _not_for(Scope.SEARCH)
        if key is None and (sent or not (free or request.path in _WITHOUT_KEY)):
            raise _unauthorized()

    app.before_request(check)


def key_ring(app: Flask) -> KeyRing:
    """The keys that ``app`` knows."""
    ring: KeyRing = app.config[_RING]
    return ring


def has_key() -> bool:
    """Whether the request came with a key for searches that is known."""
    return bool(g.get("has_key"))


def require(scope: Scope) -> KnownKey:
    """The key that this request came with, which must be for this.

    Raises:
        Unauthorized: there is none, or none that is known.
        Refusal: it is for something else.
    """
    sent = _sent()
    key = key_ring(current_app).find(sent) if sent else None
    if key is None:
        raise _unauthorized()
    if not key.may(scope):
        raise _not_for(scope)
    return key


def _sent() -> str:
    sent = request.headers.get(HEADER, "")
    if not sent:
        given = request.headers.get("Authorization", "")
        if given[: len(_BEARER)].lower() == _BEARER:
            sent = given[len(_BEARER) :].strip()
    return sent


def _not_for(scope: Scope) -> Refusal:
    return Refusal(403, "not_permitted", f"this key is not for that: it lacks {scope.value}")


def _unauthorized() -> Unauthorized:
    return Unauthorized(
        f"send a key that the owner of this site gave you in the header {HEADER}",
        www_authenticate=WWWAuthenticate("api-key"),
    )
