"""Words of letters and digits in one piece (CO2, SO2): one thing, not "có" and "2".

The index has the parts of such a word too, so that "covid 19" finds "covid19"; where the letters
are a syllable, that would also find every "có … 2". Where the articles have the word in one piece,
it is asked for side by side and without marks.
"""

from __future__ import annotations

import re
from dataclasses import replace

from index.analysis import accent_key
from index.analysis.syllables import bare_syllables
from search.query import AllOf, Node, Phrase, Words, plain_runs
from search.understanding.reading import Understood
from search.understanding.runs import with_runs
from search.understanding.statistics import IndexStatistics

ATTESTED = 5
"""Times the articles have such a word."""

_CODE = re.compile(r"(?<!\S)([A-Za-z]{2,})([-.]?)([0-9]+)(?=[,;:!?]*(?!\S))")


def with_codes(understood: Understood, index: IndexStatistics) -> Understood:
    """The query with words of letters and digits as one thing each."""
    tree = understood.parsed.tree
    if tree is None or understood.exact:
        return understood
    changed: dict[str, Node] = {}
    for text in {run.text for run in plain_runs(tree)}:
        nodes: list[Node] = []
        done = 0
        for code in _CODE.finditer(text):
            if _is_one_thing(code, index):
                nodes += [*_words(text[done : code.start()]), Phrase(code[0], exact=True)]
                done = code.end()
        if nodes:
            nodes += _words(text[done:])
            changed[text] = nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))
    if not changed:
        return understood
    return replace(
        understood, parsed=replace(understood.parsed, tree=_flat(with_runs(tree, changed)))
    )


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
