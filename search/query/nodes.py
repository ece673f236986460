"""The nodes of a parsed query: frozen values that know nothing of any index.

Words stay as typed here; what they mean as terms is decided by the text analysis, which needs whole
runs of them ("TP. HCM" is one thing), so a run of plain words is one node.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeAlias

from search.query.dates import leading_days

_ONE_WORD = re.compile(r"[^\W_][\w-]*")


class Scope(str, Enum):
    """A text field that a query can be limited to; the value is its canonical field word."""

    HEADLINE = "tieude"
    SUMMARY = "tomtat"


class ValueField(str, Enum):
    """A field of exact values; the value is its canonical field word."""

    AUTHOR = "tacgia"
    SOURCE = "nguon"
    SECTION = "chuyenmuc"


@dataclass(frozen=True, slots=True)
class Words:
    """A run of plain words, all wanted, in any order.

    Attributes:
        exact: only the accents as typed.
    """

    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other, in order.

    Attributes:
        exact: only the accents as typed.
        instead_of: the words of the query that it is another name for; "" if it was typed.
        weight: how much it counts beside these, 0 to 1.
    """

    text: str
    exact: bool = False
    instead_of: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so."""

    text: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words spelled nearly so."""

    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every child is wanted."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one child is wanted."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The child is not wanted."""

    child: Node


@dataclass(frozen=True, slots=True)
class Scoped:
    """The child must match within one text field."""

    scope: Scope
    child: Node


@dataclass(frozen=True, slots=True)
class ValueFilter:
    """The field's value holds these words, whatever their accents and case."""

    field: ValueField
    text: str


@dataclass(frozen=True, slots=True)
class DateFilter:
    """Published from the first day to the last, both inclusive; None is open."""

    first: date | None
    last: date | None


Node: TypeAlias = (
    Words | Phrase | Prefix | Fuzzy | AllOf | AnyOf | Without | Scoped | ValueFilter | DateFilter
)


def opposite(node: Node) -> Node:
    """What is wanted becomes unwanted, and the other way round."""
    return node.child if isinstance(node, Without) else Without(node)


def within(scope: Scope, node: Node) -> Node:
    """The same node in one text field; a field named in brackets is nearer and counts."""
    match node:
        case Without(child):
            return opposite(within(scope, child))
        case Scoped() | ValueFilter() | DateFilter():
            return node
        case _:
            return Scoped(scope, node)


def exactly(node: Node) -> Node:
    """The same node with accents as typed."""
    match node:
        case Words(text):
            return Words(text, exact=True)
        case Phrase(text):
            return Phrase(text, exact=True)
        case AllOf(children):
            return AllOf(tuple(exactly(child) for child in children))
        case AnyOf(children):
            return AnyOf(tuple(exactly(child) for child in children))
        case Without(child):
            return Without(exactly(child))
        case Scoped(scope, child):
            return Scoped(scope, exactly(child))
        case _:
            return node


def plain_runs(node: Node) -> Iterator[Words]:
    """The runs of plain words that a query wants, in order."""
    match node:
        case Words(_, exact) if not exact:
            yield node
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from plain_runs(child)
        case Scoped(_, child):
            yield from plain_runs(child)
        case _:
            pass


def render(node: Node) -> str:
    """The canonical text of a tree; parsing it gives the same tree."""
    return _render(node, inside=False)


def _render(node: Node, *, inside: bool) -> str:
    match node:
        case Words(text, exact):
            return _exact_words(text) if exact else text
        case Phrase(text, exact):
            return f'="{text}"' if exact else f'"{text}"'
        case Prefix(text):
            return f"{text}*"
        case Fuzzy(text):
            return f"{text}~"
        case AllOf(children):
            joined = " ".join(map(_beside, children, (*children[1:], None)))
            return f"({joined})" if inside else joined
        case AnyOf(children):
            joined = " OR ".join(_atom(child) for child in children)
            return f"({joined})" if inside else joined
        case Without(child):
            return f"-{_atom(child)}"
        case Scoped(scope, child):
            return f"{scope.value}:{_atom(child)}"
        case ValueFilter(field, text):
            return f"{field.value}:{_value(text)}"
        case DateFilter(first, last):
            return _render_dates(first, last)


def _atom(node: Node) -> str:
    """A rendering that an operator before or after it takes as one thing."""
    text = _render(node, inside=True)
    several = isinstance(node, Words) and (" " in text or not text[:1].isalnum() | node.exact)
    return f"({text})" if several else text


def _exact_words(text: str) -> str:
    words = text.split()
    if all(word[0].isalnum() for word in words):
        return " ".join(f"={word}" for word in words)
    return f"=({text})"


def _value(text: str) -> str:
    one_word = _ONE_WORD.fullmatch(text) and text not in ("AND", "OR", "NOT")
    return text if one_word else f'"{text}"'


def _beside(node: Node, after: Node | None) -> str:
    """The rendering of a node with another behind it.

    Words after days may read on ("ngay:2022 đến 2023"); days in quotes end where they end.
    """
    text = _render(node, inside=True)
    bare = node.child if isinstance(node, Without) else node
    if isinstance(bare, DateFilter) and isinstance(after, Words) and not after.exact:
        field, _, days = text.partition(":")
        found = leading_days([days, *after.text.split()], bare.first or date.max)
        return text if found and found[1] == 1 else f'{field}:"{days}"'
    return text


def _render_dates(first: date | None, last: date | None) -> str:
    if first == last and first is not None:
        return f"ngay:{first.isoformat()}"
    start = first.isoformat() if first else ""
    end = last.isoformat() if last else ""
    return f"ngay:{start}..{end}"
