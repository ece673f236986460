"""Near-duplicates among results collapse under the best, and pages lose and double nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.duplicates.groups import NO_GROUPS, DuplicateGroups
from search.backends.whoosh.duplicates import Stories

DOCUMENTS = 60


def grouped(of_document: list[int]) -> DuplicateGroups:
    """Groups of documents 0, 1, 2 …, with -1 for those in none."""
    documents = np.flatnonzero(np.array(of_document) >= 0)
    _, numbers = np.unique(np.array(of_document)[documents], return_inverse=True)
    return DuplicateGroups(documents, numbers, DOCUMENTS)


@given(
    of_document=st.lists(st.integers(-1, 6), min_size=DOCUMENTS, max_size=DOCUMENTS),
    ranking=st.permutations(range(DOCUMENTS)),
    matching=st.integers(0, DOCUMENTS),
    depth=st.integers(1, 70),
)
def test_each_story_is_shown_once_where_its_best_article_stands(
    of_document, ranking, matching, depth
):
    docs = np.array(sorted(ranking[:matching]), np.int64)
    places = np.array([docs.tolist().index(doc) for doc in ranking[:matching]], np.int64)
    stories = Stories(grouped(of_document), docs)
    shown = docs[stories.shown(lambda most: places[:most], depth)].tolist()

    expected: list[int] = []
    for doc in ranking[:matching]:
        group = of_document[doc]
        if group < 0 or all(of_document[before] != group for before in expected):
            expected.append(doc)
    assert shown[:depth] == expected[:depth]
    assert stories.collapsed == matching - len(expected)
    for doc in shown:
        others = [other for other in ranking[:matching] if other != doc]
        same = [other for other in others if of_document[other] == of_document[doc] >= 0]
        assert stories.others(doc) == len(same)


@pytest.mark.parametrize("most", [1, 5, 100])
def test_without_groups_the_ranking_stays_as_it_is(most):
    docs = np.arange(20)
    ranking = np.arange(20)[::-1]
    stories = Stories(NO_GROUPS, docs)
    assert stories.shown(lambda wanted: ranking[:wanted], most).tolist() == ranking[:most].tolist()
    assert stories.collapsed == 0
