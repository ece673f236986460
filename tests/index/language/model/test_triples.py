"""Triples in two bytes: what is written is found again, and what cannot be written is left out."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyser
from index.language.model.builder import LanguageModelBuilder
from index.language.model.codes import pack
from index.language.model.model import LanguageModel
from index.language.model.triples import (
    Chosen,
    count_triples,
    encode_triples,
    find_triples,
)

KINDS = np.arange(64, dtype=np.uint8)
forms = st.integers(0, 40) | st.integers(0, (1 << 15) - 1)
triples = st.dictionaries(
    st.tuples(st.integers(0, 3), forms, st.integers(0, 7)), st.floats(0.001, 1), min_size=1
)


def chosen_of(entries: dict[tuple[int, int, int], float]) -> Chosen:
    """Triples (row, third form, third variant), all of pair 5 in their rows, with chances."""
    order = sorted(entries)
    row, third, variant = (np.array(column) for column in zip(*order, strict=True))
    words = [row << 5, np.zeros(len(order), np.int64), third << 5 | variant]
    kinds = (5 << 3 | variant).astype(np.uint8)
    kept = np.array([entries[each] for each in order])
    return Chosen(pack(words), np.zeros(len(order), np.uint32), kinds, kept, kept[:0], KINDS)


@settings(deadline=None)
@given(triples)
def test_every_triple_is_found_in_its_row_and_no_other(entries):
    chosen = chosen_of(entries)
    codes, places = encode_triples(chosen, np.ones(1))
    assert count_triples(codes) == len(entries)
    rows = defaultdict(list)
    for place, entry in enumerate(sorted(entries)):
        rows[entry[0]].append((place, entry))
    for members in rows.values():
        row = codes[places[members[0][0]] : places[members[-1][0] + 1]]
        thirds = {third for _, (_, third, _) in members}
        for third in thirds | {each + 63 for each in thirds} | {each - 1 for each in thirds}:
            expected = [entry for _, entry in members if entry[1] == third]
            of_third = find_triples(row, third, KINDS)
            if not expected:
                assert of_third is None
                continue
            assert of_third is not None
            assert of_third.place.tolist() == [5] * len(expected)
            assert of_third.third.tolist() == [variant for _, _, variant in expected]
            assert of_third.chances == pytest.approx([entries[each] for each in expected], rel=0.34)


def test_nothing_is_found_in_an_empty_row():
    assert find_triples(np.zeros(0, np.uint16), 3, KINDS) is None


def test_of_a_row_with_too_many_triples_the_ones_of_little_worth_go(tmp_path):
    letters = "abcdefghijkl"
    words = ["".join(each) + "k" for each in itertools.product(letters, repeat=3)][:1500]
    analyser = Analyser()
    with LanguageModelBuilder(analyser.vocabulary, tmp_path) as builder:
        for number, word in enumerate(words):
            for _ in range(2 if number < 1000 else 3):
                builder.add(*analyser.encode(f"con đường {word}"))
        assert builder.write(tmp_path / "m").triples == 500
    model = LanguageModel.open(tmp_path / "m")
    pairs = model.pairs(model.form("con"), model.form("duong"))
    assert pairs is not None
    assert model.triples(pairs.block, model.form(words[0])) is None
    assert model.triples(pairs.block, model.form(words[-1])) is not None
