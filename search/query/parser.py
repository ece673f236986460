"""From lexemes to a tree.

Grammar, OR binding tighter than standing side by side, as in web search ("giá vàng OR bạc" wants
"giá" and one of the two)::

    query   = group
    group   = alt { alt }
    alt     = unary { OR unary }
    unary   = { NOT | EXACT | FIELD } operand
    operand = WORD | PHRASE | "(" group ")"

Several prefixes before one operand mean what one of each means: the last field word counts.

Anything that does not fit is dropped as if it were a space: a bracket without its partner, an
operator without an operand. ``parse`` therefore never raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import islice, takewhile

from search.query.dates import MOST_WORDS, leading_days, parse_days
from search.query.fields import ACCENTS, DATE, FIELD_WORDS, SCOPES, VALUES
from search.query.lexer import OPERATOR_WORDS, Kind, Lexeme, lex
from search.query.nodes import (
    AllOf,
    AnyOf,
    DateFilter,
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Scope,
    ValueFilter,
    Without,
    Words,
    exactly,
    opposite,
    within,
)
from search.query.plain import plain
from search.query.remarks import Remark, RemarkReason

MAX_DEPTH = 16
"""Brackets nested deeper than this are ignored; no reader types them."""

MAX_EXPANSIONS = 8
"""Different beginnings and near spellings; further ones are plain words. Each may stand for
thousands of words: over 100,000 articles "a*" takes 75 ms, and 300 times "a*" took 53 s."""

_ACCENTS_EXACT = frozenset(("dung", "exact"))

_WILD = re.compile(r"([^\W_][\w'’-]*)([*~])")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed query.

    Attributes:
        tree: None where the text holds nothing to search for.
        exact: whether ``dau:dung`` asks for accents as typed everywhere.
        remarks: what looked like more than words and was read as words.
    """

    tree: Node | None
    exact: bool = False
    remarks: tuple[Remark, ...] = ()


def parse(text: str, today: date) -> Parsed:
    """Read a query; never raises, whatever the text.

    Args:
        text: as typed.
        today: in Vietnam; what "hôm qua" and "30/4" count from.
    """
    # Most queries are letters, digits and spaces: words and nothing else.
    if text.replace(" ", "").isalnum() and OPERATOR_WORDS.isdisjoint(words := text.split(" ")):
        return Parsed(Words(" ".join(filter(None, words))))
    reader = _Reader(list(lex(text, FIELD_WORDS)), today)
    tree = reader.group(0)
    return Parsed(tree, reader.exact, tuple(dict.fromkeys(reader.remarks)))


