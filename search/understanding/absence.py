"""Words of a query that are in no article, and what may have been meant by them.

Asked only where no article has all words of a query. Said of the whole index, whatever filters a
search has: it is the word that is unknown, not the filter that leaves nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from index.analysis import Analyser
from search.page import AbsentWord, Choice
from search.query import AllOf, Node, Phrase, Words, render
from search.understanding.reading import Understood
from search.understanding.runs import Run, in_case_of, places_of, usual_spelling
from search.understanding.statistics import IndexStatistics

MOST_NEAR = 3
"""Spellings offered for a word."""

LONGEST_RUN = 30
"""Words; what is longer was pasted, and no single word of it is why nothing has them all."""


class Absence(NamedTuple):
    """What of a query is in no article.

    Attributes:
        words: each of them.
        without: the query that lacks them; None where nothing else is asked for.
    """

    words: tuple[AbsentWord, ...] = ()
    without: Node | None = None


def absence(understood: Understood, analyser: Analyser, statistics: IndexStatistics) -> Absence:
    """The plain words of a query, quoted or not, that no article has with whatever accents."""
    tree = understood.parsed.tree
    children = tree.children if isinstance(tree, AllOf) else (tree,)
    absent: list[AbsentWord] = []
    kept: list[Node] = []
    for number, child in enumerate(children):
        if child is None:
            continue
        if not isinstance(child, Words | Phrase):
            kept.append(child)
            continue
        run = Run(child.text, places_of(analyser, child.text))
        missing = _missing(run, statistics)
        for at in missing:
            start, end = run.places[at].start, run.places[at].end
            typed = run.text[start:end]
            near = []
            for word in statistics.speller.commoner(run.places[at].folded, 1)[:MOST_NEAR]:
                meant = in_case_of(typed, usual_spelling(statistics.restore((word,)).keys[0]))
                other = type(child)(run.with_words({at: meant}), child.exact)
                text = render(_joined((*children[:number], other, *children[number + 1 :])))
                near.append(Choice(text, meant))
            absent.append(AbsentWord(typed, tuple(near)))
        rest = run.with_words(dict.fromkeys(missing, ""))
        if len(missing) < len(run.places):
            kept.append(type(child)(" ".join(rest.split()), child.exact))
    if not absent:
        return Absence()
    return Absence(tuple(absent), _joined(tuple(kept)) if kept else None)


def _missing(run: Run, statistics: IndexStatistics) -> list[int]:
    """The places of the words that no article has."""
    if len(run.places) > LONGEST_RUN:
        return []
    return [
        at
        for at, token in enumerate(run.places)
        if not statistics.lexicon.folded_count(token.folded)
        and not statistics.phrase_count(run.text[token.start : token.end])
    ]


def _joined(children: tuple[Node | None, ...]) -> Node:
    """A query of some parts."""
    there = tuple(child for child in children if child is not None)
    return there[0] if len(there) == 1 else AllOf(there)
