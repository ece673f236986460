"""Recency: half as new after each half-life, and part of a score only where a site asks for it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from whoosh.util.times import datetime_to_long

from index.codec.columns import NO_MOMENT
from search import SearchEngine, SearchRequest
from search.ranking.recency import recency_of

NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)


def moments(*days_ago: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    naive = NOW.replace(tzinfo=None)
    return np.array([datetime_to_long(naive - timedelta(days=ago)) for ago in days_ago])


def test_an_article_a_half_life_older_is_half_as_new() -> None:
    (found,) = recency_of([moments(0, 30, 60, 300)], 30, NOW)
    assert found.tolist() == pytest.approx([1, 0.5, 0.25, 2**-10])


def test_ages_count_from_the_newest_of_all_segments() -> None:
    older, newer = recency_of([moments(400), moments(370)], 30, NOW)
    assert [*older, *newer] == pytest.approx([0.5, 1])


def test_what_is_dated_in_the_future_makes_nothing_else_older() -> None:
    (found,) = recency_of([moments(-5_000, 0, 30)], 30, NOW)
    assert found.tolist() == pytest.approx([1, 1, 0.5])


def test_undated_articles_are_not_new() -> None:
    (found,) = recency_of([np.array([NO_MOMENT, *moments(0)])], 30, NOW)
    assert found.tolist() == [0, 1]
    assert recency_of([np.array([NO_MOMENT])], 30, NOW)[0].tolist() == [0]
    assert recency_of([], 30, NOW) == []


@pytest.mark.parametrize("days", [0, -1, float("nan")])
def test_a_half_life_is_above_zero(days: float, newsroom_index: Path) -> None:
    with pytest.raises(ValueError, match="above 0"):
        recency_of([moments(0)], days)
    with pytest.raises(ValueError, match="above 0"):
        SearchEngine.open(newsroom_index, recency_half_life_days=days)


@pytest.mark.parametrize("query", ["Hà Nội", "giá", "bóng đá"])
def test_new_articles_are_lifted_only_where_a_site_asks_for_it(
    query: str, newsroom_index: Path
) -> None:
    asked = SearchRequest(query=query, per_page=50, explain=True)
    with SearchEngine.open(newsroom_index) as plain:
        before = {hit.id: hit for hit in plain.search(asked).hits}
    with SearchEngine.open(newsroom_index, recency_half_life_days=30) as lifting:
        after = lifting.search(asked).hits
    assert len(after) > 3
    lifts: list[tuple[datetime, float]] = []
    for hit in after:
        assert hit.explanation is not None
        lift = dict(hit.explanation.parts)["recency"]
        assert hit.score == pytest.approx(before[hit.id].score + lift, abs=1e-4)
        if hit.published is not None:
            lifts.append((hit.published, lift))
    assert [lift for _, lift in sorted(lifts)] == sorted(lift for _, lift in lifts)
    assert len({lift for _, lift in lifts}) > 1
    for hit in before.values():
        assert hit.explanation is not None
        assert dict(hit.explanation.parts)["recency"] == 0