class _Reader:
    """A cursor over the lexemes; each method reads one rule of the grammar."""

    def __init__(self, lexemes: list[Lexeme], today: date) -> None:
        self.lexemes = lexemes
        self.today = today
        self.at = 0
        self.exact = False
        self.expansions: set[Node] = set()
        self.remarks: list[Remark] = []

    def group(self, depth: int) -> Node | None:
        """Read up to a closing bracket (which is left) or the end."""
        children: list[Node] = []
        while self.at < len(self.lexemes):
            if self.lexemes[self.at].kind is Kind.CLOSE:
                if depth:
                    break
                self.at += 1  # a bracket that nothing opened
                continue
            node = self._alternatives(depth)
            if node is not None:
                _append(children, node)
        children = _once_each(children)
        if not children:
            return None
        return children[0] if len(children) == 1 else AllOf(tuple(children))

    def _alternatives(self, depth: int) -> Node | None:
        alternatives: list[Node] = []
        while True:
            node = self._unary(depth)
            if node is not None:
                alternatives.append(node)
            if not self._take(Kind.OR):
                break
        alternatives = list(dict.fromkeys(alternatives))
        if len(alternatives) > 1:
            return AnyOf(tuple(alternatives))
        return alternatives[0] if alternatives else None

    def _unary(self, depth: int) -> Node | None:
        negated, exact, scope = self._prefixes()
        node = self._operand(depth)
        if node is None:
            return None
        if exact:
            node = exactly(node)
        if scope is not None:
            node = within(scope, node)
        return opposite(node) if negated else node

    def _prefixes(self) -> tuple[bool, bool, Scope | None]:
        """Read, in a loop since there may be hundreds, what stands before an operand."""
        negated, exact, scope = False, False, None
        while self.at < len(self.lexemes):
            kind, text, _ = self.lexemes[self.at]
            if kind is Kind.NOT:
                negated = not negated
            elif kind is Kind.EXACT:
                exact = True
            elif kind is Kind.FIELD and text in SCOPES:
                scope = SCOPES[text]
            else:
                break
            self.at += 1
        return negated, exact, scope

    def _operand(self, depth: int) -> Node | None:
        if self.at >= len(self.lexemes) or self.lexemes[self.at].kind in (Kind.CLOSE, Kind.OR):
            return None
        lexeme = self.lexemes[self.at]
        self.at += 1
        if lexeme.kind is Kind.WORD:
            return self._word(lexeme.text)
        if lexeme.kind is Kind.PHRASE:
            return _phrase(lexeme.text)
        if lexeme.kind is Kind.FIELD:
            return self._field(lexeme, depth)
        return self._brackets(depth)

    def _word(self, text: str) -> Node:
        wild = _WILD.fullmatch(text)
        if not wild:
            self._look_for_space(text)
            return Words(text)
        node: Node = Prefix(wild[1]) if wild[2] == "*" else Fuzzy(wild[1])
        if node not in self.expansions and len(self.expansions) == MAX_EXPANSIONS:
            self._remark(text, RemarkReason.TOO_MANY)
            return Words(wild[1])
        self.expansions.add(node)
        return node

    def _look_for_space(self, word: str) -> None:
        """Remark on a field word that stands apart from what follows it."""
        if not word.endswith(":") or self._at_end():
            return
        before = self.lexemes[self.at - 2].text if self.at > 1 else ""
        for typed in (word, f"{before} {word}"):
            if plain(typed[:-1]) in FIELD_WORDS:
                self._remark(typed, RemarkReason.SPACE)

    def _brackets(self, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:
            return None
        node = self.group(depth + 1)
        self._take(Kind.CLOSE)
        return node

    def _field(self, field: Lexeme, depth: int) -> Node | None:
        """What follows a field word of values, days or accents."""
        if self._at_end():
            return Words(field.typed)
        kind, text, _ = self.lexemes[self.at]
        if kind is Kind.OPEN:
            self.at += 1
            inner = self._brackets(depth)
            return None if inner is None else self._each(field, inner)
        if kind is Kind.WORD and field.text == DATE and (days := self._leading_days()):
            return days
        if kind is Kind.WORD:
            self.at += 1
            return self._value(field, text, lambda: self._word(text))
        if kind is Kind.PHRASE:
            self.at += 1
            return self._value(field, text, lambda: _phrase(text))
        return Words(field.typed)

    def _each(self, field: Lexeme, node: Node) -> Node | None:
        """The node with each of its words made a value of the field."""
        match node:
            case Words(text) | Phrase(text):
                return self._value(field, text, lambda: node)
            case AllOf(children) | AnyOf(children):
                found = [self._each(field, child) for child in children]
                kept = tuple(dict.fromkeys(child for child in found if child is not None))
                return type(node)(kept) if len(kept) > 1 else next(iter(kept), None)
            case Without(child):
                inner = self._each(field, child)
                return None if inner is None else opposite(inner)
            case _:
                return node

    def _value(self, field: Lexeme, text: str, as_words: Callable[[], Node | None]) -> Node | None:
        """One value of a field; where the field has none such, it and the value as words."""
        value = " ".join(text.split())
        if field.text in VALUES:
            return ValueFilter(VALUES[field.text], value) if value else None
        if field.text == ACCENTS:
            if plain(value) in _ACCENTS_EXACT:
                self.exact = True
                return None
            self._remark(f"{field.typed}:{value}", RemarkReason.NO_VALUE)
        else:
            days = parse_days(value, self.today)
            if days is not None:
                return DateFilter(*days)
            self._remark(f"{field.typed}:{value}", RemarkReason.NO_DATE)
        children: list[Node] = [Words(field.typed)]
        words = as_words()
        if words is not None:
            _append(children, words)
        return children[0] if len(children) == 1 else AllOf(tuple(children))

    def _leading_days(self) -> Node | None:
        """The days that the words from here on begin with: as many words as name days."""
        following = islice(self.lexemes, self.at, self.at + MOST_WORDS)
        words = takewhile(lambda lexeme: lexeme.kind is Kind.WORD, following)
        found = leading_days([lexeme.text for lexeme in words], self.today)
        if found is None:
            return None
        self.at += found[1]
        return DateFilter(*found[0])

    def _remark(self, text: str, reason: RemarkReason) -> None:
        self.remarks.append(Remark(text, reason))

    def _at_end(self) -> bool:
        return self.at >= len(self.lexemes)

    def _take(self, kind: Kind) -> bool:
        if self.at < len(self.lexemes) and self.lexemes[self.at].kind is kind:
            self.at += 1
            return True
        return False


def _append(children: list[Node], node: Node) -> None:
    """Add a node, joining runs of plain words so that they are analysed together."""
    last = children[-1] if children else None
    if isinstance(last, Words) and isinstance(node, Words) and last.exact == node.exact:
        children[-1] = Words(f"{last.text} {node.text}", node.exact)
    else:
        children.append(node)


def _once_each(nodes: list[Node]) -> list[Node]:
    """Each node once; what then comes side by side is joined, until nothing changes."""
    kept: list[Node] = []
    for node in dict.fromkeys(nodes):
        _append(kept, node)
    return kept if len(kept) == len(nodes) else _once_each(kept)


def _phrase(text: str) -> Node | None:
    words = " ".join(text.split())
    return Phrase(words) if words else None
