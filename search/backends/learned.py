"""What every back end knows of words by the language model of its build."""

from __future__ import annotations

from functools import lru_cache

from index.analysis import Lexicon
from index.language.model.model import LanguageModel
from index.language.restoration import Restorer
from search.ranking.query_terms import Restore
from search.spelling.speller import Speller

REMEMBERED_RUNS = 2_000
"""Runs of words whose accents were restored; a few megabytes."""

HARDLY_ANY, SENTENCE = 10, 5
"""Where so few articles have all words, or of so many words, those with some are looked at too.

Over questions a mean reciprocal rank of .553; only where none has all .295, and always .557."""

OUTDONE = 100
"""So many articles about a query are compared with those that only have all of its words; one that
is better than all of them is about it too. Over 1,001 queries of words picked from an article the
mean reciprocal rank is .945 instead of .938 if they are bare; over 59 topics nothing is lost."""

SOME_PAIRS = 1 << 17
"""A language model of fewer pairs knows all that its articles have (docs/language-model.md)."""


def remembering(model: LanguageModel) -> Restore:
    """What puts accents back by a model, and remembers.

    Ranking and "did you mean" ask for the same runs, and readers for the same queries.
    """
    return lru_cache(REMEMBERED_RUNS)(Restorer(model).restore)


class LearnedStatistics:
    """The part of :class:`search.understanding.statistics.IndexStatistics` that a model answers.

    Args:
        model: of the build.
        speller: corrects words, with all that it remembers.
        restore: puts accents back, likewise.
    """

    def __init__(self, model: LanguageModel, speller: Speller, restore: Restore) -> None:
        self._model = model
        self.speller = speller
        self.restore = restore

    @property
    def lexicon(self) -> Lexicon:
        """Counts of the index's words."""
        return self._model

    def side_by_side(self, left: str, right: str) -> bool:
        """Whether articles are known to have one folded word directly before another."""
        return self._model.times_together(left, right) > 0

    def may_stand_together(self, left: str, right: str) -> bool:
        """Whether one accent key may stand directly before another, for all that is known."""
        (first, first_key), (second, second_key) = self._model.word(left), self._model.word(right)
        if first <= 0 or second <= 0 or self._model.pair_count >= SOME_PAIRS:
            return True
        pairs = self._model.pairs(first, second)
        return pairs is not None and bool(
            ((pairs.first == first_key) & (pairs.second == second_key)).any()
        )

    def times_as_written(self, left: str, right: str) -> float:
        """About how often one accent key stands directly before another; 0 if that is rare."""
        return self._model.times_as_written(left, right)
