"""The types of compiled.pyx, which explains them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.compiled import Scanner
from search.ranking.passages import PassageWorth
from search.ranking.scoring import Features, Matrix, TermWeights
from search.ranking.weights import Weights

MADE_FROM: int

def full_features(
    scanners: Sequence[Scanner | None],
    slots: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    docs: NDArray[np.int64],
    window: int,
    worth: PassageWorth | None,
    paired: bool,
) -> tuple[Matrix, Matrix, Matrix, Matrix, Matrix, Matrix, Matrix]: ...
def having(counts: Matrix) -> NDArray[np.int64]: ...
def make_impacts(
    postings: Sequence[tuple[NDArray[np.uint32], NDArray[np.uint32]]],
    occurrences: Matrix,
    saturation: float,
) -> NDArray[np.uint8]: ...
def add_impacts(sums: NDArray[np.int32], impacts: NDArray[np.uint8], weight: int) -> None: ...
def score(features: Features, term_weights: TermWeights, weights: Weights) -> Matrix: ...
