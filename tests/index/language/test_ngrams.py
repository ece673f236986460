"""Counting runs of three against a ten-line count in plain Python."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language.ngrams import END, Counted, TrigramCounter, merge

texts = st.lists(st.lists(st.integers(0, 5), max_size=12), max_size=8)


def plain_counts(samples):
    counts = Counter()
    for text in samples:
        for place in range(len(text) - 1):
            third = text[place + 2] if place + 2 < len(text) else END
            counts[text[place], text[place + 1], third] += 1
    return counts


def count(samples, scratch, block, at_once):
    counted = Counter()
    firsts = []
    with TrigramCounter(scratch, block) as counter:
        for text in samples:
            follows = np.ones(len(text), bool)
            follows[:1] = False
            counter.add(np.array(text, np.uint32), follows)
        for part in counter.merged(at_once):
            assert (np.diff(part.packed.astype(np.int64)) > 0).all()
            firsts.append({packed >> 42 for packed in part.packed.tolist()})
            for packed, times in zip(part.packed.tolist(), part.counts.tolist(), strict=True):
                counted[packed >> 42, packed >> 21 & END, packed & END] = times
    return counted, firsts


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_counts_are_those_of_a_plain_count_whatever_the_block(tmp_path, block):
    @settings(deadline=None)
    @given(texts)
    def check(samples):
        assert count(samples, tmp_path, block, 1024)[0] == plain_counts(samples)

    check()


def test_parts_never_share_a_first_word(tmp_path):
    numbers = np.random.default_rng(1)
    samples = [numbers.integers(0, 200, 500).tolist() for _ in range(60)]
    counted, firsts = count(samples, tmp_path, 4000, 2048)
    assert counted == plain_counts(samples)
    assert len(firsts) > 3
    assert sum(map(len, firsts)) == len(set().union(*firsts))


def test_scratch_files_are_gone_afterwards(tmp_path: Path):
    count([[1, 2, 3]], tmp_path, 1, 1024)
    assert list(tmp_path.iterdir()) == []


def test_merging_adds_up_and_does_not_overflow():
    piece = Counted(np.array([3, 9], np.uint64), np.array([1, 0xFFFF_FFFF], np.uint32))
    merged = merge([piece, piece])
    assert merged.packed.tolist() == [3, 9]
    assert merged.counts.tolist() == [2, 0xFFFF_FFFF]


def test_merging_nothing_gives_nothing():
    assert len(merge([]).packed) == 0
