"""What the engine asks of an index, free of any index library's types.

The Whoosh index stands behind it; a cluster of another kind could. Which one
does is chosen by :func:`search.backends.open_backend`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from index.article import Article
from search.page import Completion, Explanation, Facets
from search.query import Node, Phrase
from search.request import SearchRequest
from search.understanding.reading import Understood
from search.understanding.statistics import IndexStatistics


class Ranked(NamedTuple):
    """One result before it is made presentable.

    Attributes:
        duplicates: how many near-duplicates among the matches it stands for.
        about: whether it is about the query; else it only has words of it.
        versions: some of these near-duplicates, as other papers have them.
    """

    article: Article
    score: float
    duplicates: int = 0
    explanation: Explanation | None = None
    about: bool = True
    versions: tuple[Article, ...] = ()


class Found(NamedTuple):
    """The answer of an index to one search.

    Attributes:
        total: how many articles are about the query, exactly; where none is, how many have words of
            it.
        relaxed: whether articles with only some of the words are among them.
        ranked: those of the page asked for, best first.
        also: synonyms that were searched for too, in place of words of the query.
        collapsed: how many of all are not shown but counted as duplicates of one that is.
        partly: how many more only have words of the query.
        about: whether ``total`` counts articles about the query.
        lacking: whether articles that lack some words are among those not about the query.
        listed: through how many results the pages run.
        complete: how many articles have all words, wherever they stand.
    """

    total: int
    relaxed: bool
    ranked: tuple[Ranked, ...]
    facets: Facets
    collapsed: int = 0
    also: tuple[Phrase, ...] = ()
    partly: int = 0
    about: bool = True
    lacking: bool = False
    listed: int = 0
    complete: int = 0


NOTHING = Found(0, False, (), Facets())


class Ranking(NamedTuple):
    """Scored matches of a search.

    Attributes:
        best: the highest score of all, whatever the page and the order; 0 if nothing matches.
        found: reads the articles of the page asked for, and counts the facets.
    """

    best: float
    found: Callable[[], Found]


class Backend(IndexStatistics, Protocol):
    """One build of an index, open for reading; safe to share between threads."""

    def suggest(self, prefix: str, limit: int) -> tuple[Completion, ...]:
        """What a half-typed query may become, likeliest first."""
        ...

    def related(self, article_id: str, limit: int) -> tuple[Ranked, ...] | None:
        """Articles of the same affair, likest first; None if there is no such article."""
        ...

    def other_readings(self, understood: Understood) -> tuple[Node, ...]:
        """The query with synonyms in place of some of its words."""
        ...

    def count(self, understood: Understood, request: SearchRequest) -> int:
        """How many articles have all words as they stand, without ranking them."""
        ...

    def rank(self, understood: Understood, request: SearchRequest) -> Ranking:
        """The articles about a query, and those that only have words of it, scored."""
        ...

    def rank_some(self, understood: Understood, request: SearchRequest) -> Ranking:
        """The articles that most likely answer a query that none has all words of, scored."""
        ...

    def article(self, article_id: str) -> Article | None:
        """The stored article, or None."""
        ...
