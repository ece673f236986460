"""What an index takes from its first articles: how to compress, which pairs to list.

All segments of an index share a profile, so that a merge copies compressed articles and pair lists
instead of making them anew. It decides speed and size, never an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.pairs import MOST_TERMS
from index.codec.documents import train

ENOUGH_DOCUMENTS = 1_000
"""Below that every phrase is quick from positions alone, and pair lists would only take room."""


class Profile(NamedTuple):
    """Shared by the segments of an index.

    Attributes:
        zdict: the dictionary that articles are compressed with; empty for none.
        pair_terms: the folded terms whose neighbours are listed, at most 256.
    """

    zdict: bytes = b""
    pair_terms: tuple[bytes, ...] = ()


def make_profile(
    articles: Sequence[bytes], folded: Sequence[str], frequencies: NDArray[np.int64]
) -> Profile:
    """The profile that fits a sample.

    Args:
        articles: as they will be stored.
        folded: the distinct folded terms of their bodies.
        frequencies: in how many of the articles each stands.
    """
    if len(articles) < ENOUGH_DOCUMENTS:
        return Profile(train(articles))
    most = np.argsort(-frequencies, kind="stable")[:MOST_TERMS]
    return Profile(train(articles), tuple(folded[number].encode() for number in most))
