"""A bounded memory of arrays worked out from an index, for any number of threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np
from numpy.typing import NDArray


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
