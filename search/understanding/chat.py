"""Words as people write them in chats, read as what is meant: "hoc sinh ko dc dung dt".

Which they are the table says (:mod:`index.language.synonyms.chat_words`). A word of it is replaced
where it stands among other words and the articles hardly have it beside them, but what is meant:
"Washington DC" and "bệnh viện K" stay. One in capitals is an acronym, unless all of the query is in
capitals. In a query without marks it is written out without marks, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.analysis import accent_key, fold
from index.language.synonyms.chat_words import ChatWords
from search.query import Node, Words, plain_runs
from search.understanding.reading import Understood
from search.understanding.runs import with_runs
from search.understanding.statistics import IndexStatistics

HARDLY, BY_CHANCE = 0.03, 2
"""Articles that have the word as typed beside a neighbour, to those that have what it means there,
and how many do not count. Of 100,000 articles "viện K" is in 41 and "viện không" or "viện khống" in
1,269; "em k" is in 16 and "em không" in 751; "anh J" is in two and "anh gì" in 14."""

_WORD = re.compile(r"(?<!\S)(\w+)(?=[,.;:!?…]*(?!\S))")


def written_out(understood: Understood, chat: ChatWords, index: IndexStatistics) -> Understood:
    """The query with what is meant in place of words that are written as in chats."""
    tree = understood.parsed.tree
    if tree is None or understood.exact:
        return understood
    changed: dict[str, Node] = {}
    for text in {run.text for run in plain_runs(tree)}:
        written = _written_out(text, chat, index)
        if written != text:
            changed[text] = Words(written)
    if not changed:
        return understood
    parsed = replace(understood.parsed, tree=with_runs(tree, changed))
    return replace(understood, parsed=parsed, respelled=True)


def _written_out(text: str, chat: ChatWords, index: IndexStatistics) -> str:
    words = text.split()
    found = {match.start(): match[1] for match in _WORD.finditer(text)}
    if len(words) < 2 or not any(accent_key(word) in chat for word in found.values()):
        return text
    out = list(words)
    for at, word in enumerate(_at_words(text, found)):
        meant = chat.get(accent_key(word)) if word else None
        if meant is None:
            continue
        left = out[at - 1] if at else ""
        right = words[at + 1] if at + 1 < len(words) else ""
        if not meant:
            if left and right:
                out[at] = ""
            continue
        if word.isupper() and not text.isupper():
            continue
        if _is_meant(left, word, right, meant.split(), chat, index):
            said = " ".join(map(fold, meant.split())) if text.isascii() else meant
            out[at] = words[at].replace(word, said.upper() if text.isupper() else said)
    return " ".join(filter(None, out))


def _at_words(text: str, found: dict[int, str]) -> list[str]:
    """For each piece between spaces the word that it is, "" if it is none alone."""
    return [found.get(piece.start(), "") for piece in re.finditer(r"\S+", text)]


def _is_meant(
    left: str,
    word: str,
    right: str,
    meant: Sequence[str],
    chat: ChatWords,
    index: IndexStatistics,
) -> bool:
    """Whether the articles have what a word stands for beside its neighbours, hardly the word."""
    known = index.lexicon.folded_count
    if not known(fold(accent_key(word))):
        return all(known(fold(accent_key(part))) for part in meant)
    # What comes next may be of the table itself: in "ko dc" both are to be replaced.
    beside = (chat.get(accent_key(right)) or right).split()
    sides = []
    if left:
        sides.append((f"{left} {word}", f"{left} {meant[0]}"))
    if beside:
        sides.append((f"{word} {right}", f"{meant[-1]} {beside[0]}"))
    counts = [(index.phrase_count(typed), index.phrase_count(other)) for typed, other in sides]
    if any(
        typed > (BY_CHANCE if other > typed else 0) and typed > HARDLY * other
        for typed, other in counts
    ):
        return False
    return any(other for _, other in counts)
