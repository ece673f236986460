"""The language model of an index: what its articles say, how often, and in which company.

Made when an index is built (:mod:`index.analysis.language_model_builder`), opened by mapping one
file into memory, immutable afterwards: threads share one. It serves as the lexicon (how often is a
key, or a folded form, written?), names what may stand behind a bare form, and holds the counts that
:mod:`index.analysis.restoration` reckons with.

It knows nothing of probabilities: smoothing is the business of whoever asks.
"""

from __future__ import annotations

import bisect
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.language_model_tables import KIND
from index.analysis.model_file import Array, ArrayFile
from index.analysis.ngram_codes import COUNT_VALUES, MOST_FORMS, MOST_VARIANTS, VARIANT_BITS

_UNKNOWN = -1
_THIRD_SHIFT = 3 * VARIANT_BITS


class Pairs(NamedTuple):
    """Every way two neighbouring forms were accented; arrays of one length n.

    Attributes:
        first: shape (n,): variant of the first form.
        second: shape (n,): variant of the second.
        counts: shape (n,): how often, as codes of :data:`index.analysis.ngram_codes.COUNT_VALUES`.
        left: shape (n,): after how many different words, as such codes.
        backoff: shape (n,): the share left for unseen third words, as codes of
            :data:`index.analysis.ngram_codes.SHARE_VALUES`.
        block: number of this pair of forms, for :meth:`LanguageModel.triples`.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    counts: Array
    left: Array
    backoff: Array
    block: int


class Triples(NamedTuple):
    """Every way three neighbouring forms were accented: variants and count codes, of shape (n,)."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    third: NDArray[np.intp]
    counts: Array


