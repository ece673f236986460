"""Compiled code and its twins in NumPy: the same results, and no crash on damaged arrays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.article import Article
from index.build.writing.writer import IndexWriter
from index.codec.channel import channel, postings
from index.codec.channel.channel import COMPILED, Channel
from index.codec.channel.gathering import PostingStarts
from index.codec.container import Container
from index.codec.lists import doclists, gaps
from index.codec.terms import Terms
from index.snapshot import Snapshot

if COMPILED:
    from index.codec.channel.compiled import Scanner

needs_compiled = pytest.mark.skipif(not COMPILED, reason="nothing is compiled here")


@contextmanager
def by_numpy() -> Iterator[None]:
    """As where nothing is compiled."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (channel, doclists, gaps, postings):
            patch.setattr(module, "COMPILED", False)
        yield


documents = st.sets(st.integers(0, 70_000), max_size=300).map(
    lambda docs: np.array(sorted(docs), np.uint32)
)


@needs_compiled
@given(docs=documents)
def test_bitsets_are_made_and_read_alike(docs: NDArray[np.uint32]) -> None:
    words = np.zeros(doclists.words_for(70_001), np.uint64)
    doclists.add_bits(words, docs)
    with by_numpy():
        assert (words == doclists.bits_of(docs, 70_001)).all()
        assert (doclists.docs_of(words) == docs).all()
        assert np.flatnonzero(doclists.contains(words, np.arange(70_016))).tolist() == docs.tolist()
    assert np.flatnonzero(doclists.contains(words, np.arange(70_016))).tolist() == docs.tolist()
    assert (doclists.docs_of(words) == docs).all()
    assert (doclists.rows_of(words) == docs).all()


