"""Bounded memories of what was worked out from an index, for any number of threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Remembered(Generic[_Key, _Value]):
    """Remembers values up to a number of them, and then begins anew.

    Other than a cache of methods it does not refer to what makes the values, so that an index which
    nobody searches any more is let go of at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[_Key, _Value] = {}

    def get(self, key: _Key, make: Callable[[], _Value]) -> _Value:
        """The value remembered under ``key``, or else the one that ``make`` gives."""
        if key in (values := self._values):
            return values[key]
        value = make()
        if len(values) >= self._most:
            self._values = {}
        self._values[key] = value
        return value


class ArrayCache:
    """Remembers arrays up to a number of bytes and forgets the least recently used."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._arrays: OrderedDict[Hashable, NDArray[np.uint8]] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def get(self, key: Hashable, make: Callable[[], NDArray[np.uint8]]) -> NDArray[np.uint8]:
        """The array remembered under ``key``, or else the one that ``make`` gives, read-only."""
        with self._lock:
            array = self._arrays.get(key)
            if array is not None:
                self._arrays.move_to_end(key)
                return array
        made = make()
        made.flags.writeable = False
        with self._lock:
            array = self._arrays.setdefault(key, made)
            if array is made:
                self.size += made.nbytes
                while self.size > self._limit and len(self._arrays) > 1:
                    _, oldest = self._arrays.popitem(last=False)
                    self.size -= oldest.nbytes
            return array
