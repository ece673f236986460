"""Words in one piece that are one thing: CO2 and SO2, K'Ho and M'Nông.

The index has the parts of such a word too, so that "covid 19" finds "covid19" and "Hen" H'Hen;
where a part is a syllable, that would also find every "có … 2" and all that is "hồ" or "nóng".
Where the articles have the word in one piece, it is asked for as a whole, with these accents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.analysis import accent_key, fold
from index.analysis.syllables import bare_syllables
from search.query import AllOf, Node, Phrase, Words, plain_runs
from search.understanding.reading import Understood
from search.understanding.runs import with_runs
from search.understanding.statistics import IndexStatistics

ATTESTED = 5
"""Times the articles have such a word."""

_NAME = re.compile(r"(?<!\S)[^\W\d_]+(?:['’][^\W\d_]+)+(?=[.,;:!?]*(?!\S))")
_CODE = re.compile(r"(?<!\S)([A-Za-z]{2,})([-.]?)([0-9]+)(?=[,;:!?]*(?!\S))")


def with_codes(understood: Understood, index: IndexStatistics) -> Understood:
    """The query with words in one piece as one thing each."""
    tree = understood.parsed.tree
    if tree is None or understood.exact:
        return understood
    if isinstance(tree, Phrase) and not tree.exact and _NAME.fullmatch(tree.text):
        tree = Words(tree.text)  # quotes around one name say no more than the name
    changed: dict[str, Node] = {}
    for text in {run.text for run in plain_runs(tree)}:
        nodes: list[Node] = []
        done = 0
        for found, meant in sorted((*_codes(text, index), *_names(text, index)), key=_place):
            nodes += [*_words(text[done : found.start()]), *meant]
            done = found.end()
        if nodes:
            nodes += _words(text[done:])
            changed[text] = nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))
    if not changed:
        return understood
    return replace(
        understood, parsed=replace(understood.parsed, tree=_flat(with_runs(tree, changed)))
    )


class _Found(NamedTuple):
    """A piece of a run that is one thing, and what is asked for instead."""

    piece: re.Match[str]
    meant: Sequence[Node]


def _codes(text: str, index: IndexStatistics) -> Iterator[_Found]:
    for code in _CODE.finditer(text):
        if _is_one_thing(code, index):
            yield _Found(code, (Phrase(code[0], exact=True),))


def _names(text: str, index: IndexStatistics) -> Iterator[_Found]:
    """Names with an apostrophe in them, as they stand there or, if it is no syllable, bare."""
    for name in _NAME.finditer(text):
        key = accent_key(name[0].replace("'", "").replace("’", ""))
        if name[0][-2] in "'’" and name[0][-1] in "sS":
            continue  # of Trump's only Trump counts
        if index.lexicon.key_count(key):
            whole: tuple[Node, ...] = (Phrase(name[0], exact=True),)
            parts = re.split("['’]", name[0])
            if fold(key) in bare_syllables() and min(map(len, parts[1:])) > 1:
                # "kho" alone would be any store: the index has "ho" where K'Ho stands, too.
                whole += (Words(parts[-1], exact=True),)
            yield _Found(name, whole)
        elif fold(key) not in bare_syllables() and index.lexicon.folded_count(fold(key)):
            yield _Found(name, (Phrase(name[0]),))


def _place(found: _Found) -> int:
    return found.piece.start()


def _is_one_thing(code: re.Match[str], index: IndexStatistics) -> bool:
    letters, between, digits = accent_key(code[1]), code[2], code[3]
    if letters not in bare_syllables():
        return False
    if between == ".":
        return index.phrase_count(code[0], exact=True) >= ATTESTED
    return index.lexicon.key_count(letters + digits) >= ATTESTED


def _words(text: str) -> list[Node]:
    return [Words(text.strip())] if any(map(str.isalnum, text)) else []


def _flat(node: Node) -> Node:
    """What stands side by side in one list, as it is parsed."""
    if not isinstance(node, AllOf):
        return node
    children: list[Node] = []
    for child in node.children:
        children += child.children if isinstance(child, AllOf) else (child,)
    return AllOf(tuple(children))
