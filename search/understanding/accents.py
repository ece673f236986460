"""Accents that are wrong rather than missing: "viêt nam", "đương sắt", "nghĩ lễ", "sửa chửa".

A word typed with marks means what it says. It is read as another of the same letters only if the
articles hardly have it where it stands in the query, and have the other there: the language model
must be nearly sure of the other between these neighbours, and the articles must have it beside one
of them much more often than the word as typed, and than chance would.

Two ways to write one sound (kỹ and kĩ, hoà and hòa) are one accent key and never meet here; nor do
names and rare words that the articles have as they are typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from index.analysis import Analyser, parse_syllable
from index.analysis.syllables import bare_syllables
from search.query import Node, Words, plain_runs
from search.query.slots import slots_of
from search.understanding.reading import Understood
from search.understanding.runs import Run, places_of, usual_spelling, with_runs
from search.understanding.statistics import IndexStatistics

SURE, SURE_OF_IMPOSSIBLE = 0.85, 0.8
"""How likely the other reading must be; of a word that no syllable is spelt like (viêt, môt) a
mark is missing in any case."""

HARDLY, HARDLY_IMPOSSIBLE = 0.02, 0.05
"""Articles that have the word as typed beside its neighbours, to those that have the other there.
"viêt nam" stands in 17 of 100,000 articles, "việt nam" in 21,004."""

FEW, MANY = 10, 20
"""So many articles at most have the word as typed there, and so many at least the other one."""

STANDS_OUT = 8.0
"""So much more often than by chance the other stands there. "cho bà" is in 1,408 articles and no
reason to doubt "chợ bà", since "cho" stands everywhere; "nghỉ lễ" is 80 times as frequent as chance
would have it."""


def with_likely_accents(
    understood: Understood, analyser: Analyser, index: IndexStatistics
) -> Understood:
    """The query with other accents for marked words that were hardly meant as they stand."""
    tree = understood.parsed.tree
    if tree is None or understood.exact:
        return understood
    changed: dict[str, Node] = {}
    for text in {run.text for run in plain_runs(tree)}:
        run = Run(text, places_of(analyser, text))
        if all(token.key.isascii() for token in run.places):
            continue
        slots = slots_of(analyser, text, lexicon=index.lexicon)
        if words := _likelier(run, [slot.accented for slot in slots], index):
            changed[text] = Words(run.with_words(words))
    if not changed:
        return understood
    parsed = replace(understood.parsed, tree=with_runs(tree, changed))
    return replace(understood, parsed=parsed, respelled=True)


def _likelier(run: Run, meant: Sequence[bool], index: IndexStatistics) -> dict[int, str]:
    """The places of words with wrong accents, and what they become.

    Args:
        run: of words.
        meant: at each place whether a bare word is one without marks.
        index: what its articles have.
    """
    keys = [token.key for token in run.places]
    folded = [token.folded for token in run.places]
    # What the model would make of the bare query anyway is surely meant; that is most of it.
    expected = index.restore(tuple(folded)).keys
    known = [
        bare if key.isascii() or _is_impossible(key, bare) else key
        for key, bare in zip(keys, folded, strict=True)
    ]
    likelier: dict[int, str] = {}
    for at, (key, bare) in enumerate(zip(keys, folded, strict=True)):
        if key.isascii() or key == expected[at] or bare not in bare_syllables():
            continue
        restored = index.restore((*known[:at], bare, *known[at + 1 :]))
        best = restored.alternatives[at][0] if restored.alternatives[at] else None
        impossible = _is_impossible(key, bare)
        if best is None or best.key == key:
            continue
        if best.probability < (SURE_OF_IMPOSSIBLE if impossible else SURE):
            continue
        around = [
            key if key.isascii() and is_meant else likely
            for key, is_meant, likely in zip(keys, meant, restored.keys, strict=True)
        ]
        evidence = _evidence(around, at, index)
        most = evidence.most_typed(impossible=impossible)
        if most >= 0 and _times_typed(around, at, key, index) <= most:
            known[at] = best.key
            likelier[at] = usual_spelling(best.key)
    return likelier


def _is_impossible(key: str, folded: str) -> bool:
    """Whether a word has the letters of a syllable and marks that none has: viêt, nươc."""
    return parse_syllable(key) is None and folded in bare_syllables()


class _Evidence(NamedTuple):
    """What speaks for a word that was not typed.

    Attributes:
        together: how often it stands beside the neighbours.
        stands_out: how many times as often as by chance.
    """

    together: float
    stands_out: float

    def most_typed(self, *, impossible: bool) -> float:
        """How many articles may have the word as typed there, if it is not to be meant.

        Below 0 it is meant in any case.
        """
        if impossible:
            return HARDLY_IMPOSSIBLE * self.together
        if self.together < MANY or self.stands_out < STANDS_OUT:
            return -1.0
        return min(FEW, HARDLY * self.together)


def _evidence(around: Sequence[str], at: int, index: IndexStatistics) -> _Evidence:
    """What the articles say of the word at a place among likely others.

    A neighbour that goes with the word on its other side says nothing: in "giảm cân nào" there is
    no "cân não".
    """
    lexicon = index.lexicon
    as_meant = stands_out = 0.0
    for beside, beyond in ((at - 1, at - 2), (at + 1, at + 2)):
        if not 0 <= beside < len(around):
            continue
        times = _together(around, at, beside, index)
        if 0 <= beyond < len(around) and _together(around, beside, beyond, index) > times:
            continue
        counts = lexicon.key_count(around[at]) * lexicon.key_count(around[beside])
        as_meant += times
        stands_out = max(stands_out, times * lexicon.total / max(counts, 1))
    return _Evidence(as_meant, stands_out)


def _times_typed(around: Sequence[str], at: int, typed: str, index: IndexStatistics) -> float:
    """How many articles have a word as typed beside its neighbours.

    Infinitely many where they hardly have the other beside one of these: in "bệnh sỏi mật" it is
    "mật" that tells. The language model would not do: it leaves out pairs that say little about
    accents.
    """
    times = 0.0
    for pair in (
        f"{around[at - 1]} {{}}" if at else "",
        f"{{}} {around[at + 1]}" if at + 1 < len(around) else "",
    ):
        count = index.phrase_count(pair.format(typed), exact=True) if pair else 0
        if count and count > HARDLY_IMPOSSIBLE * index.phrase_count(
            pair.format(around[at]), exact=True
        ):
            return inf
        times += count
    return times


def _together(keys: Sequence[str], one: int, other: int, index: IndexStatistics) -> float:
    """How often the keys at two places stand side by side, in their order."""
    return index.times_as_written(keys[min(one, other)], keys[max(one, other)])
