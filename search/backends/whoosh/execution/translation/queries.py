"""From Whoosh's query classes to nodes over one segment.

A query of a class that is not here raises :class:`UnsupportedQuery`. Some things differ from stock
Whoosh on purpose. A query that stands for several terms (prefix, wildcard, fuzzy, range) and is
asked for a constant score gives its boost to every match, where stock Whoosh gives 1, the boost or
a sum of BM25 scores, depending on how many terms and documents a segment has. ``Otherwise`` looks
at the whole index, where stock Whoosh decides anew in every segment. And the parts of
``DisjunctionMax`` score only documents that they match, where stock Whoosh takes the score of
whatever document a part has got to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from whoosh import query as wq
from whoosh.fields import Schema
from whoosh.query import spans
from whoosh.query.positional import Sequence as WhooshSequence

from search.backends.whoosh.execution.errors import UnsupportedQuery
from search.backends.whoosh.execution.fields import Collection, SegmentView
from search.backends.whoosh.execution.nodes.boolean import (
    Best,
    Both,
    Constant,
    Either,
    Except,
    Inverse,
    Required,
    WithMaybe,
)
from search.backends.whoosh.execution.nodes.node import Node, Nothing
from search.backends.whoosh.execution.nodes.phrase import Proximity
from search.backends.whoosh.execution.translation.expansion import SEVERAL_TERMS
from search.backends.whoosh.execution.translation.terms import TermTranslator


class Translator:
    """Makes the nodes of one query."""

    def __init__(self, collection: Collection, schema: Schema) -> None:
        self._collection = collection
        self._terms = TermTranslator(collection, schema)

    def node(self, query: wq.Query, view: SegmentView) -> Node:
        """The node of a query over a segment.

        Raises:
            UnsupportedQuery: of it or a part of it.
        """
        kind = type(query)
        if kind in _LEAVES:
            return _LEAVES[kind](self._terms, query, view)
        if kind in _PARTS:
            return _PARTS[kind](self, query, view)
        if query is wq.NullQuery:
            return Nothing(view.doc_count)
        raise UnsupportedQuery(f"{kind.__name__} cannot be executed over arrays")

    def _nodes(self, queries: Sequence[wq.Query], view: SegmentView) -> list[Node]:
        return [self.node(query, view) for query in queries]

    def _and(self, query: wq.And, view: SegmentView) -> Node:
        nodes = self._nodes(query.subqueries, view)
        if not nodes or any(isinstance(node, Nothing) for node in nodes):
            return Nothing(view.doc_count)
        # Whoosh ignores the boost of a compound query with one part.
        return Both(nodes, query.boost) if len(nodes) > 1 else nodes[0]

    def _or(self, query: wq.Or, view: SegmentView) -> Node:
        if query.scale:
            raise UnsupportedQuery("Or with a coordination bonus cannot be executed over arrays")
        word = self._terms.word(query, view)
        if word is not None:
            return word
        nodes, boost = self._parts(query, view)
        return Either(nodes, boost) if nodes else Nothing(view.doc_count)

    def _best(self, query: wq.DisjunctionMax, view: SegmentView) -> Node:
        if query.tiebreak:
            raise UnsupportedQuery("DisjunctionMax with a tiebreak cannot be executed over arrays")
        nodes, boost = self._parts(query, view)
        return Best(nodes, boost) if nodes else Nothing(view.doc_count)

    def _parts(
        self, query: wq.Or | wq.DisjunctionMax, view: SegmentView
    ) -> tuple[list[Node], float]:
        nodes = self._nodes(query.subqueries, view)
        boost = query.boost if len(nodes) > 1 else 1.0
        return [node for node in nodes if not isinstance(node, Nothing)], boost

    def _not(self, query: wq.Not, view: SegmentView) -> Node:
        return Inverse(self.node(query.query, view))

    def _and_not(self, query: wq.AndNot, view: SegmentView) -> Node:
        return Except(self.node(query.a, view), self.node(query.b, view))

    def _require(self, query: wq.Require, view: SegmentView) -> Node:
        return Required(self.node(query.a, view), self.node(query.b, view))

    def _and_maybe(self, query: wq.AndMaybe, view: SegmentView) -> Node:
        return WithMaybe(self.node(query.a, view), self.node(query.b, view))

    def _otherwise(self, query: wq.Otherwise, view: SegmentView) -> Node:
        for other in self._collection.views:
            docs = self.node(query.a, other).docs()
            alive = other.leaf.alive
            if len(docs) if alive is None else alive[docs].any():
                return self.node(query.a, view)
        return self.node(query.b, view)

    def _constant(self, query: wq.ConstantScoreQuery, view: SegmentView) -> Node:
        return Constant(self.node(query.child, view), query.score)

    def _sequence(self, query: WhooshSequence, view: SegmentView) -> Node:
        # Whoosh pairs the parts up as a tree; for these the tree's shape makes no difference.
        if len(query.subqueries) > 2 and not (query.slop == 1 and query.ordered):
            raise UnsupportedQuery("Sequence of more than two parts needs slop 1, in order")
        proximity = Proximity(query.slop, 1, query.ordered)
        return self._terms.near(query.subqueries, proximity, query.boost, view)

    def _span_near(self, query: spans.SpanNear2, view: SegmentView) -> Node:
        proximity = Proximity(query.slop, query.mindist, query.ordered)
        return self._terms.near(query.qs, proximity, 1.0, view)


_LEAVES: dict[type, Callable[..., Node]] = {
    wq.Term: TermTranslator.term,
    wq.Every: TermTranslator.every,
    wq.Phrase: TermTranslator.phrase,
    wq.NumericRange: TermTranslator.date_range,
    wq.DateRange: TermTranslator.date_range,
    **dict.fromkeys(SEVERAL_TERMS, TermTranslator.several),
}
_PARTS: dict[type, Callable[..., Node]] = {
    wq.And: Translator._and,
    wq.Or: Translator._or,
    wq.DisjunctionMax: Translator._best,
    wq.Not: Translator._not,
    wq.AndNot: Translator._and_not,
    wq.Require: Translator._require,
    wq.AndMaybe: Translator._and_maybe,
    wq.Otherwise: Translator._otherwise,
    wq.ConstantScoreQuery: Translator._constant,
    WhooshSequence: Translator._sequence,
    spans.SpanNear2: Translator._span_near,
}
