"""From words to slots: what stands at each place of a query, in every spelling the analysis knows.

"Covid-19" is two slots, {covid19 | covid} and {19}; an article that has something in every slot has
all words of the query.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from index.analysis import Analyser
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
        accented: whether its accents are meant as they stand. Typed marks are evidence for the
            whole run of words they stand in; without any, bare letters are wildcards.
        exact: whether other accents are refused.
    """

    forms: tuple[Form, ...]
    accented: bool = False
    exact: bool = False

    @property
    def split(self) -> Form:
        """The form that takes the place in a phrase: of "covid19 | covid 19" it is "covid"."""
        return self.forms[-1]


def slots_of(analyser: Analyser, text: str, *, exact: bool = False) -> tuple[Slot, ...]:
    """The slots of a run of words, in order."""
    tokens = analyser.tokens(text)
    accented = exact or any(not token.key.isascii() for token in tokens)
    return tuple(
        Slot(
            tuple(dict.fromkeys(Form(token.key, token.folded) for token in stacked)),
            accented,
            exact,
        )
        for _, stacked in groupby(tokens, key=lambda token: token.position)
    )


class Wanted(NamedTuple):
    """Everything of a query that can be seen in an article, for marking it.

    Attributes:
        runs: runs of slots; those of a phrase must stand side by side to be marked.
        phrases: which of ``runs`` are phrases.
        prefixes: folded beginnings of words.
    """

    runs: tuple[tuple[Slot, ...], ...]
    phrases: tuple[bool, ...]
    prefixes: tuple[str, ...]


def wanted(analyser: Analyser, tree: Node | None, *, exact: bool = False) -> Wanted:
    """What a query wants to see; what it excludes or filters by is left out."""
    runs: list[tuple[Slot, ...]] = []
    phrases: list[bool] = []
    prefixes: list[str] = []
    pending: list[Node] = [tree] if tree is not None else []
    while pending:
        match pending.pop(0):
            case Words(text, own):
                runs.append(slots_of(analyser, text, exact=own or exact))
                phrases.append(False)
            case Phrase(text, own):
                runs.append(slots_of(analyser, text, exact=own or exact))
                phrases.append(True)
            case Prefix(text):
                prefixes.extend(token.folded for token in analyser.tokens(text))
            case Fuzzy(text):
                runs.append(slots_of(analyser, text))
                phrases.append(False)
            case AllOf(children) | AnyOf(children):
                pending[:0] = children
            case Scoped(_, child):
                pending.insert(0, child)
            case _:
                pass  # filters and exclusions have nothing to show
    return Wanted(tuple(runs), tuple(phrases), tuple(prefixes))
