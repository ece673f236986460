"""Which articles are about a query, as a query of the cluster: the twin of the Whoosh back end's.

The rules are those of :mod:`search.backends.whoosh.tiers`; here a set of articles is a query.
"""

from __future__ import annotations

from collections.abc import Callable

from index.analysis import Analyser
from index.language.model.model import LanguageModel
from search.backends.opensearch.queries import (
    Conditions,
    Query,
    all_of,
    any_of,
    in_short_texts,
    units_together,
)
from search.matching.neighbours import Neighbours
from search.matching.plain_words import MANY_WORDS, Parts, plain_units, taken_apart
from search.matching.units import Unit
from search.matching.words import Restore
from search.query import AnyOf, Node

CountOf = Callable[[Query], int]
"""How many articles match a query."""


class UnitCounts:
    """Counts words side by side in a cluster.

    Args:
        count: of the cluster.
    """

    def __init__(self, count: CountOf) -> None:
        self._count = count

    def any_has(self, unit: Unit) -> bool:
        """Whether any article has a unit."""
        return self._count(units_together([unit])) > 0

    def share(self, whole: Unit, part: Unit) -> float:
        """Which share of the articles with a part of a unit have all of it."""
        having_part = self._count(units_together([part]))
        return self._count(units_together([whole])) / max(having_part, 2)


class Tiers:
    """Tells which articles are about a query; safe to share between threads.

    Args:
        count: of the cluster.
        analyser: tells words from one another.
        model: what the index knows of words side by side.
        restore: puts accents back.
    """

    def __init__(
        self, count: CountOf, analyser: Analyser, model: LanguageModel, restore: Restore
    ) -> None:
        self._count = count
        self._analyser = analyser
        self._model = model
        self._restore = restore
        self._neighbours = Neighbours(model, UnitCounts(count))

    def about(self, tree: Node | None, conditions: Conditions, *, exact: bool) -> Query | None:
        """All articles about one reading of a query; None where every match is.

        Args:
            tree: the query.
            conditions: makes queries of its parts.
            exact: whether other accents than typed are refused.
        """
        match tree:
            case None:
                return None
            case AnyOf(children):
                found = [self.about(child, conditions, exact=exact) for child in children]
                return any_of(
                    [
                        conditions.query(child) if about is None else about
                        for child, about in zip(children, found, strict=True)
                    ]
                )
            case _:
                return self._all_of(taken_apart(tree, exact=exact), conditions, exact=exact)

    def _all_of(self, parts: Parts, conditions: Conditions, *, exact: bool) -> Query | None:
        if not parts.plain:
            return None
        units, telling, _ = plain_units(
            parts, self._analyser, self._model, self._restore, self._neighbours, exact=exact
        )
        about = units_together(units)
        if len(telling) >= MANY_WORDS or (len(telling) > 2 and not self._count(about)):
            about = any_of([about, in_short_texts(telling)])
        condition = parts.condition()
        return about if condition is None else all_of([about, conditions.query(condition)])
