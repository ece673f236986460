"""ETags: whether a response that a client still has is what it would get now.

A response follows from the build of the index, the program, how its owner and editors have it
rank, the address and, since queries may say "hôm qua", the day. A tag is made of these and not of
the bytes, so a client that has the response is told so without a search. It is weak: the time a
response took is never the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request

import search
from search import SearchEngine
from webui.rendering.dates import now

_RANKING = "RANKING"
_PACKAGES = ("index", "search", "webui")


def register_freshness(app: Flask, ranking: Callable[[], str]) -> None:
    """Tell responses of ``app`` from those of the same program that ranks otherwise.

    Args:
        app: the application.
        ranking: all that its owner and its editors have chosen for now.
    """
    app.config[_RANKING] = ranking


def not_modified(engine: SearchEngine, *variants: str) -> Response | None:
    """``304 Not Modified``, if the client has what this request would be sent.

    Args:
        engine: whose build would be searched.
        variants: which responses of this address are still good; none where there is only one.
    """
    had = request.if_none_match
    if not had:  # most programs; tags are made for the others only
        return None
    build = engine.build
    for variant in variants or ("",):
        if had.contains_weak(_tag(build, variant)):
            return tagged(Response(status=304), build, variant)
    return None


def tagged(response: Response, build: str, variant: str = "") -> Response:
    """``response`` with its tag, for clients to ask again with.

    Args:
        response: a whole response.
        build: the one that the response was made from.
        variant: which one it is, where an address has several responses.
    """
    response.set_etag(_tag(build, variant), weak=True)
    return response


def _tag(build: str, variant: str) -> str:
    today = now().date().isoformat()
    made_by = (program(), current_app.config[_RANKING](), build, today)
    place = (request.scheme, request.host, request.script_root, request.path)
    parts = (*made_by, variant, *place)
    asked = "\0".join(parts).encode() + b"?" + request.query_string
    return hashlib.blake2b(asked, digest_size=12).hexdigest()


@cache
def program() -> str:
    """A digest of the source of this program: another release may respond otherwise."""
    root = Path(search.__file__).parent.parent
    digest = hashlib.blake2b(digest_size=8)
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*.*")):
            if path.suffix in {".py", ".html", ".po", ".css", ".js", ".svg", ".txt", ".tsv"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()
