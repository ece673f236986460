"""What other sites put into their pages: the element ``<tim-bao>``.

``/embed.js`` draws the box and is all that a page loads with itself; the rest comes from
``/embed/<digest>.js`` at the first focus. Both are made once from the files in ``widget/``, are the
same for everybody and may be loaded by any page; whether a page may then search is for
:mod:`webui.http.cors` to say.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Response, request

_FOLDER = Path(__file__).parent / "widget"
_FOR_AN_HOUR = "public, max-age=3600"
_FOR_GOOD = "public, max-age=31536000, immutable"


_FOR_READERS_OF_THE_SOURCE = re.compile(r"^\s*(?:(?:/\*|\*|//).*\n?)?", re.MULTILINE)
"""Indentation, empty lines and lines of comment: a fifth of what would be loaded."""


class Widget(NamedTuple):
    """The two scripts of the element.

    Attributes:
        digest: of the second, as the first asks for it.
    """

    loader: bytes
    body: bytes
    digest: str


def read_widget() -> Widget:
    """The scripts, with their style sheets and the address of the second in them."""
    body = _script("body")
    digest = hashlib.sha256(body.encode()).hexdigest()[:12]
    return Widget(_script("loader").replace("{{digest}}", digest).encode(), body.encode(), digest)


def embed_blueprint() -> Blueprint:
    """The scripts of the element."""
    embed = Blueprint("embed", __name__)
    widget = read_widget()

    @embed.get("/embed.js")
    def loader() -> Response:
        return _shared(widget.loader, _FOR_AN_HOUR)

    @embed.get("/embed/<digest>.js")
    def body(digest: str) -> Response:
        # Loaders from before an update are about for an hour, and must go on working.
        return _shared(widget.body, _FOR_GOOD if digest == widget.digest else "no-cache")

    return embed


def _script(name: str) -> str:
    css = (_FOLDER / f"{name}.css").read_text("utf-8")
    script = (_FOLDER / f"{name}.js").read_text("utf-8").replace("{{css}}", css)
    return _FOR_READERS_OF_THE_SOURCE.sub("", script)


def _shared(script: bytes, caching: str) -> Response:
    """A script for pages of any site, also by ``import()`` and where they are isolated."""
    response = Response(script, content_type="text/javascript; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = caching
    response.add_etag()
    response.make_conditional(request)
    return response
