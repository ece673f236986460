"""The types of compiled.pyx, which explains them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MADE_FROM: int

class Scanner:
    def __init__(
        self,
        lists: tuple[
            NDArray[np.uint32], NDArray[np.uint16], NDArray[np.uint32], NDArray[np.uint64]
        ],
        words: int,
        starts: tuple[NDArray[np.uint32], NDArray[np.uint32]],
        counts: tuple[NDArray[np.uint8], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]],
        occurrences: tuple[
            NDArray[np.uint16], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]
        ],
    ) -> None: ...
    def places_many(
        self, folds: Sequence[int] | NDArray[np.int64], docs: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]: ...
    def side_by_side(
        self,
        folds: Sequence[int] | NDArray[np.int64],
        terms: NDArray[np.int64],
        wanted: NDArray[np.int64],
        docs: NDArray[np.int64],
    ) -> NDArray[np.uint8]: ...
    def variant(self, fold: int, rank: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]: ...
