"""Builds the language model from the terms of the articles as they are indexed.

Nothing is read twice: :meth:`LanguageModelBuilder.add` takes the arrays that the analyser made for
the index anyway, and :meth:`LanguageModelBuilder.write` makes one file of them.

Invariant: the same texts in the same order give the same bytes; memory stays below a bound that
does not depend on how many texts there are (rare n-grams are dropped first). It knows nothing of
articles, and nothing of how the model is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.language.model.lexicon import lexicon_arrays, lexicon_of
from index.language.model.runs import KeyRuns, in_order
from index.language.model.tables import KIND, Budget, run_arrays
from index.language.model.triples import Evidence, count_triples
from index.language.ngrams import END, WORD_BITS, Counted, TrigramCounter, group_starts
from index.language.run_counts import NUMBER, CountedRun, RenumberedTriples, stream_of, words_of
from index.storage.array_file import write_arrays

_CHUNK = 1 << 20
_THIRD = np.uint64(END)
# So many words of text pay for a pair and for a triple (``docs/language-model.md``); a small site
# loses nothing.
_WORDS_A_PAIR = 36
_WORDS_A_TRIPLE = 40
_LEAST_ENTRIES = 1 << 17


class NumberedKeys(Protocol):
    """The part of the analyser's vocabulary that the model needs."""

    @property
    def keys(self) -> Sequence[str]:
        """Accent keys by number."""

    @property
    def folded(self) -> Sequence[str]:
        """Folded forms by number."""

    @property
    def fold_of(self) -> NDArray[np.uint32]:
        """Key number to folded number."""


class ModelSize(NamedTuple):
    """What a written model holds; ``bytes`` is the length of the file."""

    tokens: int
    keys: int
    pairs: int
    triples: int
    bytes: int


class _Text(NamedTuple):
    keys: NDArray[np.uint32]
    positions: NDArray[np.uint32]
    weight: int