class LanguageModel:
    """The model in one file. Open it with :meth:`open`; any number of threads may ask it."""

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self._forms = _Texts(file, "form")
        self._keys = _Texts(file, "key")
        self._form_counts = _ints(file.array("form_counts"))
        self._key_counts = _ints(file.array("key_counts"))
        self._form_first = _ints(file.array("form_first"))
        self._key_form = _ints(file.array("key_form"))
        self._row_first = _ints(file.array("row_first"))
        self._block_second = _ints(file.array("block_second"))
        self._block_pairs = _ints(file.array("block_pairs"))
        self._block_triples = _ints(file.array("block_triples"))
        self._pair_variants = file.array("pair_variants")
        self._pair_counts = file.array("pair_counts")
        self._pair_left = file.array("pair_left")
        self._pair_backoff = file.array("pair_backoff")
        self._triple_codes = file.array("triple_codes")
        self._triple_counts = file.array("triple_counts")
        #: Discounts of pairs by count, of pairs by left words, of triples: shape (3, 3).
        self.discounts: NDArray[np.float64] = (
            file.array("discounts").astype(np.float64).reshape(3, 3)
        )
        #: Shape (keys,): how often each key was seen.
        self.key_counts = file.array("key_counts")
        #: Shape (keys,): after how many different words each key was seen.
        self.left_words = file.array("left_words")
        #: Shape (keys,): the sums of ``Pairs.left`` over all that follows each key.
        self.left_sums = file.array("left_sums")
        #: Shape (keys,): the share left for unseen followers, by counts and by left words.
        self.key_backoff = file.array("key_backoff")
        self.key_left_backoff = file.array("key_left_backoff")
        #: How many words were counted, those of keys seen once left out.
        self.total = int(self.key_counts[1:].sum(dtype=np.int64))

    @classmethod
    def open(cls, path: Path) -> LanguageModel:
        """Map a model into memory; only its header and the counts of its keys are read.

        Raises:
            FileNotFoundError: there is no such file.
            ModelFileError: it is no model, of another version, or damaged.
        """
        return cls(ArrayFile(path, KIND))

    def verify(self) -> None:
        """Read the whole file and check it.

        Raises:
            ModelFileError: a byte differs from what was written.
        """
        self._file.verify()

    def __len__(self) -> int:
        """How many distinct keys the model knows."""
        return len(self._key_counts) - 1

    @property
    def size(self) -> int:
        """The length of the file in bytes."""
        return self._file.size

    def key_count(self, key: str) -> int:
        """How often an accent key stands in the articles; 0 if only once."""
        number = self._keys.find(key)
        return self._key_counts[number] if number > 0 else 0

    def folded_count(self, folded: str) -> int:
        """How often a folded form stands in the articles, under whatever accents."""
        number = self._forms.find(folded)
        return self._form_counts[number] if number > 0 else 0

    def keys_of(self, folded: str) -> tuple[tuple[str, int], ...]:
        """The accent keys that fold to a form, each with its count, the most frequent first."""
        form = self._forms.find(folded)
        if form <= 0:
            return ()
        numbers = range(self._form_first[form], self._form_first[form + 1])
        return tuple((self._keys[number], self._key_counts[number]) for number in numbers)

    def forms(self) -> Iterator[tuple[str, int]]:
        """All folded forms with a letter and their counts, the most frequent first, then others."""
        for number in range(1, len(self._form_counts)):
            yield self._forms[number], self._form_counts[number]

    def form(self, folded: str) -> int:
        """The number of a folded form that takes part in runs of words, else -1.

        Everything without a letter is form 0.
        """
        if not any(map(str.isalpha, folded)):
            return 0
        number = self._forms.find(folded)
        return number if number < MOST_FORMS else _UNKNOWN

    def word(self, key: str) -> tuple[int, int]:
        """The form and variant of an accent key that takes part in runs of words, else (-1, 0)."""
        number = self._keys.find(key)
        if number <= 0:
            return _UNKNOWN, 0
        form = self._key_form[number]
        variant = number - self._form_first[form]
        if form >= MOST_FORMS or variant >= MOST_VARIANTS:
            return _UNKNOWN, 0
        return form, variant

    def variants(self, form: int) -> tuple[int, int]:
        """The range of the keys (first and one beyond) that are the variants of a form."""
        first = self._form_first[form]
        return first, min(self._form_first[form + 1], first + MOST_VARIANTS)

    def key(self, number: int) -> str:
        """The text of a key."""
        return self._keys[number]

    def pairs(self, first: int, second: int) -> Pairs | None:
        """How two forms were accented side by side, or None if they never stood so."""
        low, high = self._row_first[first], self._row_first[first + 1]
        block = bisect.bisect_left(self._block_second, second, low, high)
        if block == high or self._block_second[block] != second:
            return None
        here = slice(self._block_pairs[block], self._block_pairs[block + 1])
        codes = self._pair_variants[here].astype(np.intp)
        return Pairs(
            codes >> VARIANT_BITS,
            codes & (MOST_VARIANTS - 1),
            self._pair_counts[here],
            self._pair_left[here],
            self._pair_backoff[here],
            block,
        )

    def triples(self, block: int, third: int) -> Triples | None:
        """How the two forms of a block were accented together with a third, or None if never."""
        low, high = self._block_triples[block], self._block_triples[block + 1]
        if low == high:
            return None
        row = self._triple_codes[low:high]
        low_code = np.uint32(third << _THIRD_SHIFT)
        start, stop = np.searchsorted(
            row, (low_code, low_code | np.uint32((1 << _THIRD_SHIFT) - 1))
        )
        # The second edge is the last code of the form, so it may itself be in the row.
        stop += int(stop < len(row) and row[stop] >> _THIRD_SHIFT == third)
        if start == stop:
            return None
        codes = row[start:stop].astype(np.intp)
        return Triples(
            (codes >> 2 * VARIANT_BITS) & (MOST_VARIANTS - 1),
            (codes >> VARIANT_BITS) & (MOST_VARIANTS - 1),
            codes & (MOST_VARIANTS - 1),
            self._triple_counts[low + start : low + stop],
        )

    def followers(self, key: str, most: int = 10) -> tuple[tuple[str, int], ...]:
        """What most often stands directly after an accent key: keys and counts (within 4 %).

        Numbers are left out.
        """
        form, variant = self.word(key)
        if form <= 0:
            return ()
        found: list[tuple[int, str]] = []
        for block in range(self._row_first[form], self._row_first[form + 1]):
            second = self._block_second[block]
            for entry in range(self._block_pairs[block], self._block_pairs[block + 1]):
                first_variant, second_variant = divmod(
                    int(self._pair_variants[entry]), MOST_VARIANTS
                )
                if first_variant == variant and second:
                    number = self._form_first[second] + second_variant
                    found.append((-int(COUNT_VALUES[self._pair_counts[entry]]), self._keys[number]))
        found.sort()
        return tuple((follower, -count) for count, follower in found[:most])


class _Texts:
    """The texts of a table, found by their hash."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._bytes = file.array(f"{name}_text").data
        self._ends = _ints(file.array(f"{name}_ends"))
        self._hashes = _ints(file.array(f"{name}_hashes"))
        self._of_hash = _ints(file.array(f"{name}_of_hash"))

    def __getitem__(self, number: int) -> str:
        return str(self._raw(number), "utf-8", "surrogatepass")

    def _raw(self, number: int) -> bytes:
        start = self._ends[number - 1] if number else 0
        return bytes(self._bytes[start : self._ends[number]])

    def find(self, text: str) -> int:
        """The number of a text, -1 if it is not in the table."""
        raw = text.encode("utf-8", "surrogatepass")
        wanted = zlib.crc32(raw)
        place = bisect.bisect_left(self._hashes, wanted)
        while place < len(self._hashes) and self._hashes[place] == wanted:
            number = self._of_hash[place]
            if self._raw(number) == raw:
                return number
            place += 1
        return _UNKNOWN


def _ints(array: Array) -> Sequence[int]:
    """An array as a sequence of Python integers: four times faster to read one by one."""
    view: Sequence[int] = array.data
    return view
