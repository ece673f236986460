"""Two tiers of matches: articles about a query, and others that have its words somewhere.

An article is about a query if the units of its plain words stand together in it
(:mod:`search.backends.whoosh.about`), or if all of many words stand in its headline and lead. What
else a query says (quotes, fields, exclusions, alternatives) are conditions on both tiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from index.analysis import Analyser
from index.language.model.model import LanguageModel
from index.snapshot import Snapshot
from search.backends.whoosh.about import AboutMatcher, Docs
from search.matching.neighbours import Neighbours
from search.matching.plain_words import MANY_WORDS, Parts, plain_units, taken_apart
from search.matching.words import Restore
from search.query import AnyOf, Node

Matching = Callable[[Node], Docs]
"""All documents that match a part of a query as a condition, ascending."""


class Tiers:
    """Tells which articles are about a query; safe to share between threads.

    Args:
        snapshot: of the index.
        analyser: tells words from one another.
        model: what the index knows of words side by side.
        restore: puts accents back.

    Attributes:
        neighbours: what the index knows of words side by side.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        analyser: Analyser,
        model: LanguageModel,
        restore: Restore,
    ) -> None:
        self._analyser = analyser
        self._model = model
        self._restore = restore
        self._matcher = AboutMatcher(snapshot)
        self.neighbours = Neighbours(model, self._matcher)

    def about(
        self, tree: Node | None, complete: Docs, matching: Matching, *, exact: bool
    ) -> Docs | None:
        """All documents about one reading of a query; None where every match is.

        Args:
            tree: the query.
            complete: the documents that have all of its words.
            matching: all documents that match a part of the query as a condition.
            exact: whether other accents than typed are refused.
        """
        match tree:
            case AnyOf(children):
                return self._any_of(children, matching, exact=exact)
            case None:
                return None
            case _:
                parts = taken_apart(tree, exact=exact)
                return self._all_of(parts, complete, matching, exact=exact)

    def _any_of(self, children: Iterable[Node], matching: Matching, *, exact: bool) -> Docs:
        found = []
        for child in children:
            complete = matching(child)
            docs = self.about(child, complete, matching, exact=exact)
            found.append(complete if docs is None else docs)
        return np.unique(np.concatenate(found))

    def _all_of(
        self, parts: Parts, complete: Docs, matching: Matching, *, exact: bool
    ) -> Docs | None:
        if not parts.plain:
            return None
        units, telling, whole = plain_units(
            parts, self._analyser, self._model, self._restore, self.neighbours, exact=exact
        )
        docs = self._matcher.docs(units, complete if whole else None)
        if len(telling) >= MANY_WORDS or (not len(docs) and len(telling) > 2):
            docs = np.union1d(docs, self._matcher.in_short_texts(telling))
        condition = parts.condition()
        if condition is not None and len(docs):
            docs = np.intersect1d(docs, matching(condition), assume_unique=True)
        return docs
