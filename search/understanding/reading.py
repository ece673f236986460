"""From what was typed to what is searched for, and what to tell the reader about it.

A query in raw Telex or VNI is decoded, and slips of the finger can be corrected; everything
else is left as it is. Nothing is changed without saying so, and ``verbatim`` in the request turns
it off: "search instead for what I typed".
"""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import NamedTuple

from index.analysis import Analyser, Lexicon, Token, decode_typing
from search.page import TypedAs
from search.query import AllOf, AnyOf, Node, Parsed, Scoped, Words, parse, plain_runs
from search.request import Accents, SearchRequest
from search.spelling.speller import Correction
from search.understanding.runs import usual_spelling
from search.understanding.statistics import IndexStatistics

HARDLY_HAD = 1e-6
"""A word typed with its marks is doubted only if it is of a smaller share of all words: in 100,000
articles about 55 occurrences."""

_ENTITY = re.compile(r"&(?:[A-Za-z]+|#\d+|#[Xx][0-9A-Fa-f]+);")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@dataclass(frozen=True, slots=True)
class Understood:
    """A query as it will be searched.

    Attributes:
        parsed: its tree.
        typed_as: how it was typed; if not as text, the tree is of the decoded text.
        exact: whether only the accents as typed match.
        respelled: whether words were replaced by what was probably meant.
    """

    parsed: Parsed
    typed_as: TypedAs
    exact: bool
    respelled: bool = False


class Respelled(NamedTuple):
    """A query with other words, and how much less likely it is than the likeliest of its kind."""

    understood: Understood
    cost: float


def understand(request: SearchRequest, lexicon: Lexicon | None, today: date) -> Understood:
    """Read a request's query; never raises, whatever the text.

    Args:
        request: the search.
        lexicon: counts of the index's words, where it has them; spelling alone decides otherwise.
        today: in Vietnam; what "hôm qua" counts from.
    """
    text, typed_as = _as_meant(request.query), TypedAs.TEXT
    if not request.verbatim:
        decoded = decode_typing(text, lexicon)
        text, typed_as = decoded.text, TypedAs(decoded.typed_as)
    parsed = parse(text, today)
    return Understood(parsed, typed_as, parsed.exact or request.accents is Accents.EXACT)


def _as_meant(text: str) -> str:
    """A query without what other programs made of its characters.

    That is HTML ("R&amp;D") and the full width of East Asian keyboards ("ｔｉｎ").
    """
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def respell(
    understood: Understood,
    analyser: Analyser,
    index: IndexStatistics,
    never: Container[str] = (),
) -> list[Respelled]:
    """The same query with words replaced that are probably slips, the likeliest first.

    For queries that nothing has all words of. Only plain words are touched: what stands in quotes
    or in a field is meant as it stands.

    Args:
        understood: the query.
        analyser: of the index.
        index: what its articles have.
        never: accent keys that are no slips.
    """
    tokens = _plain_tokens(understood, analyser)
    words = [token.folded for token in tokens]
    meant = {at for at, token in enumerate(tokens) if token.key in never}
    return [
        _corrected(understood, analyser, _with_marks(correction, tokens, index))
        for correction in index.speller.corrections(words, _typed_right(tokens, index), meant)
    ]


def respell_odd_one_out(
    understood: Understood,
    analyser: Analyser,
    index: IndexStatistics,
    never: Container[str] = (),
) -> Respelled | None:
    """The same query with the one word replaced that does not fit in at all, if there is one.

    For queries that hardly any article has all words of; arguments as of :func:`respell`.
    """
    tokens = _plain_tokens(understood, analyser)
    meant = {at for at, token in enumerate(tokens) if token.key in never}
    meant |= _typed_right(tokens, index)
    correction = index.speller.odd_one_out([token.folded for token in tokens], meant)
    if correction is None:
        return None
    return _corrected(understood, analyser, _with_marks(correction, tokens, index))


def _plain_tokens(understood: Understood, analyser: Analyser) -> list[Token]:
    """The plain words of a query."""
    tree = understood.parsed.tree
    if tree is None or understood.exact:
        return []
    return [token for run in plain_runs(tree) for token in analyser.tokens(run.text)]


def _typed_right(tokens: Sequence[Token], index: IndexStatistics) -> set[int]:
    """The numbers of words that were typed with marks and that articles have so."""
    hardly_any = HARDLY_HAD * index.lexicon.total
    return {
        at
        for at, token in enumerate(tokens)
        if not token.key.isascii() and index.lexicon.key_count(token.key) > hardly_any
    }


def _with_marks(
    correction: Correction, tokens: Sequence[Token], index: IndexStatistics
) -> Correction:
    """The likely marks for what takes the place of words with marks."""
    typed = [
        correction.words.get(at, token.folded if token.key.isascii() else token.key)
        for at, token in enumerate(tokens)
    ]
    marked = {at for at in correction.words if not tokens[at].key.isascii()}
    if not marked:
        return correction
    keys = index.restore(tuple(typed)).keys
    words = {
        at: usual_spelling(keys[at]) if at in marked else word
        for at, word in correction.words.items()
    }
    return correction._replace(words=words)


def _corrected(understood: Understood, analyser: Analyser, correction: Correction) -> Respelled:
    tree = understood.parsed.tree
    changed = None if tree is None else _replaced(tree, analyser, count(), correction.words)
    parsed = replace(understood.parsed, tree=changed)
    return Respelled(replace(understood, parsed=parsed, respelled=True), correction.cost)


def _replaced(
    node: Node, analyser: Analyser, numbers: Iterator[int], words: Mapping[int, str]
) -> Node:
    """The tree with the words of some numbers replaced; runs in the order of ``plain_runs``."""
    match node:
        case Words(text, exact) if not exact:
            pieces: list[str] = []
            done = 0
            for token in analyser.tokens(text):
                word = words.get(next(numbers))
                if word is not None:
                    pieces += text[done : token.start], word
                    done = token.end
            return Words("".join([*pieces, text[done:]]))
        case AllOf(children):
            return AllOf(tuple(_replaced(child, analyser, numbers, words) for child in children))
        case AnyOf(children):
            return AnyOf(tuple(_replaced(child, analyser, numbers, words) for child in children))
        case Scoped(scope, child):
            return Scoped(scope, _replaced(child, analyser, numbers, words))
        case _:
            return node
