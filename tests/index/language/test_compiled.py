"""Compiled code restores what NumPy restores, and damaged models do not crash it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language import restoration
from index.language.model.model import LanguageModel
from index.language.model.tables import KIND
from index.language.restoration import COMPILED, Restorer
from index.storage.array_file import Array, ArrayFile
from tests.index.language.model.samples import SENTENCES, build_model

pytestmark = pytest.mark.skipif(not COMPILED, reason="nothing is compiled here")

VARIANTS = ["ba", "bà", "bá", "bả", "bã", "bạ", "bầ", "bấ", "bẩ", "bậ", "bằ", "bắ", "bẳ", "bặ"]
SYLLABLES = ["con", "cọn", "đường", "đương", "dương", "dưỡng", "thông", "tin", "tín", *VARIANTS]
OTHERS = ["12", "3.5", "", "qwert", "ữ", "đuồng", "ngoai", "\udc80"]
BARE = ["con", "duong", "thong", "tin", "ba"]

texts = st.lists(
    st.lists(st.sampled_from([*SYLLABLES, "12", "2022"]), min_size=1, max_size=30).map(" ".join),
    min_size=1,
    max_size=12,
).map(tuple)
queries = st.lists(st.sampled_from([*BARE, *BARE, *SYLLABLES, *OTHERS]), max_size=12)


def by_numpy(model: LanguageModel) -> Restorer:
    """As where nothing is compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(restoration, "COMPILED", False)
        return Restorer(model)


def expect_the_same(model: LanguageModel, tokens: Sequence[str]) -> None:
    """Compare what is restored both ways; which of equally likely keys comes first is left open."""
    got, wanted = Restorer(model).restore(tokens), by_numpy(model).restore(tokens)
    assert got.confidences == pytest.approx(wanted.confidences, rel=1e-9)
    for place, both in enumerate(zip(got.alternatives, wanted.alternatives, strict=True)):
        ones, others = both
        if not ones:
            assert got.keys[place] == wanted.keys[place]
        assert [each.probability for each in ones] == pytest.approx(
            [each.probability for each in others], rel=1e-9
        )
        by_key = dict(others)
        for key, probability in ones:
            assert probability == pytest.approx(by_key.get(key, others[-1].probability), rel=1e-9)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of many sentences about few words, so that there are pairs and triples of all."""
    draw = np.random.default_rng(3)
    words = [*SYLLABLES, "12"]
    chances = np.arange(len(words), 0, -1) ** 2.0
    path = tmp_path_factory.mktemp("model") / "m"
    build_model(
        path,
        (
            *SENTENCES * 3,
            *(" ".join(draw.choice(words, 40, p=chances / chances.sum())) for _ in range(300)),
        ),
    )
    return path


@settings(max_examples=60)
@given(texts=texts, tokens=st.lists(queries, min_size=1, max_size=6))
def test_of_any_small_model_the_same_is_restored(
    tmp_path_factory: pytest.TempPathFactory, texts: tuple[str, ...], tokens: list[list[str]]
) -> None:
    model = build_model(tmp_path_factory.mktemp("models") / "m", texts)
    for query in tokens:
        expect_the_same(model, query)


@settings(max_examples=300)
@given(tokens=queries)
def test_of_a_model_with_many_runs_the_same_is_restored(path: Path, tokens: list[str]) -> None:
    expect_the_same(LanguageModel.open(path), tokens)


def test_runs_of_hundreds_of_syllables_are_restored_alike(path: Path) -> None:
    draw = np.random.default_rng(4)
    words = [*BARE * 9, *SYLLABLES, *OTHERS]
    for size in (100, 700):
        expect_the_same(LanguageModel.open(path), draw.choice(words, size).tolist())


NAMES = (
    "form_key_sizes", "form_key_begins", "key_counts", "key_rest", "key_backoff", "row_first",
    "block_second", "block_pairs_sizes", "block_pairs_begins", "block_triples_sizes",
    "block_triples_begins", "pair_codes", "pair_weights", "triple_kinds", "triple_codes",
)  # fmt: skip


class Damaged(ArrayFile):
    """A model's file of which some arrays are copies that can be damaged."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, KIND)
        self.copies = {name: np.array(super(Damaged, self).array(name)) for name in NAMES}

    def array(self, name: str) -> Array:
        """The array of that name, damaged or not."""
        return self.copies[name] if name in self.copies else super().array(name)


@settings(max_examples=400)
@given(data=st.data(), tokens=queries)
def test_a_damaged_model_gives_errors_or_wrong_answers_but_no_crash(
    path: Path, data: st.DataObject, tokens: list[str]
) -> None:
    file = Damaged(path)
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(NAMES))
        array = file.copies[name]
        number = data.draw(st.integers(0, 300) | st.integers(0, np.iinfo(array.dtype).max))
        place = data.draw(st.integers(0, max(0, len(array) - 1)))
        if data.draw(st.booleans()):
            array[place : place + 1] = min(number, np.iinfo(array.dtype).max)
        else:
            file.copies[name] = array[:place]
    with suppress(IndexError):
        restorer = Restorer(LanguageModel(file))
        for query in (tokens, BARE, ["con", "đường", "ba", "12"]):
            with suppress(IndexError):
                restorer.restore(query)
