"""Headlines by what they begin with: an order of articles, whose headlines are read to search it.

The order itself is a list of article numbers. Where a prefix lies in it is found roughly by the
beginnings of some headlines, then by reading those in between: about ten.

Invariant: what is found begins with the prefix. Knows nothing of how typed text is read.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyser, Token
from index.snapshot import Snapshot
from index.stored import load_article, load_headline
from index.suggestions.suggestions import Suggestions
from search.suggest.typed_prefix import last_of_each_position

MOST_REMEMBERED = 20_000
"""Texts; about 20 MB."""

Docs = NDArray[np.int64]


class Worded(NamedTuple):
    """A text and its words.

    Attributes:
        text: verbatim.
        words: one a position, with offsets.
        key: their folded terms with a space between them, as UTF-8.
    """

    text: str
    words: list[Token]
    key: bytes


class Headlines:
    """The headlines of one build; safe to share between threads."""

    def __init__(self, snapshot: Snapshot, suggestions: Suggestions) -> None:
        self._snapshot = snapshot
        self._suggestions = suggestions
        self._analyser = Analyser()
        self._remembered: dict[tuple[int, int], Worded] = {}
        self._lock = threading.Lock()

    def read(self, doc: int, field: int = 0) -> Worded:
        """The headline of an article (or its lead, field 1) with its words."""
        worded = self._remembered.get((doc, field))
        if worded is None:
            stored = self._snapshot.stored(doc)
            text = load_article(stored).summary if field else load_headline(stored)
            words = last_of_each_position(self._analyser.tokens(text))
            worded = Worded(text, words, " ".join([word.folded for word in words]).encode())
            with self._lock:
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[doc, field] = worded
        return worded

    def beginning_with(self, prefix: str) -> Docs:
        """Articles whose headline's folded words begin so, in their order."""
        start = prefix.encode()
        first = self._suggestions.place(start, self._key)
        end = self._suggestions.place(start + b"\xff", self._key)
        return self._suggestions.headline_docs[first:end].astype(np.int64)

    def _key(self, doc: int) -> bytes:
        return self.read(doc).key
