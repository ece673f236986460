"""Which runs a small model keeps: those that decide between accents, and all readings of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.analysis import Analyser
from index.language.model.builder import LanguageModelBuilder, ModelSize
from index.language.model.model import LanguageModel
from index.language.model.pruning import best
from index.language.restoration import Restorer

#: What stands before "đường" and "dương" says which it is, but behind "qua" it takes two words.
PLAIN = tuple(
    f"{first} {third}"
    for first in ("trên đường", "con đường", "quãng đường", "ánh dương", "họ dương", "vầng dương")
    for third in ("này", "kia", "ấy")
)
TOGETHER = ("đá qua đường", "đã qua dương")


def built(path: Path, texts: tuple[str, ...], least: int) -> tuple[LanguageModel, ModelSize]:
    analyser = Analyser()
    with LanguageModelBuilder(analyser.vocabulary, path, least_entries=least) as builder:
        for text in texts:
            builder.add(*analyser.encode(text))
        size = builder.write(path / "m")
    return LanguageModel.open(path / "m"), size


def kept_triples(model: LanguageModel, text: str) -> int:
    """How many triples the model has for the forms of three words."""
    first, second, third = map(model.form, text.split())
    pairs = model.pairs(first, second)
    triples = None if pairs is None else model.triples(pairs.block, third)
    return 0 if triples is None else len(triples.chances)


def test_triples_that_overrule_their_pairs_stay_and_others_go(tmp_path):
    model, size = built(tmp_path, PLAIN * 5 + TOGETHER * 5, 16)
    assert size.pairs == 16
    assert 2 <= size.triples <= 16
    assert kept_triples(model, "da qua duong") == 2
    assert kept_triples(model, "tren duong nay") == 0
    restorer = Restorer(model)
    assert restorer.restore(["đá", "qua", "duong"]).keys == ("đá", "qua", "đường")
    assert restorer.restore(["đã", "qua", "duong"]).keys == ("đã", "qua", "dương")
    assert restorer.restore(["tren", "duong", "nay"]).keys == ("trên", "đường", "này")


def test_pairs_of_words_with_one_reading_are_the_first_to_go(tmp_path):
    certain = ("một hai ba bốn năm",) * 4
    model, size = built(tmp_path, PLAIN * 4 + certain, 8)
    assert size.pairs <= 8
    assert model.pairs(model.form("mot"), model.form("hai")) is None
    assert model.pairs(model.form("tren"), model.form("duong")) is not None
    assert model.pairs(model.form("anh"), model.form("duong")) is not None
    assert model.key_count("một") == 4


def test_all_readings_of_the_same_forms_stay_together(tmp_path):
    model, _ = built(tmp_path, (*TOGETHER * 9, *("đá qua dương",) * 3), 4)
    assert kept_triples(model, "da qua duong") == 3


def test_a_small_corpus_loses_nothing(tmp_path):
    _, size = built(tmp_path, PLAIN * 2 + TOGETHER * 2, 1 << 17)
    assert (size.pairs, size.triples) == (16, 20)


@pytest.mark.parametrize(
    ("worth", "most", "kept"),
    [
        ([], 3, []),
        ([1, 2, 3], 3, [True, True, True]),
        ([1, 3, 2], 2, [False, True, True]),
        ([1, 2, 2, 3], 2, [False, False, False, True]),
        ([1, 1], 1, [False, False]),
    ],
)
def test_what_has_equal_worth_stays_or_goes_together(worth, most, kept):
    assert best(np.array(worth, np.float64), most).tolist() == kept
