"""Words that were hardly meant as they stand, and what was probably meant: their corrections.

This is for queries that nothing, or hardly anything, has all words of. There a word that is no
Vietnamese syllable may be a slip, and is one if no article has it; a syllable may be, if it was not
typed with its marks and is hardly ever used or does not fit in with its neighbours. What was meant
is weighed as in a noisy channel (Kernighan, Church and Gale 1990): how easy the edit is
(:mod:`search.spelling.edits`), how common the word, and how often it stands beside its neighbours
in the query. Whether articles have all words then is for the index to say.

Knows nothing of indexes but the counts passed in.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from functools import cached_property
from math import log
from typing import NamedTuple, Protocol

from index.analysis import Lexicon
from index.analysis.syllables import bare_syllables
from search.spelling.edits import before_one_edit, is_correctable

MOST_CORRECTIONS = 6
"""Corrections a word, and a query, that are worth asking the index about."""

MOST_DOUBTFUL = 8
"""Doubtful words of a query that are corrected; one of more is no query with slips in it, but a
text in another language."""

RARE_SYLLABLE, TOO_FEW = 5e-6, 10
"""A syllable of a smaller share than this may be a slip, by so many occurrences at least, so that
small indexes doubt none. Of 2,442 syllables that can be spelt, 1,300 are so rare in 100,000
articles."""

STANDS_OUT = 8.0
"""So much likelier another word must be, as a logarithm, for one that articles have. Of 1,001
queries with a slip 13 found up to three articles all the same and were put right, none wrongly, and
of the same without a slip none was touched."""

LEAST_SHARE = 1e-7
"""Rarer words are not what was meant: in 100,000 articles about five occurrences."""

OWN_WEIGHT = 10_000
"""So many occurrences of its neighbour a word's own frequency counts as. Words of a query need not
stand side by side, so company speaks for a word, and its lack hardly against it."""

FAR_FETCHED = 19.0
"""A word of this cost, edit and all, is not what was meant: the reader typed one that the articles
do not know, like "covid" where they are older and "cvid" is some treaty's. Of 827 words with a
slip it is one that is not corrected for this."""

MEANT, SURELY_MEANT = 4.0, 20.0
"""How much likelier a word that articles have is meant than slipped, as a logarithm: of 1,001
queries with one slip, 61 of 75 such words that nothing was found with were slips this way. Where
another word is in no article, that is the slip."""


class Counts(Lexicon, Protocol):
    """What must be known of the words of an index."""

    def forms(self) -> Iterable[tuple[str, int]]:
        """All folded forms with a letter, and how often each occurs."""
        ...

    def times_together(self, left: str, right: str) -> float:
        """About how often one folded form stands directly before another."""
        ...


class WordCorrection(NamedTuple):
    """A word that may have been meant; the lower the cost the likelier."""

    word: str
    cost: float


class Correction(NamedTuple):
    """A correction of a query.

    Attributes:
        words: the number of each corrected word, and what it becomes.
        cost: beyond that of the likeliest correction, as a logarithm.
    """

    words: dict[int, str]
    cost: float


class Speller:
    """Corrects queries; immutable but for what it remembers, so threads share it."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def corrections(
        self,
        words: Sequence[str],
        marked: Container[int] = (),
        meant: Container[int] = (),
    ) -> list[Correction]:
        """Corrections of a query that nothing has all words of, the likeliest first.

        All doubtful words are corrected at once; with several each takes its likeliest spelling
        but one, so that the number of corrections stays small.

        Args:
            words: of the query, folded, in order.
            marked: the numbers of those that were typed with marks.
            meant: the numbers of those that are no slips, whatever they look like.
        """
        doubtful = [
            at
            for at, word in enumerate(words)
            if at not in meant
            and (_is_no_syllable(word) or (at not in marked and self._is_rare_syllable(word)))
        ]
        if len(doubtful) > MOST_DOUBTFUL:
            return []
        unknown = any(not self._counts.folded_count(words[at]) for at in doubtful)
        as_typed = SURELY_MEANT if unknown else MEANT
        options = {at: found for at in doubtful if (found := self._options(words, at, as_typed))}
        likeliest = {at: best.word for at, (best, *_) in options.items()}
        if all(word == words[at] for at, word in likeliest.items()):
            return []
        corrections = [Correction(likeliest, 0.0)]
        for at, (first, *others) in options.items():
            corrections += [
                Correction({**likeliest, at: other.word}, other.cost - first.cost)
                for other in others
            ]
        changed = [
            Correction({at: word for at, word in meant_words.items() if word != words[at]}, cost)
            for meant_words, cost in sorted(corrections, key=lambda correction: correction.cost)
        ]
        return [correction for correction in changed if correction.words][:MOST_CORRECTIONS]

    def odd_one_out(self, words: Sequence[str], marked: Container[int] = ()) -> Correction | None:
        """Correct the one word that does not fit in, where hardly any article has all words.

        Only a word that is not known to stand beside its neighbours, for one that is and is so much
        likelier that chance is no explanation.

        Args:
            words: of the query, folded, in order.
            marked: the numbers of those that are not to be doubted.
        """
        if len(words) > MOST_DOUBTFUL:
            return None
        best: tuple[float, Correction] | None = None
        for at, word in enumerate(words):
            left, right = _beside(words, at)
            if at in marked or not is_correctable(word) or self._fits(word, left, right):
                continue
            as_typed = self._likelihood(word, left, right) + STANDS_OUT
            for meant, cost in self._candidates(word).items():
                gain = self._likelihood(meant, left, right) - cost - as_typed
                if gain > (best[0] if best else 0.0) and self._fits(meant, left, right):
                    best = gain, Correction({at: meant}, 0.0)
        return best[1] if best else None

    def commoner(self, word: str, at_least: int) -> list[str]:
        """Words so common that one edit would turn into ``word``, the likeliest first."""
        if not _is_no_syllable(word):
            return []
        costs = self._candidates(word)
        found = [meant for meant in costs if self._common[meant] >= at_least]
        found.sort(key=lambda meant: (costs[meant] - log(self._common[meant]), meant))
        return found[:MOST_CORRECTIONS]

    def _options(self, words: Sequence[str], at: int, as_typed: float) -> list[WordCorrection]:
        """What a word may have been, the likeliest first; itself, if articles have it."""
        beside = _beside(words, at)
        found = [
            WordCorrection(meant, whole)
            for meant, cost in self._candidates(words[at]).items()
            if (whole := cost - self._likelihood(meant, *beside)) < FAR_FETCHED
        ]
        if found and self._counts.folded_count(words[at]):
            found.append(
                WordCorrection(words[at], -as_typed - self._likelihood(words[at], *beside))
            )
        found.sort(key=lambda option: (option.cost, option.word))
        return found[:MOST_CORRECTIONS]

    def _candidates(self, typed: str) -> dict[str, float]:
        """Words that one edit turns into ``typed``, and what the easiest such edit costs."""
        least: dict[str, float] = {}
        common = self._common
        for meant, cost in before_one_edit(typed):
            if meant in common and cost < least.get(meant, float("inf")):
                least[meant] = cost
        return least

    def _likelihood(self, word: str, left: str, right: str) -> float:
        """How likely a word is between two others ("" for none), as a logarithm."""
        found = log(self._share(word))
        if left:
            found += self._company(left, word)
        if right:
            found += self._company(word, right)
        return found

    def _fits(self, word: str, left: str, right: str) -> bool:
        """Whether a word is known to stand beside either of two."""
        together = self._counts.times_together
        return bool((left and together(left, word)) or (right and together(word, right)))

    def _company(self, left: str, right: str) -> float:
        """How much likelier ``right`` is behind ``left`` than anywhere, as a logarithm."""
        together = self._counts.times_together(left, right)
        beside = (together + OWN_WEIGHT * self._share(right)) / (self._count(left) + OWN_WEIGHT)
        return log(beside / self._share(right))

    def _is_rare_syllable(self, word: str) -> bool:
        expected = RARE_SYLLABLE * self._counts.total
        return word in bare_syllables() and self._counts.folded_count(word) + TOO_FEW <= expected

    def _share(self, word: str) -> float:
        return (self._count(word) + 0.5) / (self._counts.total + 1)

    def _count(self, word: str) -> int:
        return self._common.get(word) or self._counts.folded_count(word)

    @cached_property
    def _common(self) -> dict[str, int]:
        """The words that may be meant; asked about some three hundred strings a word."""
        least = max(1.0, LEAST_SHARE * self._counts.total)
        return {word: count for word, count in self._counts.forms() if count >= least}


def _beside(words: Sequence[str], at: int) -> tuple[str, str]:
    """The words before and after one; "" for none."""
    return words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""


def _is_no_syllable(word: str) -> bool:
    """Whether a folded word is all letters and no Vietnamese syllable."""
    return is_correctable(word) and word not in bare_syllables()
