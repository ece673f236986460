"""A query that is still being typed, with its last word finished.

"nguyễn phú tr" is asked for as "nguyễn phú trọng": what is suggested, where the last word as it
stands is hardly ever met behind the one before.
"""

from __future__ import annotations

from typing import Protocol

from index.analysis import Analyser, Token
from search.page import Completion

ASKED = 5
"""Suggestions among which one must go on with the last word."""


class Suggests(Protocol):
    """What knows words side by side, and what goes on as was typed."""

    def times_as_written(self, left: str, right: str) -> float:
        """About how often one accent key stands directly before another; 0 if that is rare."""
        ...

    def side_by_side(self, left: str, right: str) -> bool:
        """Whether articles are known to have one folded word directly before another."""
        ...

    def suggest(self, prefix: str, limit: int) -> tuple[Completion, ...]:
        """What a half-typed query may become, likeliest first."""
        ...


def completed(typed: str, index: Suggests, analyser: Analyser) -> str | None:
    """The likeliest suggestion that finishes the last word; None where that may stand as it is.

    Args:
        typed: the query so far.
        index: what is known of words.
        analyser: tells words from one another.
    """
    if not typed[-1:].isalnum():
        return None
    tokens = _in_order(analyser, typed)
    if len(tokens) < 2:
        return None
    before, last = tokens[-2:]
    marked = not (before.key.isascii() and last.key.isascii())
    known = (
        index.times_as_written(before.key, last.key) > 0
        if marked
        else index.side_by_side(before.folded, last.folded)
    )
    if known:
        return None
    *whole, begun = [token.folded for token in tokens]
    for suggested in index.suggest(typed, ASKED):
        folded = [token.folded for token in _in_order(analyser, suggested.text)]
        goes_on = folded[len(whole) : len(tokens)]
        if folded[: len(whole)] == whole and goes_on and _longer(begun, goes_on[0]):
            return suggested.text
    return None


def _longer(begun: str, word: str) -> bool:
    return word.startswith(begun) and word != begun


def _in_order(analyser: Analyser, text: str) -> list[Token]:
    """One token for each place of a text."""
    return list({token.position: token for token in analyser.tokens(text)}.values())