class LanguageModelBuilder:
    """Counts terms and runs of two and three terms; a context manager that owns scratch files.

    Args:
        vocabulary: names the keys that the arrays hold; it may grow while texts are added.
        scratch: a folder for temporary files (12 bytes per distinct run of three in a block).
        most_entries: how many pairs, and how many triples, are counted at most; beyond it the
            rarest go. About 35 bytes of memory each.
        least_entries: so many pairs and triples are written however little text there is; beyond
            it one pair for 36 words, and one triple for 40, those that matter most.
    """

    def __init__(
        self,
        vocabulary: NumberedKeys,
        scratch: Path,
        most_entries: int = 1 << 24,
        least_entries: int = _LEAST_ENTRIES,
    ) -> None:
        self._vocabulary = vocabulary
        self._least_entries = least_entries
        self._most_entries = most_entries
        self._counter = TrigramCounter(scratch)
        self._texts: list[_Text] = []
        self._waiting = 0
        self._counts: NDArray[np.int64] = np.zeros(0, np.int64)
        self._words: NDArray[np.uint32] = np.zeros(0, np.uint32)

    def __enter__(self) -> LanguageModelBuilder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._counter.__exit__(kind, error, trace)

    def add(self, keys: NDArray[np.uint32], positions: NDArray[np.uint32], weight: int = 1) -> None:
        """Count one text: a headline, a summary or a body.

        Args:
            keys: shape (n,): key numbers in text order.
            positions: shape (n,), never falling. Of keys that share a position the last one stands
                in runs, so that "covid19|covid 19" reads "covid 19"; all of them are counted alone.
            weight: how many times its runs count; its keys count once.
        """
        self._texts.append(_Text(keys, positions, weight))
        self._waiting += len(keys)
        if self._waiting >= _CHUNK:
            self._count_waiting()

    def add_run(self, run: CountedRun, numbers: NDArray[np.int64]) -> None:
        """Add texts that were counted elsewhere, as :meth:`add` would have.

        Args:
            run: what was counted.
            numbers: shape (keys of the run,): the number of each of its keys in the vocabulary,
                rising.
        """
        self._know_keys()
        self._counts[numbers] += run.key_counts
        self._counter.add_counted(RenumberedTriples(run.triples, numbers, self._words[numbers]))

    def write(self, path: Path) -> ModelSize:
        """Write the model of everything added so far, replacing ``path`` when it is complete.

        Raises:
            OSError: a disk is full or not writable.
        """
        self._count_waiting()
        fold_of = self._vocabulary.fold_of.astype(np.int64)[: len(self._counts)]
        lexicon = lexicon_of(self._counts, self._words == NUMBER, fold_of, self._vocabulary)
        words = int(self._counts.sum())
        budget = Budget(
            max(self._least_entries, words // _WORDS_A_PAIR),
            max(self._least_entries, words // _WORDS_A_TRIPLE),
        )
        arrays = lexicon_arrays(lexicon)
        arrays.update(run_arrays(lexicon, self._gather(KeyRuns(lexicon.word_of, NUMBER)), budget))
        size = write_arrays(path, KIND, arrays)
        return ModelSize(
            words,
            len(arrays["key_counts"]) - 1,
            len(arrays["pair_codes"]),
            count_triples(arrays["triple_codes"]),
            size,
        )

    def _count_waiting(self) -> None:
        if not self._texts:
            return
        texts, self._texts, self._waiting = self._texts, [], 0
        self._know_keys()
        keys = np.concatenate([text.keys for text in texts]).astype(np.intp)
        self._counts += np.bincount(keys, minlength=len(self._counts))
        texts = [text for text in texts for _ in range(text.weight)]
        keys = np.concatenate([text.keys for text in texts]).astype(np.intp)
        positions = np.concatenate([text.positions for text in texts]).astype(np.int64)
        lengths = np.array([len(text.keys) for text in texts])
        stream = stream_of(self._words[keys], positions, lengths)
        self._counter.add(stream.words, stream.follows)

    def _know_keys(self) -> None:
        """Grow what is known of every key to the vocabulary's present length."""
        names = self._vocabulary.keys
        known, now = len(self._words), len(names)
        if now == known:
            return
        fresh = np.arange(known, now, dtype=np.uint32)
        self._words = np.concatenate([self._words, words_of(names[known:now], fresh)])
        self._counts = np.concatenate([self._counts, np.zeros(now - known, np.int64)])

    def _gather(self, key_runs: KeyRuns) -> Evidence:
        pairs, triples = _Kept(self._most_entries), _Kept(self._most_entries)
        triple_histogram = np.zeros(5, np.int64)
        for part in self._counter.merged():
            firsts = part.packed >> np.uint64(WORD_BITS)
            starts = group_starts(firsts)
            totals = np.add.reduceat(part.counts, starts, dtype=np.int64) if len(starts) else _NONE
            counted = Counted(firsts[starts], np.minimum(totals, 0xFFFF_FFFF).astype(np.uint32))
            pairs.add(key_runs.words(counted, 2))
            whole = (part.packed & _THIRD) != _THIRD
            packed, counts = part.packed[whole], part.counts[whole]
            triple_histogram += np.bincount(np.minimum(counts, 5), minlength=6)[:5]
            triples.add(key_runs.words(Counted(packed, counts), 3))
        return Evidence(in_order(pairs.counted()), in_order(triples.counted()), triple_histogram)


class _Kept:
    """Packed n-grams and counts, each added once; the rarest go if there are too many."""

    def __init__(self, most: int) -> None:
        self._rarest = 1
        self._most = most
        self._parts: list[Counted] = []
        self._length = 0

    def add(self, part: Counted) -> None:
        self._parts.append(self._frequent(part))
        self._length += len(self._parts[-1].packed)
        while self._length > self._most:
            self._rarest += 1
            self._parts = [self._frequent(part) for part in self._parts]
            self._length = sum(len(part.packed) for part in self._parts)

    def counted(self) -> Counted:
        """All that is kept, in the order added; nothing is kept afterwards."""
        parts, self._parts, self._length = self._parts, [], 0
        return Counted(
            np.concatenate([part.packed for part in parts] or [np.zeros(0, np.uint64)]),
            np.concatenate([part.counts for part in parts] or [np.zeros(0, np.uint32)]),
        )

    def _frequent(self, part: Counted) -> Counted:
        if self._rarest <= 1:
            return part
        often = part.counts >= self._rarest
        return Counted(part.packed[often], part.counts[often])


_NONE = np.zeros(0, np.int64)