@needs_compiled
@given(docs=documents, few=st.booleans())
def test_gaps_are_decoded_alike(docs: NDArray[np.uint32], few: bool) -> None:
    if few:
        docs = np.unique(docs // np.uint32(200))
    lists = gaps.encode_gaps(docs, np.array([len(docs)]))
    units = lists.units.view(np.uint8) if lists.in_bytes[0] else lists.units
    assert (gaps.decode_gaps(units) == docs).all()
    with by_numpy():
        assert (gaps.decode_gaps(units) == docs).all()


def bodies() -> list[str]:
    """Frequent and rare words; one with more accent keys than are told apart in a byte."""
    draw = np.random.default_rng(5)
    variants = [
        "ba",
        "bà",
        "bá",
        "bả",
        "bã",
        "bạ",
        "bâ",
        "bầ",
        "bấ",
        "bẩ",
        "bẫ",
        "bậ",
        "bă",
        "bằ",
        "bắ",
        "bẳ",
        "bẵ",
        "bặ",
    ]
    syllables = ["đối", "đội", "tin", "của", "quýt", *variants]
    chances = np.array([8, 4, 9, 40, 0.2, *np.arange(len(variants), 0, -1) / 4])
    texts = [
        " ".join(draw.choice(syllables, draw.integers(1, 60), p=chances / chances.sum()))
        for _ in range(900)
    ]
    texts[7] = "đối " * 300 + "tin " * 4_200 + "bặ đội bà đối"
    return texts


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("compiled") / "index"
    with IndexWriter(directory) as writer:
        for number, body in enumerate(bodies()):
            writer.add(Article(id=str(number), headline="tin", summary="", body=body))
    return directory


def open_body(directory: Path) -> tuple[Channel, Terms]:
    """The bodies, with nothing remembered of them."""
    segment = Snapshot.open(directory).leaves[0].segment
    return segment.channel("body"), segment.terms


@needs_compiled
def test_postings_and_accent_keys_are_read_alike(directory: Path) -> None:
    compiled, terms = open_body(directory)
    with by_numpy():
        other, _ = open_body(directory)
        assert other.scanner is None
        wanted = [
            (postings.docs.tolist(), postings.tf.tolist(), postings.dense.tolist())
            for postings in map(other.postings, range(len(terms.folds)))
        ] + [
            (postings.docs.tolist(), postings.tf.tolist())
            for postings in map(other.variant_postings, range(len(terms.keys)))
        ]
    got = [
        (postings.docs.tolist(), postings.tf.tolist(), postings.dense.tolist())
        for postings in map(compiled.postings, range(len(terms.folds)))
    ] + [
        (postings.docs.tolist(), postings.tf.tolist())
        for postings in map(compiled.variant_postings, range(len(terms.keys)))
    ]
    assert got == wanted


@needs_compiled
@settings(max_examples=40)
@given(docs=st.sets(st.integers(0, 899), max_size=200), data=st.data())
def test_places_are_found_alike(directory: Path, docs: set[int], data: st.DataObject) -> None:
    compiled, terms = open_body(directory)
    folds = data.draw(st.lists(st.integers(0, len(terms.folds) - 1), max_size=6, unique=True))
    folds = [fold for fold in folds if compiled.df(fold)]
    asked = np.array(sorted(docs | {7}), np.int64)
    got = compiled.places_many(folds, asked)
    with by_numpy():
        other, _ = open_body(directory)
        wanted = other.places_many(folds, asked)
    for one, other in zip(got, wanted, strict=True):
        assert one.tolist() == other.tolist()


PARTS = (
    "docs.at", "docs.gaps", "docs.dense", "docs.bits", "post_at", "occ_at",
    "tf", "over_at", "over_tf", "occ", "esc_at", "esc_pos", "esc_rank",
)  # fmt: skip


class Arrays:
    """Copies of what a channel has in its file."""

    def __init__(self, container: Container, name: str) -> None:
        self.arrays = {part: np.array(container.array(f"{name}.{part}")) for part in PARTS}

    def scanner(self, words: int) -> Scanner:
        """A scanner of them, made as a channel makes it."""
        arrays = self.arrays
        return Scanner(
            (arrays["docs.at"], arrays["docs.gaps"], arrays["docs.dense"], arrays["docs.bits"]),
            words,
            (arrays["post_at"], arrays["occ_at"]),
            (
                arrays["tf"],
                arrays["over_at"],
                *PostingStarts(arrays["tf"], arrays["over_at"], arrays["over_tf"]).before,
            ),
            (arrays["occ"], arrays["esc_at"], arrays["esc_pos"], arrays["esc_rank"]),
        )


@needs_compiled
@settings(max_examples=200)
@given(data=st.data())
def test_a_damaged_file_gives_errors_or_wrong_answers_but_no_crash(
    directory: Path, data: st.DataObject
) -> None:
    path = Snapshot.open(directory).leaves[0].segment.path
    body, terms = open_body(directory)
    damaged = Arrays(Container(path), "body")
    for _ in range(data.draw(st.integers(1, 4))):
        array = damaged.arrays[data.draw(st.sampled_from(sorted(damaged.arrays)))]
        if len(array):
            number = data.draw(st.integers(0, 2_000) | st.integers(0, np.iinfo(array.dtype).max))
            array[data.draw(st.integers(0, len(array) - 1))] = number % np.iinfo(array.dtype).max
    scanner = damaged.scanner(body.docs.words_each)
    for fold in range(len(terms.folds)):
        with suppress(IndexError):
            scanner.places_many([fold], np.arange(900))
        with suppress(IndexError):
            scanner.variant(fold, 16)


@needs_compiled
def test_what_cannot_be_asked_for_is_refused(directory: Path) -> None:
    body, terms = open_body(directory)
    assert body.scanner is not None
    for docs in ([-1], [1 << 40]):
        with pytest.raises(IndexError):
            body.scanner.places_many([0], np.array(docs))
    with pytest.raises(IndexError):
        body.scanner.places_many([len(terms.folds)], np.array([0]))
    with pytest.raises(IndexError):
        body.scanner.variant(len(terms.folds), 0)
    with pytest.raises(IndexError):
        doclists.contains(np.zeros(1, np.uint64), np.array([64]))
    with pytest.raises(IndexError):
        doclists.add_bits(np.zeros(1, np.uint64), np.array([64], np.uint32))
