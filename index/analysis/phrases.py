"""A name as the index sees it: accent keys and folded terms of its words, one a position.

Invariant: a name and the same words in a query give the same phrase. It knows nothing of what names
stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from index.analysis.analyser import Analyser, Token


class Phrase(NamedTuple):
    """The words of a name: accent keys and folded terms, two tuples of one length."""

    keys: tuple[str, ...]
    folded: tuple[str, ...]


#: Reads a name; what needs phrases is given one of these.
ReadPhrase = Callable[[str], Phrase]


def phrase_of(tokens: Iterable[Token]) -> Phrase:
    """The words of a piece of text; of forms that share a position the last one is its word."""
    words = {token.position: token for token in tokens}.values()
    return Phrase(tuple(word.key for word in words), tuple(word.folded for word in words))


def phrase_reader(analyser: Analyser) -> ReadPhrase:
    """A reader of names with the words of an analyser."""

    def read(name: str) -> Phrase:
        return phrase_of(analyser.tokens(name))

    return read
