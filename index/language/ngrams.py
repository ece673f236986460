"""Counts every run of three words in a stream of any length, in bounded memory.

Words are numbers below 2**21; three of them pack into one unsigned 64-bit integer, so that counting
is sorting: a block of tokens is packed, sorted and run-length counted, the sorted run goes to a
scratch file, and the runs are merged range by range at the end. A pair or a single word is a prefix
of the packed triple, so the one sort serves all three orders. Counting takes about
0.11 s of processor time per million tokens (``docs/language-model.md``).

Invariant: what :meth:`TrigramCounter.merged` yields is exact and sorted, and depends only on the
stream, never on the block size. It knows nothing of accents, files that last, or smoothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

WORD_BITS = 21
#: Stands in third place where a text ends after two words; no word has this number.
END = (1 << WORD_BITS) - 1
_PAIR_SHIFT = np.uint64(WORD_BITS)
_FIRST_SHIFT = np.uint64(2 * WORD_BITS)
_SAMPLE_STEP = 1024
_PACKED_BYTES = 8
_COUNT_BYTES = 4


class Counted(NamedTuple):
    """Distinct packed n-grams, mostly in rising order, and how often each occurs.

    Both have shape (n,).
    """

    packed: NDArray[np.uint64]
    counts: NDArray[np.uint32]


def packed_triples(words: NDArray[np.uint32], follows: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """The triples of a stream, in its order; see :meth:`TrigramCounter.add`."""
    if len(words) < 2:
        return np.zeros(0, np.uint64)
    wide = words.astype(np.uint64)
    third = np.full(len(words), END, np.uint64)
    third[:-2] = np.where(follows[2:], wide[2:], np.uint64(END))
    packed = (wide[:-1] << _FIRST_SHIFT) | (wide[1:] << _PAIR_SHIFT) | third[:-1]
    triples: NDArray[np.uint64] = packed[follows[1:]]
    return triples


def count_sorted(packed: NDArray[np.uint64]) -> Counted:
    """Run-length counts of a sorted array."""
    starts = group_starts(packed)
    lengths = np.diff(np.append(starts, len(packed)))
    return Counted(packed[starts], lengths.astype(np.uint32))


def group_starts(ordered: NDArray[np.uint64] | NDArray[np.int64]) -> NDArray[np.intp]:
    """Where each run of equal values begins in a sorted array."""
    if len(ordered) == 0:
        return np.zeros(0, np.intp)
    first = np.empty(len(ordered), bool)
    first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return np.flatnonzero(first)


class TrigramCounter:
    """Counts triples of words; a context manager that owns its scratch files.

    Args:
        scratch: a folder on a disk with room for 12 bytes per distinct triple of a block.
        block: how many triples are sorted at a time; about 40 bytes of memory each.
    """

    def __init__(self, scratch: Path, block: int = 1 << 21) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="trigrams-", dir=scratch)
        self._block = block
        self._waiting: list[NDArray[np.uint64]] = []
        self._waiting_count = 0
        self._runs: list[Triples] = []

    def __enter__(self) -> TrigramCounter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def add(self, words: NDArray[np.uint32], follows: NDArray[np.bool_]) -> None:
        """Count the triples of a stream; it may be cut anywhere between two texts.

        Args:
            words: shape (n,), each below 2**21 - 1.
            follows: shape (n,); True where the word stands directly after the one before it.
        """
        self._waiting.append(packed_triples(words, follows))
        self._waiting_count += len(self._waiting[-1])
        if self._waiting_count >= self._block:
            self._spill()

    def add_counted(self, triples: Triples) -> None:
        """Add triples that were counted elsewhere."""
        self._runs.append(triples)

    def merged(self, at_once: int = 1 << 20) -> Iterator[Counted]:
        """All triples in rising order, in parts; those that begin with one word are in one part.

        Args:
            at_once: roughly how many entries of the runs are merged at a time.
        """
        self._spill()
        edges = _split([run.sample for run in self._runs], at_once)
        places = [run.find(edges) for run in self._runs]
        for part in range(len(edges) - 1):
            yield merge(
                [
                    run.read(run_places[part], run_places[part + 1])
                    for run, run_places in zip(self._runs, places, strict=True)
                ]
            )

    def _spill(self) -> None:
        if not self._waiting_count:
            return
        packed = np.concatenate(self._waiting)
        self._waiting, self._waiting_count = [], 0
        packed.sort()
        path = Path(self._folder.name) / f"{len(self._runs)}"
        write_triples(path, count_sorted(packed))
        self._runs.append(TripleFile(path))


class Triples(Protocol):
    """Sorted triples and their counts, read range by range.

    Attributes:
        sample: every so many of them, for cutting all triples into ranges of equal size.
    """

    @property
    def sample(self) -> NDArray[np.uint64]: ...  # noqa: D102 - above

    def find(self, edges: NDArray[np.uint64]) -> list[int]:
        """Where values at or above each edge begin; edges are the first triples of words."""
        ...

    def read(self, start: int, stop: int) -> Counted:
        """The entries from ``start`` up to ``stop``."""
        ...


def write_triples(path: Path, counted: Counted) -> None:
    """Write sorted triples to a scratch file: all of them, then all their counts."""
    with path.open("wb") as out:
        counted.packed.tofile(out)
        counted.counts.tofile(out)


class TripleFile:
    """Sorted triples in a scratch file.

    It is read piece by piece rather than mapped: pages of a mapping count as the process's memory.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._length = path.stat().st_size // (_PACKED_BYTES + _COUNT_BYTES)
        self.sample: NDArray[np.uint64] = self._mapped()[::_SAMPLE_STEP].copy()

    def _mapped(self) -> NDArray[np.uint64]:
        if not self._length:
            return _NOTHING
        return np.memmap(self._path, np.uint64, "r", 0, (self._length,))

    def find(self, edges: NDArray[np.uint64]) -> list[int]:
        """Where values at or above each edge begin."""
        places: list[int] = np.searchsorted(self._mapped(), edges).tolist()
        return places

    def read(self, start: int, stop: int) -> Counted:
        """The entries from ``start`` up to ``stop``."""
        with self._path.open("rb") as file:
            file.seek(_PACKED_BYTES * start)
            packed = np.fromfile(file, np.uint64, stop - start)
            file.seek(_PACKED_BYTES * self._length + _COUNT_BYTES * start)
            return Counted(packed, np.fromfile(file, np.uint32, stop - start))


