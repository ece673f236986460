"""The types of compiled.pyx, which explains them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.compiled import Scanner

MADE_FROM: int

def about(
    scanners: Sequence[Scanner],
    all_folds: NDArray[np.int64],
    spelled: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    units: int,
    docs: NDArray[np.int64],
    window: int,
) -> NDArray[np.uint8]: ...
