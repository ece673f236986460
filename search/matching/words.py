"""The words of a query as they are parted into units: what was typed, or probably meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from index.analysis import Analyser, Lexicon
from index.language.restoration import Restoration
from search.matching.units import Word
from search.query.slots import slots_of, words_of

Restore = Callable[[tuple[str, ...]], Restoration]
"""Puts accents back on a run of words."""


def words_in(
    text: str, analyser: Analyser, lexicon: Lexicon, restore: Restore, *, exact: bool
) -> tuple[Word, ...]:
    """The words of a run of plain text.

    Args:
        text: the run.
        analyser: tells words from one another.
        lexicon: counts of the index's words.
        restore: puts accents back where they were not typed.
        exact: whether only the accents as typed are meant.
    """
    slots = slots_of(analyser, text, exact=exact, lexicon=lexicon)
    if all(slot.accented for slot in slots):
        restored: Sequence[Word] = [Word(slot.split.key, slot.split.folded) for slot in slots]
    else:
        typed = (slot.split.key if slot.accented else slot.split.folded for slot in slots)
        restoration = restore(tuple(typed))
        restored = [
            Word(slot.split.key, slot.split.folded)
            if slot.accented
            else Word(
                key if confidence > 0 else slot.split.key,
                slot.split.folded,
                bare=True,
                others=tuple((other.key, other.probability) for other in others),
            )
            for slot, key, confidence, others in zip(
                slots,
                restoration.keys,
                restoration.confidences,
                restoration.alternatives,
                strict=True,
            )
        ]
    glued = _glued(text, analyser)
    return tuple(
        word._replace(glued=True) if at in glued else word for at, word in enumerate(restored)
    )


def _glued(text: str, analyser: Analyser) -> set[int]:
    """The slots that stand in one chunk with the slot before."""
    if not any(not char.isalnum() and not char.isspace() for char in text):
        return set()
    tokens = {token.position: token for token in words_of(analyser, text)}
    places = [tokens[position] for position in sorted(tokens)]
    return {
        at + 1
        for at, (before, after) in enumerate(pairwise(places))
        if not any(map(str.isspace, text[before.end : after.start]))
    }
