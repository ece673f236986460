"""How an article stands, for editors: shown, not yet, withdrawn, or not there at all."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from search import SearchEngine
from search.serving.publishing import Journal, JournalError


class Standing(str, Enum):
    """Whether readers find an article."""

    SHOWN = "shown"
    SCHEDULED = "scheduled"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"


class Known(NamedTuple):
    """An article as the desk tells of it.

    Attributes:
        headline: "" where the index does not have the article.
    """

    id: str
    headline: str
    standing: Standing


def standing_of(engine: SearchEngine, article_id: str) -> Known:
    """How the article of an id stands; what is written last counts, also before it is indexed."""
    article = engine.find(article_id)
    headline = article.headline if article else ""
    try:
        word = Journal(engine.directory).last_word(article_id)
    except JournalError:
        word = None
    if word is not None and word.content is None:
        return Known(article_id, headline, Standing.WITHDRAWN)
    if article is not None:
        return Known(article_id, headline, Standing.SHOWN)
    return Known(article_id, "", Standing.SCHEDULED if word else Standing.MISSING)
