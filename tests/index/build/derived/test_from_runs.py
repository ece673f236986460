"""What a bulk build derives in passing is what can be derived from the finished index."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.build.bulk import write_index
from index.build.derived import from_index, from_runs
from index.build.writing import writer
from index.duplicates.groups import GROUPS_NAME
from index.errors import BuildError
from index.language.files import ACRONYMS_NAME, MODEL_NAME
from index.language.ngrams import Counted, TripleFile, write_triples
from index.language.run_counts import NUMBER, OTHER, RenumberedTriples
from index.suggestions.suggestions import SUGGESTIONS_NAME

DERIVED = (MODEL_NAME, ACRONYMS_NAME, GROUPS_NAME, SUGGESTIONS_NAME)
WORDS = [
    "má",
    "mà",
    "ma",
    "mả",
    "giá",
    "vàng",
    "cong",
    "2022",
    "1.000",
    "Covid-19",
    "TP.HCM",
    "đối",
]


def articles(count: int) -> list[Article]:
    source = random.Random(count)
    return [
        Article(
            id=f"bai-{number}",
            headline=" ".join(source.choices(WORDS, k=6)),
            summary="Đối ngoại nhân dân (ĐNND) và " + " ".join(source.choices(WORDS, k=9)),
            body=" ".join(source.choices([*WORDS, f"riêng{number}"], k=source.randrange(80))),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("batch", [1_000, 17])
def test_a_bulk_build_derives_byte_for_byte_what_its_index_tells(tmp_path, monkeypatch, batch):
    monkeypatch.setattr(writer, "BATCH_ARTICLES", batch)
    write_index(tmp_path, articles(90))
    in_passing = [(tmp_path / name).read_bytes() for name in DERIVED]
    assert "ĐNND" in in_passing[1].decode()
    for name in DERIVED:
        (tmp_path / name).unlink()
    from_index.derive(tmp_path)
    assert [(tmp_path / name).read_bytes() for name in DERIVED] == in_passing


def test_a_build_leaves_only_the_index_and_what_it_derived(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "BATCH_ARTICLES", 17)
    write_index(tmp_path, articles(40))
    names = {path.name for path in tmp_path.iterdir()}
    assert {*DERIVED, "_MAIN_1.toc"} < names
    assert not [name for name in names if name.startswith("run-statistics")]


def test_nothing_is_derived_from_no_articles(tmp_path):
    assert write_index(tmp_path, []).articles == 0
    assert not [name for name in DERIVED if (tmp_path / name).exists()]


def test_a_failure_of_the_other_process_is_told_with_its_reason(tmp_path):
    def wait_for(program: str) -> None:
        with from_runs.other_process(tmp_path, program):
            pass

    with pytest.raises(BuildError, match="no space left"):
        wait_for("raise OSError('no space left')")
    with pytest.raises(BuildError, match="killed"):
        wait_for("import os; os.kill(os.getpid(), 9)")


def test_the_other_process_ends_when_this_one_fails(tmp_path):
    started = tmp_path / "started"
    program = f"import pathlib, time; pathlib.Path({str(started)!r}).touch(); time.sleep(600)"

    def fail() -> None:
        with from_runs.other_process(tmp_path, program):
            while not started.exists():
                pass
            raise ZeroDivisionError

    # Waiting for the ten minutes that it sleeps would be noticed.
    with pytest.raises(ZeroDivisionError):
        fail()


def packed(words: list[tuple[int, int, int]]) -> list[int]:
    return [first << 42 | second << 21 | third for first, second, third in words]


own_numbers = st.sampled_from([0, 1, 2, 3, NUMBER])
own_triples = st.sets(st.tuples(own_numbers, own_numbers, own_numbers), min_size=1).map(sorted)


@given(own_triples, st.sets(st.integers(0, 40), min_size=4, max_size=4).map(sorted))
def test_renumbered_triples_stay_sorted_and_are_found_by_their_first_word(
    tmp_path_factory, triples, numbers
):
    path: Path = tmp_path_factory.mktemp("run") / "triples"
    write_triples(path, Counted(np.array(packed(triples), np.uint64), np.ones(len(triples), "u4")))
    rising = np.array(numbers)
    renumbered = RenumberedTriples(TripleFile(path), rising, rising.astype(np.uint32))
    new = {**dict(enumerate(numbers)), NUMBER: NUMBER}
    expected = packed([(new[a], new[b], new[c]) for a, b, c in triples])
    assert renumbered.read(0, len(triples)).packed.tolist() == expected
    for word in range(42):
        (place,) = renumbered.find(np.array([word << 42], np.uint64))
        assert place == sum(triple < word << 42 for triple in expected)


def test_words_beyond_those_that_can_be_told_apart_end_a_run(tmp_path):
    path = tmp_path / "triples"
    triples = packed([(0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0)])
    write_triples(path, Counted(np.array(triples, np.uint64), np.ones(4, "u4")))
    words = np.array([5, OTHER], np.uint32)
    renumbered = RenumberedTriples(TripleFile(path), np.array([5, OTHER + 9]), words)
    assert renumbered.read(0, 4).packed.tolist() == packed([(5, 5, 5), (5, 5, (1 << 21) - 1)])
