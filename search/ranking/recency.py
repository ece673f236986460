"""How new articles are, for sites that want new ones to stand above equally relevant old ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

import numpy as np
from numpy.typing import NDArray
from whoosh.util.times import datetime_to_long

from index.codec.columns import NO_MOMENT
from search.ranking.scoring import Matrix

_DAY = 86_400_000_000


def recency_of(
    moments: Sequence[NDArray[np.int64]], half_life_days: float, now: datetime | None = None
) -> list[Matrix]:
    """1 for the newest article, 1/2 for one that is a half-life older, and so on; 0 for undated.

    Ages count from the newest article, so that an archive that ended long ago is ranked like one of
    today; but what is dated in the future is no newer than what is published now.

    Args:
        moments: when the documents of each segment were published, in Whoosh's microseconds.
        half_life_days: above 0.
        now: with a time zone; None for the machine's clock.

    Returns:
        For each segment, shape (documents,).

    Raises:
        ValueError: the half-life is not above 0.
    """
    if not half_life_days > 0:
        raise ValueError(f"a half-life is above 0 days, not {half_life_days}")
    clock = (now or datetime.now(timezone.utc)).astimezone(timezone.utc).replace(tzinfo=None)
    newest = max(
        (int(published.max(initial=NO_MOMENT)) for published in moments), default=NO_MOMENT
    )
    newest = min(newest, datetime_to_long(clock))
    recency: list[Matrix] = []
    for published in moments:
        ages = np.maximum(newest - published, 0) / (half_life_days * _DAY)
        recency.append(np.where(published == NO_MOMENT, 0, np.exp2(-ages)).astype(np.float32))
    return recency
