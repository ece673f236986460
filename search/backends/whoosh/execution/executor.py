"""Running Whoosh queries over a snapshot: exact counts, exact best results, sorting and facets.

::

    executor = Executor(Snapshot.open(directory), make_schema())
    found = executor.search(And([Term("body", "thong"), Term("body", "tin")]), limit=10)
    found.total, found.docs, found.scores     # the snapshot's document numbers, best first

Results are stock Whoosh's with ``limit=None``: the same documents, BM25F scores equal to within
rounding (1e-9 relative), ties to the lower document number. An executor holds no state but caches
and may be shared by threads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import Schema
from whoosh.query import Query

from index.snapshot import Snapshot
from search.backends.whoosh.execution.best_of_any import best_of_any, threshold
from search.backends.whoosh.execution.fields import Collection, SegmentView
from search.backends.whoosh.execution.nodes.boolean import Either
from search.backends.whoosh.execution.nodes.node import Docs, Node
from search.backends.whoosh.execution.nodes.term import TermNode
from search.backends.whoosh.execution.translation.queries import Translator


class FoundDocs(NamedTuple):
    """The result of a search.

    Attributes:
        total: how many documents match, exactly.
        docs: the best of them, the snapshot's document numbers, best first.
        scores: theirs.
    """

    total: int
    docs: NDArray[np.int64]
    scores: NDArray[np.float64]


class Executor:
    """Runs queries over one snapshot."""

    def __init__(self, snapshot: Snapshot, schema: Schema) -> None:
        self.snapshot = snapshot
        self.collection = Collection(snapshot)
        self._schema = schema

    def search(self, query: Query, limit: int) -> FoundDocs:
        """The best ``limit`` documents that match, and how many match.

        Raises:
            UnsupportedQuery: a part of the query is of a class that has no node.
        """
        translator = Translator(self.collection, self._schema)
        total = 0
        docs: list[NDArray[np.int64]] = []
        scores: list[NDArray[np.float64]] = []
        for view in self.collection.views:
            found = _search_segment(translator.node(query, view), view, limit)
            total += found.total
            docs.append(found.docs + view.leaf.base)
            scores.append(found.scores)
        if not docs:
            return FoundDocs(0, np.zeros(0, np.int64), np.zeros(0))
        best = best_first(np.concatenate(scores), limit)
        return FoundDocs(total, np.concatenate(docs)[best], np.concatenate(scores)[best])

    def matching(self, query: Query) -> NDArray[np.int64]:
        """All documents that match, ascending: for facets, and for sorting by a column.

        Raises:
            UnsupportedQuery: as for :meth:`search`.
        """
        translator = Translator(self.collection, self._schema)
        docs = [
            alive_docs(translator.node(query, view).docs(), view) + view.leaf.base
            for view in self.collection.views
        ]
        return np.concatenate([np.zeros(0, np.int64), *docs])


def alive_docs(docs: Docs, view: SegmentView) -> Docs:
    """Those of a segment's documents that are not deleted."""
    alive = view.leaf.alive
    return docs if alive is None else docs[alive[docs]]


def best_first(scores: NDArray[np.float64], limit: int) -> NDArray[np.intp]:
    """The places of the ``limit`` highest scores, highest first, ties by place."""
    if len(scores) > 4 * limit:
        among = np.flatnonzero(scores >= threshold(scores, limit))
        return among[np.argsort(-scores[among], kind="stable")[:limit]]
    return np.argsort(-scores, kind="stable")[:limit]


def _search_segment(node: Node, view: SegmentView, limit: int) -> FoundDocs:
    if isinstance(node, Either) and node.boost == 1.0:
        terms = [child for child in node.children if isinstance(child, TermNode)]
        if len(terms) == len(node.children):
            return _search_any(node, terms, view, limit)
    docs = alive_docs(node.docs(), view)
    scores = node.scores(docs)
    best = best_first(scores, limit)
    return FoundDocs(len(docs), docs[best], scores[best])


def _search_any(node: Either, terms: list[TermNode], view: SegmentView, limit: int) -> FoundDocs:
    mask = node.mask()
    if view.leaf.alive is not None:
        mask &= view.leaf.alive
    docs, scores = best_of_any(terms, view.leaf.alive, limit)
    best = best_first(scores, limit)
    return FoundDocs(int(np.count_nonzero(mask)), docs[best], scores[best])
