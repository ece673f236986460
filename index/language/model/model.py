"""The language model of an index: what its articles say, how often, and in which company.

Made when an index is built (:mod:`index.language.model.builder`), opened by mapping one
file into memory, immutable afterwards: threads share one. It serves as the lexicon (how often is a
key, or a folded form, written?), names what may stand behind a bare form, and holds the counts that
:mod:`index.language.restoration` reckons with.

It knows nothing of probabilities: smoothing is the business of whoever asks.
"""

from __future__ import annotations

import bisect
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.language.model.codes import (
    MOST_FORMS,
    MOST_VARIANTS,
    PAIR_CHANCES,
    PAIR_COUNTS,
    VARIANT_BITS,
)
from index.language.model.edges import Edges
from index.language.model.tables import CHANCE_BITS, KIND
from index.language.model.triples import Found, find_triples
from index.storage.array_file import Array, ArrayFile

_UNKNOWN = -1
_HALF = 4


class Pairs(NamedTuple):
    """Every way two neighbouring forms were accented; arrays of one length n.

    Attributes:
        first: shape (n,): variant of the first form.
        second: shape (n,): variant of the second.
        chances: shape (n,): the probability of the second behind the first where no triple speaks.
        counts: shape (n,): how often, as codes of :data:`index.language.model.codes.PAIR_COUNTS`.
        backoff: shape (n,): the share left for third words without a triple, as codes of
            :data:`index.language.model.codes.PAIR_SHARES`.
        block: number of this pair of forms, for :meth:`LanguageModel.triples`.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    chances: NDArray[np.float64]
    counts: NDArray[np.intp]
    backoff: NDArray[np.intp]
    block: int


class LanguageModel:
    """The model in one file. Open it with :meth:`open`; any number of threads may ask it."""

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self._forms = _Texts(file, "form")
        self._keys = _Texts(file, "key")
        self._key_counts = _ints(file.array("key_counts"))
        self._key_named = _ints(file.array("key_named"))
        self._texts: dict[int, str] = {}
        self._form_keys = Edges(file, "form_key")
        self._row_first = _ints(file.array("row_first"))
        self._block_second = _ints(file.array("block_second"))
        self._block_pairs = Edges(file, "block_pairs")
        self._block_triples = Edges(file, "block_triples")
        self._pair_codes = file.array("pair_codes")
        self._pair_weights = file.array("pair_weights")
        self._triple_codes = file.array("triple_codes")
        self._triple_kinds = file.array("triple_kinds")
        #: Shape (3,): what is taken off pairs by count.
        self.discounts: NDArray[np.float64] = file.array("discounts").astype(np.float64)
        #: Shape (keys,): how often each key was seen.
        self.key_counts = file.array("key_counts")
        #: Shape (keys,): how many occurrences of each key the pairs leave over, as codes of
        #: :data:`index.language.model.codes.REST_VALUES`.
        self.key_rest = file.array("key_rest")
        #: Shape (keys,): the share that pairs leave for other followers, as codes of
        #: :data:`index.language.model.codes.SHARE_VALUES`.
        self.key_backoff = file.array("key_backoff")
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

    def array(self, name: str) -> Array:
        """A table of the file, as :mod:`index.language.model.tables` names it."""
        return self._file.array(name)

    def __len__(self) -> int:
        """How many distinct keys the model knows."""
        return len(self._key_counts) - 1

    @property
    def size(self) -> int:
        """The length of the file in bytes."""
        return self._file.size

    def key_count(self, key: str) -> int:
        """How often an accent key stands in the articles; 0 if only once."""
        form, number = self._find_key(key)
        return self._key_counts[number] if form > 0 else 0

    def folded_count(self, folded: str) -> int:
        """How often a folded form stands in the articles, under whatever accents."""
        form = self._forms.find(folded)
        return self._form_count(form) if form > 0 else 0

    def keys_of(self, folded: str) -> tuple[tuple[str, int], ...]:
        """The accent keys that fold to a form, each with its count, the most frequent first."""
        form = self._forms.find(folded)
        if form <= 0:
            return ()
        return tuple(
            (self._text(number, form), self._key_counts[number]) for number in self._keys_of(form)
        )

    def forms(self) -> Iterator[tuple[str, int]]:
        """All folded forms with a letter and their counts, the most frequent first, then others."""
        for form in range(1, len(self._form_keys)):
            yield self._forms[form], self._form_count(form)

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
        form, number = self._find_key(key)
        variant = number - self._form_keys.begin(form)
        if not 0 < form < MOST_FORMS or variant >= MOST_VARIANTS:
            return _UNKNOWN, 0
        return form, variant

    def _find_key(self, key: str) -> tuple[int, int]:
        """The form and the number of an accent key; form 0 if there is none."""
        named = self._keys.find(key)
        if named >= 0:
            number = self._key_named[named]
            return self._form_keys.holding(number), number
        # A key without a text of its own is written as its form is.
        form = max(0, self._forms.find(key))
        for number in self._keys_of(form):
            if self._named(number) < 0:
                return form, number
        return 0, 0

    def _named(self, number: int) -> int:
        """The place of a key among those with a text of their own, else -1."""
        place = bisect.bisect_left(self._key_named, number)
        if place < len(self._key_named) and self._key_named[place] == number:
            return place
        return _UNKNOWN

    def _text(self, number: int, form: int) -> str:
        named = self._named(number)
        return self._forms[form] if named < 0 else self._keys[named]

    def _form_count(self, form: int) -> int:
        return sum(self._key_counts[self._form_keys.of(form)])

    def _keys_of(self, form: int) -> range:
        keys = self._form_keys.of(form)
        return range(keys.start, keys.stop)

    def variants(self, form: int) -> tuple[int, int]:
        """The range of the keys (first and one beyond) that are the variants of a form."""
        keys = self._form_keys.of(form)
        return keys.start, min(keys.stop, keys.start + MOST_VARIANTS)

    def key(self, number: int) -> str:
        """The text of a key; remembered."""
        text = self._texts.get(number)
        if text is None:
            if len(self._texts) >= MOST_REMEMBERED:
                self._texts = {}
            text = self._texts[number] = self._text(number, self._form_keys.holding(number))
        return text

    def pairs(self, first: int, second: int) -> Pairs | None:
        """How two forms were accented side by side, or None if that is not worth telling."""
        low, high = self._row_first[first], self._row_first[first + 1]
        block = bisect.bisect_left(self._block_second, second, low, high)
        if block == high or self._block_second[block] != second:
            return None
        here = self._block_pairs.of(block)
        codes = self._pair_codes[here].astype(np.intp)
        weights = self._pair_weights[here].astype(np.intp)
        return Pairs(
            codes >> CHANCE_BITS + VARIANT_BITS,
            (codes >> CHANCE_BITS) & (MOST_VARIANTS - 1),
            PAIR_CHANCES[codes & ((1 << CHANCE_BITS) - 1)],
            weights >> _HALF,
            weights & ((1 << _HALF) - 1),
            block,
        )

    def times_together(self, left: str, right: str) -> float:
        """About how often one folded form stands directly before another; 0 if that is rare."""
        first, second = self.form(left), self.form(right)
        pairs = self.pairs(first, second) if first > 0 and second > 0 else None
        return 0.0 if pairs is None else float(PAIR_COUNTS[pairs.counts].sum())

    def times_as_written(self, left: str, right: str) -> float:
        """About how often one accent key stands directly before another; 0 if that is rare."""
        (first, first_key), (second, second_key) = self.word(left), self.word(right)
        pairs = self.pairs(first, second) if first > 0 and second > 0 else None
        if pairs is None:
            return 0.0
        these = (pairs.first == first_key) & (pairs.second == second_key)
        return float(PAIR_COUNTS[pairs.counts[these]].sum())

    @property
    def pair_count(self) -> int:
        """Of how many pairs it tells."""
        return len(self._pair_codes)

    def triples(self, block: int, third: int) -> Found | None:
        """How a third form was accented behind two, or None if that is not worth telling.

        Args:
            block: the first two forms, as :class:`Pairs` names them.
            third: the third form.
        """
        here = self._block_triples.of(block)
        if here.start == here.stop:
            return None
        return find_triples(self._triple_codes[here], third, self._triple_kinds)

    def followers(self, key: str, most: int = 10) -> tuple[tuple[str, int], ...]:
        """What most often stands directly after an accent key: keys and counts (within a third).

        Numbers are left out, and pairs that say nothing about accents if there is much text.
        """
        form, variant = self.word(key)
        if form <= 0:
            return ()
        counted: list[tuple[int, str]] = []
        for block in range(self._row_first[form], self._row_first[form + 1]):
            second = self._block_second[block]
            here = self._block_pairs.of(block)
            for code, weight in zip(self._pair_codes[here], self._pair_weights[here], strict=True):
                pair = divmod(int(code) >> CHANCE_BITS, MOST_VARIANTS)
                if pair[0] == variant and second:
                    text = self._text(self._form_keys.begin(second) + pair[1], second)
                    counted.append((-int(PAIR_COUNTS[weight >> _HALF]), text))
        counted.sort()
        return tuple((follower, -count) for count, follower in counted[:most])


MOST_REMEMBERED = 16_384
"""Texts whose numbers are remembered, and numbers whose texts are, at some 150 bytes each."""


class _Texts:
    """The texts of a table, found by their hash; what was found is remembered."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._bytes = file.array(f"{name}_text").data
        self._edges = Edges(file, f"{name}_length")
        self._hashes = _ints(file.array(f"{name}_hashes"))
        self._of_hash = _ints(file.array(f"{name}_of_hash"))
        self._numbers: dict[str, int] = {}

    def __getitem__(self, number: int) -> str:
        return str(self._raw(number), "utf-8", "surrogatepass")

    def _raw(self, number: int) -> bytes:
        return bytes(self._bytes[self._edges.of(number)])

    def find(self, text: str) -> int:
        """The number of a text, -1 if it is not in the table."""
        number = self._numbers.get(text)
        if number is None:
            if len(self._numbers) >= MOST_REMEMBERED:
                self._numbers = {}
            number = self._numbers[text] = self._find(text)
        return number

    def _find(self, text: str) -> int:
        raw = text.encode("utf-8", "surrogatepass")
        wanted = zlib.crc32(raw) >> 16
        place = bisect.bisect_left(self._hashes, wanted)
        while place < len(self._hashes) and self._hashes[place] == wanted:
            number = self._of_hash[place]
            if self._raw(number) == raw:
                return number
            place += 1
        return _UNKNOWN


def _ints(array: Array) -> memoryview[int]:
    """An array as a sequence of Python integers: four times faster to read one by one."""
    return array.data
