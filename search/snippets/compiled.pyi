"""The types of compiled.pyx, which explains them."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

MADE_FROM: int

_Occurrence = TypeVar("_Occurrence")

def find_matches(
    text: str, table: NDArray[np.uint8], words: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]: ...
def numbers(
    text: str,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    spellings: Mapping[str, int],
) -> NDArray[np.int64]: ...
def read_at(
    text: str,
    places: list[int],
    known: dict[str, tuple[list[_Occurrence], int]],
    read: Callable[[str], tuple[list[_Occurrence], int]],
    make: Callable[[int, int, int, int, int], _Occurrence],
) -> list[_Occurrence]: ...
def window_scores(
    text: str,
    starts: NDArray[np.int64],
    slots: NDArray[np.int64],
    agreeing: NDArray[np.int64],
    length: int,
) -> NDArray[np.int64]: ...
