"""Which operator of a query leaves nothing, and the query without it.

"Covid -19" excludes what it means. Asked only where nothing at all is found; knows nothing of how
many articles a query has, which whoever asks counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from search.page import Relaxation
from search.query import AllOf, AnyOf, Node, Phrase, Scoped, Without, Words, render
from search.understanding.reading import Understood

PASTED = 6
"""Words between quotation marks that were pasted with them rather than asked for side by side, if
nothing else was typed."""

MOST_TRIED = 8
"""Operators of a query that are left out one after the other."""


def relaxations(
    understood: Understood, count: Callable[[Understood], int]
) -> tuple[Relaxation, ...]:
    """What is found where one operator is taken as words, or left out; the most first.

    Args:
        understood: a query that nothing is found for.
        count: how many articles match another.
    """
    tree = understood.parsed.tree
    if tree is None:
        return ()
    found = []
    tried = 0
    for operator, ways in _operators(tree):
        tried += 1
        if tried > MOST_TRIED:
            break
        for without in ways:
            if without is None:
                continue
            parsed = replace(understood.parsed, tree=without, exact=False)
            articles = count(replace(understood, parsed=parsed, exact=False))
            if articles:
                found.append(Relaxation(render(operator), render(without), articles))
                break
    return tuple(sorted(found, key=lambda relaxed: -relaxed.count))


def without_quotes(understood: Understood) -> Understood | None:
    """A query with what it quotes as plain words; None where it quotes nothing that was pasted.

    A sentence that was pasted with its quotation marks stands in no article just so, and within a
    headline they are the editor's: “Vụ “mặt đường phát nổ” ở Sài Gòn”.
    """
    tree = understood.parsed.tree
    children = tree.children if isinstance(tree, AllOf) else (tree,)
    least = 1 if any(isinstance(child, Words) for child in children) else PASTED
    plain = tuple(
        Words(child.text)
        if isinstance(child, Phrase) and not child.exact and len(child.text.split()) >= least
        else child
        for child in children
        if child is not None
    )
    if plain == children:
        return None
    return replace(understood, parsed=replace(understood.parsed, tree=_joined(plain)))


def _operators(tree: Node) -> Iterator[tuple[Node, tuple[Node | None, ...]]]:
    """Every operator on top of a query, with the query in which it is words, then without it."""
    children = tree.children if isinstance(tree, AllOf) else (tree,)
    for at, child in enumerate(children):
        plain: Node | None
        match child:
            case Words(text, exact):
                plain = Words(text) if exact else None
            case Phrase(text):
                plain = Words(text)
            case Without(Words() | Phrase() as unwanted):
                plain = Words(unwanted.text)
            case Scoped(_, inner):
                plain = inner
            case AnyOf():
                continue
            case _:
                plain = None
        if isinstance(child, Words) and plain is None:
            continue
        others = (*children[:at], *children[at + 1 :])
        taken = None if plain is None else _joined((*children[:at], plain, *children[at + 1 :]))
        yield child, (taken, _joined(others) if others else None)


def _joined(children: tuple[Node, ...]) -> Node | None:
    """A query of some parts; words beside each other are one run."""
    merged: list[Node] = []
    for child in children:
        before = merged[-1] if merged else None
        match before, child:
            case Words(first, False), Words(second, False):
                merged[-1] = Words(f"{first} {second}")
            case _:
                merged.append(child)
    wanted = [child for child in merged if not isinstance(child, Without)]
    if not wanted:
        return None
    return merged[0] if len(merged) == 1 else AllOf(tuple(merged))
