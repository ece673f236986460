"""From words to slots: what stands at each place of a query, in every spelling the analysis knows.

"Covid-19" is two slots, {covid19 | covid} and {19}; an article that has something in every slot has
all words of the query.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from index.analysis import Analyser, Lexicon, Token, parse_syllable
from index.analysis.syllables import bare_syllables
from search.query.nodes import (
    AllOf,
    AnyOf,
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Scoped,
    Words,
)


class Form(NamedTuple):
    """One spelling of a slot: its accent key and its folded term."""

    key: str
    folded: str


class Slot(NamedTuple):
    """One place of a query: any of ``forms`` fills it.

    Attributes:
        accented: whether its accents are meant as they stand. Where a run of words has marks, its
            bare words are words without marks; but not if one of them hardly ever has none ("thông
            tin doi ngoai"): then, as in a run without marks, bare letters are wildcards.
        exact: whether other accents are refused.
    """

    forms: tuple[Form, ...]
    accented: bool = False
    exact: bool = False

    @property
    def split(self) -> Form:
        """The form that takes the place in a phrase: of "covid19 | covid 19" it is "covid".

        Of "K'Ho", which takes but one place, it is the whole, "kho", not "ho".
        """
        return self.forms[-1]


LEAST_LEVEL = 0.15
"""A bare word of which fewer are written without marks was typed without its marks."""


_Remembered = dict[tuple[str, bool], tuple[Slot, ...]]

REMEMBERED = 256
"""Runs remembered: a search asks for each of its own half a dozen times."""

_words_by_text: dict[str, tuple[Token, ...]] = {}
_slots_without_lexicon: _Remembered = {}
_slots_by_lexicon: WeakKeyDictionary[Lexicon, _Remembered] = WeakKeyDictionary()
"""By lexicon; they must not keep an index open that nobody searches any more."""


def slots_of(
    analyser: Analyser, text: str, *, exact: bool = False, lexicon: Lexicon | None = None
) -> tuple[Slot, ...]:
    """The slots of a run of words, in order; remembered.

    Args:
        analyser: tells words from one another.
        text: the run.
        exact: whether other accents are refused.
        lexicon: counts of the index's words; without it, spelling alone tells what has no marks.
    """
    remembered = (
        _slots_without_lexicon if lexicon is None else _slots_by_lexicon.setdefault(lexicon, {})
    )
    slots = remembered.get((text, exact))
    if slots is None:
        stacks = _stacks(words_of(analyser, text))
        slots = _remember(remembered, (text, exact), _slots(stacks, exact=exact, lexicon=lexicon))
    return slots


def words_of(analyser: Analyser, text: str) -> tuple[Token, ...]:
    """What an analyser reads in a run of words; remembered, since all of them read it alike."""
    words = _words_by_text.get(text)
    if words is None:
        words = _remember(_words_by_text, text, tuple(analyser.tokens(text)))
    return words


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _remember(remembered: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    if len(remembered) >= REMEMBERED:
        remembered.clear()
    remembered[key] = value
    return value


def _stacks(words: Sequence[Token]) -> tuple[tuple[Form, ...], ...]:
    """The forms at each position, each once."""
    stacks: dict[int, dict[Form, None]] = {}
    wholes: dict[int, Token] = {}
    for token in words:
        stack = stacks.setdefault(token.position, {})
        form = Form(token.key, token.folded)
        whole = wholes.setdefault(token.position, token)
        if token.start > whole.start and token.end == whole.end:
            # Of what takes but one place the whole stands last, as what is in it does elsewhere.
            stack.pop(of_whole := Form(whole.key, whole.folded), None)
            stack |= {form: None, of_whole: None}
        else:
            stack[form] = None
    return tuple(map(tuple, stacks.values()))


def _slots(
    stacks: Sequence[tuple[Form, ...]], *, exact: bool, lexicon: Lexicon | None
) -> tuple[Slot, ...]:
    marked = [not all(key.isascii() for key, _ in forms) for forms in stacks]
    whole = any(marked) and not any(
        not has_marks and _lacks_marks(forms[-1], lexicon)
        for forms, has_marks in zip(stacks, marked, strict=True)
    )
    return tuple(
        Slot(forms, exact or whole or has_marks, exact)
        for forms, has_marks in zip(stacks, marked, strict=True)
    )


def _lacks_marks(bare: Form, lexicon: Lexicon | None) -> bool:
    """Whether a word typed without marks is hardly ever written so."""
    if bare.folded not in bare_syllables():
        return False
    if lexicon is not None and (count := lexicon.folded_count(bare.folded)):
        return lexicon.key_count(bare.key) < LEAST_LEVEL * count
    return parse_syllable(bare.key) is None


class Wanted(NamedTuple):
    """Everything of a query that can be seen in an article, for marking it.

    Attributes:
        runs: runs of slots; those of a phrase must stand side by side to be marked.
        phrases: which of ``runs`` are phrases.
        nodes: what each of ``runs`` is in the query.
        prefixes: folded beginnings of words.
    """

    runs: tuple[tuple[Slot, ...], ...]
    phrases: tuple[bool, ...]
    nodes: tuple[Node, ...]
    prefixes: tuple[str, ...]


def wanted(
    analyser: Analyser, tree: Node | None, *, exact: bool = False, lexicon: Lexicon | None = None
) -> Wanted:
    """What a query wants to see; what it excludes or filters by is left out.

    Args:
        analyser: tells words from one another.
        tree: the query.
        exact: whether other accents are refused everywhere.
        lexicon: as in :func:`slots_of`.
    """
    runs: list[tuple[Slot, ...]] = []
    nodes: list[Node] = []
    prefixes: list[str] = []
    pending: list[Node] = [tree] if tree is not None else []
    while pending:
        match pending.pop(0):
            case Words(text, node_exact) as node:
                runs.append(slots_of(analyser, text, exact=node_exact or exact, lexicon=lexicon))
                nodes.append(node)
            case Phrase(text, node_exact, instead_of) as node:
                # What was not typed is only itself, never another word of the same letters.
                refuse = node_exact or exact or bool(instead_of)
                runs.append(slots_of(analyser, text, exact=refuse, lexicon=lexicon))
                nodes.append(node)
            case Prefix(text):
                prefixes.extend(token.folded for token in analyser.tokens(text))
            case Fuzzy(text) as node:
                runs.append(slots_of(analyser, text))
                nodes.append(node)
            case AllOf(children) | AnyOf(children):
                pending[:0] = children
            case Scoped(_, child):
                pending.insert(0, child)
            case _:
                pass  # filters and exclusions have nothing to show
    phrases = tuple(isinstance(node, Phrase) for node in nodes)
    return Wanted(tuple(runs), phrases, tuple(nodes), tuple(prefixes))
