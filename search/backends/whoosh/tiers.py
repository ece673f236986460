"""Two tiers of matches: articles about a query, and others that have its words somewhere.

An article is about a query if the units of its plain words stand together in it
(:mod:`search.backends.whoosh.about`), or if all of many words stand in its headline and lead. What
else a query says (quotes, fields, exclusions, alternatives) are conditions on both tiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from index.analysis import Analyser
from index.language.model.model import LanguageModel
from index.snapshot import Snapshot
from search.backends.whoosh.about import AboutMatcher, Docs
from search.backends.whoosh.neighbours import Neighbours
from search.matching.units import Unit, Word, telling_words, units_of
from search.matching.words import Restore, words_in
from search.query import AllOf, AnyOf, Node, Phrase, Words
from search.query.slots import slots_of

MANY_WORDS = 5
"""Telling words that are no chance in one headline and lead, side by side or not: of 59 topics none
loses precision by them, and of 300 queries of words picked from an article 98 % find it so."""

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
        words: list[Word] = []
        units: list[Unit] = []
        synonyms = False
        for child in parts.plain:
            match child:
                case Words(text):
                    run = self._words(text, exact=exact)
                    units += units_of(run, self.neighbours)
                    words += run
                case Phrase(text):
                    units.append(_phrase_unit(self._analyser, text))
                    synonyms = True
        telling = () if synonyms else telling_words(words)
        within = complete if synonyms or len(telling) == len(words) else None
        docs = self._matcher.docs(tuple(dict.fromkeys(units)), within)
        if len(telling) >= MANY_WORDS or (not len(docs) and len(telling) > 2):
            docs = np.union1d(docs, self._matcher.in_short_texts(telling))
        condition = parts.condition()
        if condition is not None and len(docs):
            docs = np.intersect1d(docs, matching(condition), assume_unique=True)
        return docs

    def _words(self, text: str, *, exact: bool) -> tuple[Word, ...]:
        return words_in(text, self._analyser, self._model, self._restore, exact=exact)


class Parts(NamedTuple):
    """A query taken apart.

    Attributes:
        plain: what articles are about, or have some of: plain words, and synonyms of some.
        conditions: what they must fulfil all the same.
    """

    plain: tuple[Words | Phrase, ...]
    conditions: tuple[Node, ...]

    def condition(self) -> Node | None:
        """All conditions as one; None where there are none."""
        if len(self.conditions) > 1:
            return AllOf(self.conditions)
        return self.conditions[0] if self.conditions else None


def taken_apart(tree: Node, *, exact: bool) -> Parts:
    """The plain words of a query, and its conditions.

    Args:
        tree: the query.
        exact: whether other accents than typed are refused everywhere; else words that refuse them
            are conditions.
    """
    plain: list[Words | Phrase] = []
    conditions: list[Node] = []
    for child in tree.children if isinstance(tree, AllOf) else (tree,):
        match child:
            case Words(_, own) if exact or not own:
                plain.append(child)
            case Phrase(instead_of=replaced) if replaced:
                plain.append(child)
            case _:
                conditions.append(child)
    return Parts(tuple(plain), tuple(conditions))


def _phrase_unit(analyser: Analyser, text: str) -> Unit:
    """Another name as one unit: its own accents, side by side."""
    slots = slots_of(analyser, text, exact=True)
    return Unit(0, len(slots), (tuple((slot.split.key, slot.split.folded) for slot in slots),))
