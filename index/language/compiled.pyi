"""The types of compiled.pyx, which explains them."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.storage.array_file import Array

MADE_FROM: int

class Readings:
    def __init__(
        self,
        array: Callable[[str], Array],
        values: tuple[NDArray[np.float64], ...],
        unknown: float,
        granted: float,
    ) -> None: ...
    def chances(
        self, syllables: Sequence[tuple[int, int, int, int | None, bool]]
    ) -> list[list[float]]: ...
