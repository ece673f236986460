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
from dataclasses import dataclass

from search.query.dates import parse_days
from search.query.lexer import Kind, Lexeme, lex
from search.query.nodes import (
    AllOf,
    AnyOf,
    DateFilter,
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Scope,
    Scoped,
    ValueField,
    ValueFilter,
    Without,
    Words,
)

MAX_DEPTH = 16
"""Brackets nested deeper than this are ignored; no reader types them."""

MAX_EXPANSIONS = 8
"""Different beginnings and near spellings; further ones are plain words. Each may stand for
thousands of words: over 100,000 articles "a*" takes 75 ms, and 300 times "a*" took 53 s."""

_SCOPES = {
    "tieude": Scope.HEADLINE,
    "tiêuđề": Scope.HEADLINE,
    "title": Scope.HEADLINE,
    "headline": Scope.HEADLINE,
    "tomtat": Scope.SUMMARY,
    "tómtắt": Scope.SUMMARY,
    "sapo": Scope.SUMMARY,
    "summary": Scope.SUMMARY,
}
_VALUES = {
    "tacgia": ValueField.AUTHOR,
    "tácgiả": ValueField.AUTHOR,
    "author": ValueField.AUTHOR,
    "nguon": ValueField.SOURCE,
    "nguồn": ValueField.SOURCE,
    "source": ValueField.SOURCE,
    "chuyenmuc": ValueField.SECTION,
    "chuyênmục": ValueField.SECTION,
    "section": ValueField.SECTION,
}
_DATES = frozenset(("ngay", "ngày", "date"))
_ACCENTS = frozenset(("dau", "dấu", "accents"))
_ACCENTS_EXACT = frozenset(("dung", "đúng", "exact"))
FIELD_WORDS = frozenset((*_SCOPES, *_VALUES, *_DATES, *_ACCENTS))

_WILD = re.compile(r"([^\W_][\w'’-]*)([*~])")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed query.

    Attributes:
        tree: None where the text holds nothing to search for.
        exact: whether ``dau:dung`` asks for accents as typed everywhere.
    """

    tree: Node | None
    exact: bool = False


def parse(text: str) -> Parsed:
    """Read a query; never raises, whatever the text."""
    reader = _Reader(list(lex(text, FIELD_WORDS)))
    return Parsed(reader.group(0), reader.exact)


class _Reader:
    """A cursor over the lexemes; each method reads one rule of the grammar."""

    def __init__(self, lexemes: list[Lexeme]) -> None:
        self.lexemes = lexemes
        self.at = 0
        self.exact = False
        self.expansions: set[Node] = set()

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
        children = list(dict.fromkeys(children))
        if not children:
            return None
        return children[0] if len(children) == 1 else AllOf(tuple(children))

    def _alternatives(self, depth: int) -> Node | None:
        choices: list[Node] = []
        while True:
            node = self._unary(depth)
            if node is not None:
                choices.append(node)
            if not self._take(Kind.OR):
                break
        choices = list(dict.fromkeys(choices))
        if len(choices) > 1:
            return AnyOf(tuple(choices))
        return choices[0] if choices else None

    def _unary(self, depth: int) -> Node | None:
        negated, exact, scope = self._prefixes()
        node = self._operand(depth)
        if node is None:
            return None
        if exact:
            node = _exactly(node)
        if scope is not None:
            node = _within(scope, node)
        return _opposite(node) if negated else node

    def _prefixes(self) -> tuple[bool, bool, Scope | None]:
        """Read, in a loop since there may be hundreds, what stands before an operand."""
        negated, exact, scope = False, False, None
        while self.at < len(self.lexemes):
            kind, text = self.lexemes[self.at]
            if kind is Kind.NOT:
                negated = not negated
            elif kind is Kind.EXACT:
                exact = True
            elif kind is Kind.FIELD and text in _SCOPES:
                scope = _SCOPES[text]
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
            return self._value(lexeme.text)
        return self._brackets(depth)

    def _word(self, text: str) -> Node:
        wild = _WILD.fullmatch(text)
        if not wild:
            return Words(text)
        node: Node = Prefix(wild[1]) if wild[2] == "*" else Fuzzy(wild[1])
        if node not in self.expansions and len(self.expansions) == MAX_EXPANSIONS:
            return Words(wild[1])
        self.expansions.add(node)
        return node

    def _brackets(self, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:
            return None
        node = self.group(depth + 1)
        self._take(Kind.CLOSE)
        return node

    def _value(self, field: str) -> Node | None:
        if self.at >= len(self.lexemes):
            return None
        value = self.lexemes[self.at]
        if value.kind not in (Kind.WORD, Kind.PHRASE):
            return Words(field)
        self.at += 1
        text = " ".join(value.text.split())
        if field in _VALUES:
            return ValueFilter(_VALUES[field], text) if text else None
        if field in _ACCENTS:
            if text.casefold() in _ACCENTS_EXACT:
                self.exact = True
                return None
            return Words(f"{field} {text}")
        days = parse_days(text)
        return DateFilter(*days) if days is not None else Words(f"{field} {text}")

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


def _phrase(text: str) -> Node | None:
    words = " ".join(text.split())
    return Phrase(words) if words else None


def _opposite(node: Node) -> Node:
    return node.child if isinstance(node, Without) else Without(node)


def _within(scope: Scope, node: Node) -> Node:
    """The same node in one text field; a field named in brackets is nearer and counts."""
    match node:
        case Without(child):
            return _opposite(_within(scope, child))
        case Scoped():
            return node
        case _:
            return Scoped(scope, node)


def _exactly(node: Node) -> Node:
    """The same node with accents as typed."""
    match node:
        case Words(text):
            return Words(text, exact=True)
        case Phrase(text):
            return Phrase(text, exact=True)
        case AllOf(children):
            return AllOf(tuple(_exactly(child) for child in children))
        case AnyOf(children):
            return AnyOf(tuple(_exactly(child) for child in children))
        case Without(child):
            return Without(_exactly(child))
        case Scoped(scope, child):
            return Scoped(scope, _exactly(child))
        case _:
            return node
