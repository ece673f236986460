"""A name as the index sees it: accent keys and folded terms of its words, one a position.

Invariant: a name and the same words in a query give the same phrase. It knows nothing of what names
stand for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from index.analysis.analyser import Analyser


class Phrase(NamedTuple):
    """The words of a name: accent keys and folded terms, two tuples of one length."""

    keys: tuple[str, ...]
    folded: tuple[str, ...]


#: Reads a name; what needs phrases is given one of these.
ReadPhrase = Callable[[str], Phrase]


def phrase_reader(analyser: Analyser) -> ReadPhrase:
    """A reader of names with the words of an analyser."""

    def read(name: str) -> Phrase:
        words: dict[int, tuple[str, str]] = {}
        for token in analyser.tokens(name):
            words[token.position] = (token.key, token.folded)
        return Phrase(
            tuple(key for key, _ in words.values()), tuple(folded for _, folded in words.values())
        )

    return read
