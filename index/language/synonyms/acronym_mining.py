"""Mines the acronyms of an index from its articles, while they are indexed.

Two kinds of evidence meet here: definitions in the text
(:mod:`index.language.synonyms.acronym_definitions`) and likeness of neighbours
(:mod:`index.language.synonyms.acronym_neighbours`). What comes out are the rows of a table
(:mod:`index.language.synonyms.acronyms`).

Invariant: a pair occurs once, spellings that fold alike being one; the same texts in the same order
give the same rows; memory is bounded. It knows nothing of files or queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.analysis.phrases import ReadPhrase
from index.language.synonyms.acronym_definitions import Definition, find_definitions
from index.language.synonyms.acronym_neighbours import Guess, NeighbourSample, guess_meanings
from index.language.synonyms.acronyms import Acronym, Origin

_MOST_PAIRS = 200_000
_MOST_ARTICLES = 3
#: A guess from neighbours weighs as much as so many definitions.
_WEIGHT_OF_GUESS = 3


@dataclass(frozen=True, slots=True)
class CountedDefinition:
    """A definition, how often it was seen, and in which articles first."""

    acronym: str
    long_form: str
    count: int
    articles: list[str]


@dataclass(slots=True)
class _DefinitionCount:
    """How often a definition was seen, and in which articles first."""

    count: int = 0
    articles: list[str] = field(default_factory=list)

    def add(self, count: int, articles: Iterable[str]) -> None:
        self.count += count
        for article in articles:
            if len(self.articles) < _MOST_ARTICLES and article not in self.articles:
                self.articles.append(article)


class AcronymMiner:
    """Collects evidence while articles stream by."""

    def __init__(self) -> None:
        self._counts: dict[Definition, _DefinitionCount] = {}
        self._sample = NeighbourSample()

    def add_text(self, text: str, article: str) -> None:
        """Look for definitions in a text as printed.

        Args:
            text: headline, summary or body.
            article: its id, for the evidence.
        """
        for acronym, long_form in find_definitions(text):
            self._count(Definition(acronym, long_form.lower()), 1, [article])

    def add_definitions(self, definitions: Iterable[CountedDefinition]) -> None:
        """Add what another miner has seen in the articles that come next."""
        for counted in definitions:
            definition = Definition(counted.acronym, counted.long_form)
            self._count(definition, counted.count, counted.articles)

    def definitions(self) -> list[CountedDefinition]:
        """All definitions seen, for another miner."""
        return [
            CountedDefinition(acronym, long_form, times.count, times.articles)
            for (acronym, long_form), times in self._counts.items()
        ]

    def _count(self, definition: Definition, count: int, articles: Iterable[str]) -> None:
        self._counts.setdefault(definition, _DefinitionCount()).add(count, articles)
        if len(self._counts) > _MOST_PAIRS:
            self._counts = {pair: times for pair, times in self._counts.items() if times.count > 1}

    def add_terms(self, keys: NDArray[np.uint32], positions: NDArray[np.uint32]) -> None:
        """Offer the terms of a text, as the analyser encoded it."""
        self._sample.add(keys, positions)

    def mine(self, names: Sequence[str], read_phrase: ReadPhrase) -> tuple[Acronym, ...]:
        """All pairs found, by acronym, the commonest meaning first.

        Args:
            names: accent keys by number, for the terms that were added.
            read_phrase: tells which spellings are the same.
        """
        pairs = _Pairs(read_phrase)
        for definition, times in self._counts.items():
            pairs.define(definition, times)
        for guess in guess_meanings(self._sample, names):
            pairs.guess(guess)
        return pairs.table()


@dataclass(slots=True)
class _Pair:
    acronyms: Counter[str] = field(default_factory=Counter)
    long_forms: Counter[str] = field(default_factory=Counter)
    count: int = 0
    articles: list[str] = field(default_factory=list)
    guess: Guess | None = None

    @property
    def weight(self) -> int:
        return self.count + (_WEIGHT_OF_GUESS if self.guess else 0)


class _Pairs:
    """Merges spellings that fold alike."""

    def __init__(self, read_phrase: ReadPhrase) -> None:
        self._read_phrase = read_phrase
        self._pairs: dict[tuple[tuple[str, ...], tuple[str, ...]], _Pair] = {}

    def define(self, definition: Definition, times: _DefinitionCount) -> None:
        pair = self._pair(definition.acronym, definition.long_form)
        pair.acronyms[definition.acronym] += times.count
        pair.long_forms[definition.long_form] += times.count
        pair.count += times.count
        pair.articles += times.articles[: _MOST_ARTICLES - len(pair.articles)]

    def guess(self, guess: Guess) -> None:
        acronym, long_form = guess.acronym.upper(), " ".join(guess.long_form)
        pair = self._pair(acronym, long_form)
        pair.guess = guess
        if not pair.count:
            pair.acronyms[acronym] += 1
            pair.long_forms[long_form] += 1

    def _pair(self, acronym: str, long_form: str) -> _Pair:
        key = (self._read_phrase(acronym).folded, self._read_phrase(long_form).folded)
        return self._pairs.setdefault(key, _Pair())

    def table(self) -> tuple[Acronym, ...]:
        of_acronym: Counter[tuple[str, ...]] = Counter()
        of_long_form: Counter[tuple[str, ...]] = Counter()
        for (acronym, long_form), pair in self._pairs.items():
            of_acronym[acronym] += pair.weight
            of_long_form[long_form] += pair.weight
        rows = [
            Acronym(
                _commonest(pair.acronyms),
                _commonest(pair.long_forms),
                Origin.DEFINED if pair.count else Origin.GUESSED,
                pair.count,
                round(pair.weight / of_acronym[acronym], 3),
                round(pair.weight / of_long_form[long_form], 3),
                _evidence(pair),
            )
            for (acronym, long_form), pair in self._pairs.items()
        ]
        return tuple(sorted(rows, key=lambda row: (row.acronym, -row.share, row.long_form)))


def _commonest(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def _evidence(pair: _Pair) -> str:
    parts = [f"article {article}" for article in pair.articles]
    if pair.guess:
        parts.append(
            f"neighbours {pair.guess.likeness:.2f} alike, "
            f"{pair.guess.uses} and {pair.guess.long_uses} uses sampled"
        )
    return "; ".join(" ".join(part.split()) for part in parts)
