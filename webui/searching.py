"""One search for a request: whoever measures or counts searches finds its answer here."""

from __future__ import annotations

from flask import g

from search import SearchEngine, SearchPage, SearchRequest


def searched(engine: SearchEngine, asked: SearchRequest) -> SearchPage:
    """Answer a search, and keep the answer for as long as the request lasts."""
    page = engine.search(asked)
    g.page = page
    return page


def page_of_request() -> SearchPage | None:
    """What this request searched for and found; None where it searched for nothing."""
    found: SearchPage | None = g.get("page")
    return found