def _split(samples: list[NDArray[np.uint64]], at_once: int) -> NDArray[np.uint64]:
    """Edges of ranges of about ``at_once`` entries each that never cut a first word in two."""
    sample = np.sort(np.concatenate(samples or [_NOTHING]))
    step = max(1, at_once // _SAMPLE_STEP)
    inner = np.unique((sample[step::step] >> _FIRST_SHIFT) << _FIRST_SHIFT)
    return np.concatenate([[np.uint64(0)], inner[inner > 0], [_BEYOND]]).astype(np.uint64)


def merge(pieces: list[Counted]) -> Counted:
    """Add up sorted counts; the same n-gram may stand in several pieces."""
    packed = np.concatenate([piece.packed for piece in pieces] or [_NOTHING])
    counts = np.concatenate([piece.counts for piece in pieces] or [_NO_COUNTS]).astype(np.uint64)
    order = np.argsort(packed, kind="stable")
    packed = packed[order]
    starts = group_starts(packed)
    if len(starts) == 0:
        return Counted(packed, counts.astype(np.uint32))
    totals = np.minimum(np.add.reduceat(counts[order], starts), np.uint64(0xFFFF_FFFF))
    return Counted(packed[starts], totals.astype(np.uint32))


_NOTHING = np.zeros(0, np.uint64)
_NO_COUNTS = np.zeros(0, np.uint32)
_BEYOND = np.uint64(1 << 63)
