"""Meanings of acronyms guessed from their company, in generated texts."""

from __future__ import annotations

import numpy as np
import pytest

from index.analysis import Analyser
from index.language.synonyms.acronym_neighbours import NeighbourSample, guess_meanings

PLACES = ("tỉnh", "huyện", "xã", "phường")
VERBS = ("họp", "quyết định", "thông báo", "chỉ đạo", "kiểm tra")


def sample_of(templates, times=30, sample=None):
    """A sample of texts in which every template meets every place and verb."""
    analyser = Analyser()
    sample = sample or NeighbourSample()
    for number in range(times):
        for template in templates:
            place, verb = PLACES[number % 4], VERBS[number % 5]
            sample.add(*analyser.encode(template.format(place=place, verb=verb)))
    return sample, analyser.vocabulary.keys


SAME_COMPANY = ("{verb} tại ubnd {place} sáng nay", "{verb} tại ủy ban nhân dân {place} sáng nay")


def test_an_acronym_means_the_words_that_keep_its_company():
    (guess,) = guess_meanings(*sample_of(SAME_COMPANY))
    assert guess.acronym == "ubnd"
    assert guess.long_form == ("uỷ", "ban", "nhân", "dân")
    assert (guess.uses, guess.long_uses) == (30, 30)
    assert guess.likeness > 0.9


@pytest.mark.parametrize(
    "templates",
    [
        ("{verb} tại ubnd {place} sáng nay", "mua ủy ban nhân dân rẻ"),
        (*SAME_COMPANY, "{verb} tại uống bia nhiều dần {place} sáng nay"),
        ("{verb} tại ban {place} sáng nay", "{verb} tại bên anh nam {place} sáng nay"),
        ("{verb} tại hđn {place} sáng nay", "{verb} tại hội dân ngư {place} sáng nay"),
        (),
    ],
    ids=["other company", "two alike", "a syllable is no acronym", "đ is not d", "nothing"],
)
def test_without_clear_evidence_nothing_is_guessed(templates):
    assert guess_meanings(*sample_of(templates)) == []


def test_rare_acronyms_are_left_alone():
    assert guess_meanings(*sample_of(SAME_COMPANY, times=15)) == []


def test_a_full_sample_keeps_texts_from_everywhere_within_its_bound():
    sample = NeighbourSample(most=100)
    for number in range(1000):
        sample.add(np.array([number] * 3, np.uint32), np.arange(3, dtype=np.uint32))
    stream = sample.stream()
    kept = sorted(set(stream[stream > 0].tolist()))
    assert (stream > 0).sum() <= 100
    assert kept[0] == 1
    assert kept[-1] > 900
    assert len(set(np.diff(kept).tolist())) == 1
