"""The types of compiled.pyx, which explains them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.codec.compiled import Scanner

def look(
    scanners: Sequence[Scanner | None],
    slots: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    docs: NDArray[np.int64],
    most_apart: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]: ...
