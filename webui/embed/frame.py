"""``/embed``: the search as a page for frames of other sites' pages.

It takes the parameters of a search, and ``theme``. Which sites may frame it is the owner's choice;
nothing else of this site can be framed by anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from flask import Blueprint, Response, make_response, render_template, request

from search import SearchEngine, SearchPage, SearchRequest
from search.request import MAX_DEPTH
from webui.http.security import framed_by
from webui.parameters import Parameters, choice, read_search, search_parameters, search_url
from webui.rendering.dates import now
from webui.rendering.tiers import dividing_line, nothing_about, parted
from webui.searching import searched


class Theme(str, Enum):
    """Light, dark, or as the reader's system is."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


THEME = choice("theme", Theme.AUTO, "Light or dark; otherwise as the reader's system.")


def frame_blueprint(
    engine: SearchEngine, ancestors: tuple[str, ...], image_hosts: Callable[[], tuple[str, ...]]
) -> Blueprint:
    """``/embed``.

    Args:
        engine: answers the searches.
        ancestors: origins of pages that may frame it, besides this site's own.
        image_hosts: origins that it may show pictures from.
    """
    frame = Blueprint("frame", __name__)

    @frame.get("/embed")
    def embed() -> Response:
        given = Parameters(request.query_string)
        asked = read_search(given)
        theme = THEME.read(given)
        page = searched(engine, asked)
        last = min(page.pages, MAX_DEPTH // page.per_page)
        shown = render_template(
            "embed.html",
            asked=asked,
            page=page,
            tiers=parted(page.hits),
            line=dividing_line(page),
            summary="" if page.about else nothing_about(page, filtered=asked.filtered),
            theme=theme,
            kept=_kept(asked, theme),
            proposed=_proposed(asked, page, theme),
            ways_back=[
                (way, _address(replace(asked, query=way.text, page=1), theme))
                for way in page.relaxations
            ],
            as_typed=_address(replace(asked, verbatim=True, page=1), theme),
            before=_address(replace(asked, page=asked.page - 1), theme) if asked.page > 1 else "",
            after=_address(replace(asked, page=asked.page + 1), theme) if asked.page < last else "",
            now=now(),
        )
        response = make_response(shown)
        response.headers["Content-Security-Policy"] = framed_by(ancestors, image_hosts())
        response.vary.add("Accept-Language")
        return response

    return frame


def _kept(asked: SearchRequest, theme: Theme) -> list[tuple[str, str]]:
    """What a new query in the same frame goes on with."""
    kept = search_parameters(replace(asked, query="", page=1, verbatim=False))
    return [*kept, (THEME.name, theme.value)] if theme is not Theme.AUTO else kept


def _proposed(asked: SearchRequest, page: SearchPage, theme: Theme) -> list[tuple[str, str]]:
    """Other queries that may be what was meant, and their addresses."""
    if page.suggestion is None:
        return []
    readings = [reading.text for reading in page.suggestion.alternatives]
    return [
        (text, _address(replace(asked, query=text, page=1, verbatim=False), theme))
        for text in readings or [page.suggestion.text]
    ]


def _address(asked: SearchRequest, theme: Theme) -> str:
    address = search_url(asked).replace("/search", "/embed", 1)
    if theme is Theme.AUTO:
        return address
    return f"{address}{'&' if '?' in address else '?'}{THEME.name}={theme.value}"
