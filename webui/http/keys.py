"""API keys, for sites whose owner gives them out: who sends one is not limited.

A key is no secret where a widget sends it from a public page: it says who asks, so that its owner
can be told or refused. Where keys are required the pages of this site itself, which browsers
mark as such, may call the API without one.
"""

from __future__ import annotations

import hashlib

from flask import Flask, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from webui.parameters import API_PREFIX

HEADER = "X-API-Key"

_SENT_BY_OUR_PAGES = ("Sec-Fetch-Site", "same-origin")
_WITHOUT_KEY = {f"{API_PREFIX}/openapi.json"}


def register_keys(app: Flask, keys: tuple[str, ...], *, required: bool) -> None:
    """Know ``keys``; refuse those that are not known and, where ``required``, requests without."""
    # By digest, so that how long the comparison takes says nothing about a key.
    known = frozenset(map(_digest, keys))

    def check() -> None:
        sent = request.headers.get(HEADER, "")
        g.has_key = bool(sent) and _digest(sent) in known
        if not known or g.has_key or not request.path.startswith(f"{API_PREFIX}/"):
            return
        name, value = _SENT_BY_OUR_PAGES
        free = not required or request.headers.get(name) == value
        if sent or not (free or request.path in _WITHOUT_KEY):
            raise Unauthorized(
                f"send a key that the owner of this site gave you in the header {HEADER}",
                www_authenticate=WWWAuthenticate("api-key"),
            )

    app.before_request(check)


def has_key() -> bool:
    """Whether the request came with a key that is known."""
    return bool(g.get("has_key"))


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
