"""The types of compiled.pyx, which explains them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.compiled import Scanner
from search.ranking.scoring import Features, TermWeights
from search.ranking.weights import Weights

MADE_FROM: int

def full_features(
    scanners: Sequence[Scanner | None],
    slots: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    docs: NDArray[np.int64],
    window: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]: ...
def score(
    features: Features, term_weights: TermWeights, weights: Weights
) -> NDArray[np.float32]: ...
