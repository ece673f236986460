"""The words of a query as the ranking sees them, and their numbers in a segment."""

from __future__ import annotations

from typing import NamedTuple

from index.snapshot import Leaf


class Term(NamedTuple):
    """One spelling of a slot, in the bytes of the index."""

    folded: bytes
    key: bytes


class SlotTerms(NamedTuple):
    """A slot of the query as the ranking sees it.

    Attributes:
        terms: its spellings; the commonest decides its weight.
        accents: how sure it is that the accents of ``terms`` are meant: 1 where they were typed, a
            probability where they were restored, 0 where nothing is known.
        weight: how much it counts.
        joined: whether it must follow the slot before, so that it is no merit to do so.
    """

    terms: tuple[Term, ...]
    accents: float
    weight: float = 1.0
    joined: bool = False


class Numbers(NamedTuple):
    """A term's numbers in one segment.

    Attributes:
        fold: of its folded term.
        variant: of its accent key, or None where the segment lacks it or it does not matter.
    """

    fold: int
    variant: int | None


def find_number(leaf: Leaf, term: Term, slot: SlotTerms) -> Numbers | None:
    """A spelling of a slot in a segment; None if that lacks it."""
    terms = leaf.segment.terms
    fold = terms.folds.number(term.folded)
    if fold is None:
        return None
    key = terms.keys.number(term.key) if slot.accents else None
    return Numbers(fold, None if key is None else terms.variant_of_key(key))


def find_numbers(leaf: Leaf, slot: SlotTerms) -> list[Numbers]:
    """The spellings of a slot that a segment has."""
    numbers = (find_number(leaf, term, slot) for term in slot.terms)
    return [number for number in numbers if number is not None]
