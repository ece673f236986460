"""The runs of plain words of a query, with words of them replaced.

Invariant: what is not replaced stays as it was typed, character by character.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.analysis import Analyser, Token
from search.query import AllOf, AnyOf, Node, Scoped, Words
from search.query.slots import words_of

_USUAL = {
    "hỉ": "hỷ", "kì": "kỳ", "kí": "ký", "kĩ": "kỹ", "kỉ": "kỷ", "kị": "kỵ", "lí": "lý", "mĩ": "mỹ",
    "tỉ": "tỷ",
}  # fmt: skip
"""How newspapers mostly write keys that stand for i and y: over 90 % each in 4,000 articles."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words.

    Attributes:
        places: at each place one token, the last of those that are stacked there, as in a phrase.
    """

    text: str
    places: tuple[Token, ...]

    def with_words(self, words: Mapping[int, str]) -> str:
        """The text with the words at some places replaced, in the case in which they are typed."""
        pieces: list[str] = []
        done = 0
        for at, token in enumerate(self.places):
            if at in words and token.start >= done:
                typed = self.text[token.start : token.end]
                pieces += self.text[done : token.start], in_case_of(typed, words[at])
                done = token.end
        return "".join([*pieces, self.text[done:]])


def places_of(analyser: Analyser, text: str) -> tuple[Token, ...]:
    """One token a place, the last of those that are stacked there."""
    return tuple({token.position: token for token in words_of(analyser, text)}.values())


def usual_spelling(key: str) -> str:
    """An accent key as newspapers mostly write it."""
    return _USUAL.get(key, key)


def in_case_of(typed: str, word: str) -> str:
    """A word in the case in which another was typed."""
    if typed.isupper() and len(typed) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word


def with_runs(node: Node, nodes: Mapping[str, Node]) -> Node:
    """The tree with something else in place of some runs of plain words, by their texts.

    What is in quotes, exact, or excluded stays as it is.
    """
    match node:
        case Words(text, exact) if not exact:
            return nodes.get(text, node)
        case AllOf(children) | AnyOf(children):
            return type(node)(tuple(with_runs(child, nodes) for child in children))
        case Scoped(scope, child):
            return Scoped(scope, with_runs(child, nodes))
        case _:
            return node
