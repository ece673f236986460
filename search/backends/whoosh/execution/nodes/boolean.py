"""AND, OR, NOT and their relatives, as Whoosh scores them.

AND starts from the rarest and asks the others only about what is left; bitsets of frequent terms
are combined a word at a time. OR marks a mask, or where only the best are wanted goes through
:mod:`search.backends.whoosh.execution.best_of_any`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.codec.lists.doclists import Words, mask_of, rows_of
from search.backends.whoosh.execution.nodes.node import Docs, Mask, Node, Scores
from search.backends.whoosh.execution.nodes.term import TermNode, score_terms


class Both(Node):
    """AND: what all children match; their scores are added."""

    def __init__(self, children: Sequence[Node], boost: float = 1.0) -> None:
        self._children = sorted(children, key=lambda child: child.estimate)
        self._boost = boost
        super().__init__(self._children[0].estimate, self._children[0].doc_count)

    def docs(self) -> Docs:  # noqa: D102 - Node
        first, *others = self._children
        words = first.words()
        if words is None:
            docs = first.docs()
        else:
            bitsets = [(child, child.words()) for child in others]
            for _, more in bitsets:
                if more is not None:
                    words = words & more
            others = [child for child, more in bitsets if more is None]
            docs = rows_of(words)
        for child in others:
            if not len(docs):
                break
            docs = docs[child.has(docs)]
        return docs

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        result = self._children[0].has(docs)
        for child in self._children[1:]:
            result &= child.has(docs)
        return result

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        total = score_terms([c for c in self._children if isinstance(c, TermNode)], docs)
        for child in self._children:
            if not isinstance(child, TermNode):
                total = total + child.scores(docs)
        return total * self._boost if self._boost != 1.0 else total


class Either(Node):
    """OR: what any child matches; the scores of those that match are added."""

    def __init__(self, children: Sequence[Node], boost: float = 1.0) -> None:
        self._children = sorted(children, key=lambda child: -child.estimate)
        self.boost = boost
        doc_count = self._children[0].doc_count
        super().__init__(min(doc_count, sum(c.estimate for c in self._children)), doc_count)

    @property
    def children(self) -> Sequence[Node]:
        """What it is made of, the most frequent first."""
        return self._children

    def docs(self) -> Docs:  # noqa: D102 - Node
        return np.flatnonzero(self.mask())

    def mark(self, mask: Mask) -> None:  # noqa: D102 - Node
        combined: Words | None = None
        for child in self.children:
            words = child.words()
            if words is None:
                child.mark(mask)
            else:
                combined = words if combined is None else combined | words
        if combined is not None:
            mask |= mask_of(combined)[: len(mask)]

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        result = self.children[0].has(docs)
        for child in self.children[1:]:
            result |= child.has(docs)
        return result

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        total = score_terms([c for c in self.children if isinstance(c, TermNode)], docs)
        for child in self.children:
            if not isinstance(child, TermNode):
                total = total + child.partial(docs)
        return total * self.boost if self.boost != 1.0 else total

    def partial(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return self.scores(docs)


class Best(Node):
    """Disjunction maximum: what any child matches, with the highest of their scores.

    Whoosh builds a tree of pairs; each gives max(a, b) + tiebreak * min(a, b) where both match.
    Only ``tiebreak`` 0, for which the tree's shape makes no difference, is exact here.
    """

    def __init__(self, children: Sequence[Node], boost: float = 1.0) -> None:
        self._any = Either(children)
        self._boost = boost
        super().__init__(self._any.estimate, self._any.doc_count)

    def docs(self) -> Docs:  # noqa: D102 - Node
        return self._any.docs()

    def mark(self, mask: Mask) -> None:  # noqa: D102 - Node
        self._any.mark(mask)

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return self._any.has(docs)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        parts = [child.partial(docs) for child in self._any.children]
        best: Scores = np.maximum.reduce(parts) * self._boost
        return best


class Except(Node):
    """What the first matches and the second does not, scored by the first."""

    def __init__(self, wanted: Node, unwanted: Node) -> None:
        self._wanted = wanted
        self._unwanted = unwanted
        super().__init__(wanted.estimate, wanted.doc_count)

    def docs(self) -> Docs:  # noqa: D102 - Node
        docs = self._wanted.docs()
        return docs[~self._unwanted.has(docs)]

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return self._wanted.has(docs) & ~self._unwanted.has(docs)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return self._wanted.scores(docs)


class Inverse(Node):
    """NOT: everything but; every document scores 1, as in Whoosh."""

    def __init__(self, unwanted: Node) -> None:
        self._unwanted = unwanted
        super().__init__(unwanted.doc_count, unwanted.doc_count)

    def docs(self) -> Docs:  # noqa: D102 - Node
        return np.flatnonzero(~self._unwanted.mask())

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return ~self._unwanted.has(docs)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return np.ones(len(docs))


class Required(Node):
    """What both match, scored by the first."""

    def __init__(self, scored: Node, required: Node) -> None:
        self._both = Both([scored, required])
        self._scored = scored
        super().__init__(self._both.estimate, scored.doc_count)

    def docs(self) -> Docs:  # noqa: D102 - Node
        return self._both.docs()

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return self._both.has(docs)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return self._scored.scores(docs)


class WithMaybe(Node):
    """What the first matches; where the second matches too, its score is added."""

    def __init__(self, wanted: Node, optional: Node) -> None:
        self._wanted = wanted
        self._optional = optional
        super().__init__(wanted.estimate, wanted.doc_count)

    def docs(self) -> Docs:  # noqa: D102 - Node
        return self._wanted.docs()

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return self._wanted.has(docs)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return self._wanted.scores(docs) + self._optional.partial(docs)


class Constant(Node):
    """What the child matches, all with one score."""

    def __init__(self, child: Node, score: float) -> None:
        self._child = child
        self._score = score
        super().__init__(child.estimate, child.doc_count)

    def docs(self) -> Docs:  # noqa: D102 - Node
        return self._child.docs()

    def mark(self, mask: Mask) -> None:  # noqa: D102 - Node
        self._child.mark(mask)

    def has(self, docs: Docs) -> Mask:  # noqa: D102 - Node
        return self._child.has(docs)

    def scores(self, docs: Docs) -> Scores:  # noqa: D102 - Node
        return np.full(len(docs), self._score)
