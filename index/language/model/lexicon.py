"""The lexicon of the language model: its accent keys and folded forms, and their numbers.

Forms are numbered from the most frequent down, those without a letter after all others, and the
keys of a form likewise; form 0 and key 0 are "" and stand for all numbers together. Left out are
keys seen once (two in five keys, 0.1 % of all text), numbers seen less than 16 times, which nobody
respells or puts accents on, keys beyond the first 191 of a form, and texts longer than 191 bytes.

Invariant: the numbering depends only on the texts and their order. It knows nothing of runs of
words.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.language.model.codes import MOST_FORMS, MOST_VARIANTS, VARIANT_BITS
from index.language.model.edges import EXACT_SIZES, edge_arrays
from index.storage.array_file import Array

_RAREST_KEY = 2
_RAREST_NUMBER = 16
_MOST_KEYS = EXACT_SIZES - 1
_LONGEST_TEXT = EXACT_SIZES - 1


class Names(Protocol):
    """Texts of keys and forms by number."""

    @property
    def keys(self) -> Sequence[str]:
        """Accent keys."""

    @property
    def folded(self) -> Sequence[str]:
        """Folded forms."""


@dataclass(frozen=True)
class Lexicon:
    """The keys and forms of a model, numbered as in its file.

    Attributes:
        key_texts: the keys of the model in order, "" first.
        form_texts: its forms in order, "" first.
        key_counts: shape (K,).
        key_form: shape (K,): the form of each.
        form_first: shape (F + 1,).
        word_of: shape (vocabulary,): the word (form and variant) of each key number that takes part
            in runs, else -1.
    """

    key_texts: list[str]
    form_texts: list[str]
    key_counts: NDArray[np.int64]
    key_form: NDArray[np.int64]
    form_first: NDArray[np.int64]
    word_of: NDArray[np.int64]


def lexicon_of(
    counts: NDArray[np.int64],
    is_number: NDArray[np.bool_],
    fold_of: NDArray[np.int64],
    names: Names,
) -> Lexicon:
    """Choose and number the keys and forms of a model.

    Args:
        counts: shape (n,): how often each key number occurs.
        is_number: shape (n,): True for keys without a letter.
        fold_of: shape (n,): the folded number of each key.
        names: their texts.
    """
    kept = np.flatnonzero(counts >= np.where(is_number, _RAREST_NUMBER, _RAREST_KEY))
    kept = kept[_writable(kept, fold_of, names)]
    form_counts = np.bincount(fold_of[kept], weights=counts[kept], minlength=len(names.folded))
    form_numbers = np.zeros(len(names.folded), bool)
    form_numbers[fold_of[is_number]] = True
    forms = np.flatnonzero(form_counts)
    # Equal counts keep the order in which the texts were first met: that is the same every time.
    forms = forms[np.lexsort((-form_counts[forms], form_numbers[forms]))]
    rank = np.zeros(len(names.folded), np.int64)
    rank[forms] = np.arange(1, len(forms) + 1)
    kept = kept[np.lexsort((-counts[kept], rank[fold_of[kept]]))]
    key_form = np.append(0, rank[fold_of[kept]])
    variant = np.arange(len(key_form)) - np.searchsorted(key_form, key_form)
    common = variant < _MOST_KEYS
    kept, key_form, variant = kept[common[1:]], key_form[common], variant[common]
    form_first = np.searchsorted(key_form, np.arange(len(forms) + 2))
    words = (key_form << VARIANT_BITS) | variant
    words[(key_form >= MOST_FORMS) | (variant >= MOST_VARIANTS)] = -1
    word_of = np.full(len(counts), -1, np.int64)
    word_of[kept] = words[1:]
    word_of[is_number] = -1
    return Lexicon(
        ["", *(names.keys[number] for number in kept.tolist())],
        ["", *(names.folded[number] for number in forms.tolist())],
        np.append(counts[is_number].sum(), counts[kept]),
        key_form,
        form_first,
        word_of,
    )


def _writable(
    kept: NDArray[np.int64], fold_of: NDArray[np.int64], names: Names
) -> NDArray[np.bool_]:
    """Which keys have texts, and forms, short enough to be written."""
    keys = [names.keys[number] for number in kept.tolist()]
    forms = [names.folded[number] for number in fold_of[kept].tolist()]
    fits = [
        max(len(key.encode("utf-8", "surrogatepass")), len(form.encode("utf-8", "surrogatepass")))
        <= _LONGEST_TEXT
        for key, form in zip(keys, forms, strict=True)
    ]
    return np.array(fits, bool)


def lexicon_arrays(lexicon: Lexicon) -> dict[str, Array]:
    """The tables of keys and forms, see :mod:`index.language.model.tables`."""
    named = [
        number
        for number, (text, form) in enumerate(
            zip(lexicon.key_texts, lexicon.key_form.tolist(), strict=True)
        )
        if text != lexicon.form_texts[form]
    ]
    arrays = _text_arrays("form", lexicon.form_texts)
    arrays.update(edge_arrays("form_key", np.diff(lexicon.form_first)))
    arrays["key_counts"] = np.minimum(lexicon.key_counts, 0xFFFF_FFFF).astype(np.uint32)
    arrays["key_named"] = np.array(named, np.uint32)
    arrays.update(_text_arrays("key", [lexicon.key_texts[number] for number in named]))
    return arrays


def _text_arrays(name: str, texts: list[str]) -> dict[str, Array]:
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    hashes = np.array([zlib.crc32(text) >> 16 for text in encoded], np.uint16)
    order = np.argsort(hashes, kind="stable")
    lengths = np.array([len(text) for text in encoded], np.int64)
    return {
        f"{name}_text": np.frombuffer(b"".join(encoded), np.uint8),
        **edge_arrays(f"{name}_length", lengths),
        f"{name}_hashes": hashes[order],
        f"{name}_of_hash": order.astype(np.uint32),
    }
