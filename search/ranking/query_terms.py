"""What the ranking looks for: the words of a query as terms, and how sure their accents are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.language.restoration import Restoration
from search.query.slots import Slot
from search.ranking.slot_terms import SlotTerms, Term

SURE = 0.9
"""Accents restored with this confidence count in the ranking; below, they harm more than help."""

RESTORED = 0.4
"""How much restored accents count, against typed ones: they are a guess, however sure."""

Restore = Callable[[tuple[str, ...]], Restoration]
"""Puts the accents back: folded terms for what was typed bare, accent keys for the rest."""


def query_terms(run: Sequence[Slot], restore: Restore, weight: float = 1.0) -> list[SlotTerms]:
    """What the ranking looks for: accents as typed, else as restored where that is sure.

    Args:
        run: a run of words that stand side by side in the query.
        restore: asked only where something was typed bare.
        weight: how much the run counts.
    """
    keys = [slot.split.key for slot in run]
    confidences = [1.0 if slot.accented else 0.0 for slot in run]
    if not all(confidences):
        restored = restore(
            tuple(slot.split.key if slot.accented else slot.split.folded for slot in run)
        )
        for at, confidence in enumerate(restored.confidences):
            if not run[at].accented and confidence >= SURE:
                keys[at], confidences[at] = restored.keys[at], RESTORED * confidence
    return [
        SlotTerms(
            tuple(
                Term(form.folded.encode(), (key if form is slot.split else form.key).encode())
                for form in slot.forms
            ),
            confidence,
            weight,
        )
        for slot, key, confidence in zip(run, keys, confidences, strict=True)
    ]
