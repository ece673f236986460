"""How a process that builds an index gets its memory from the operating system.

Building makes and drops arrays of megabytes thousands of times. glibc gives such memory back at
once and takes it anew, a page fault for every 4 kB: of 100,000 articles that was a fifth of the
processor time. Knows nothing of what is built.
"""

from __future__ import annotations

import ctypes
import gc
import platform

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3
"""Parameters of mallopt(3)."""

_MOST_KEPT = 1 << 27
"""Bytes that a process keeps though it does not use them just now."""

_STEP = 1 << 24
_LARGEST_FROM_THE_HEAP = 1 << 26
_LARGEST_ELSEWHERE = 1 << 25
"""What older versions of glibc allow."""

_YOUNG = 200_000
"""Objects made until Python looks for cycles, which a build hardly makes: 700 by default."""


def keep_memory() -> None:
    """Keep freed memory for the next array, in this process from now on; elsewhere no change."""
    gc.set_threshold(_YOUNG, 50, 1_000)
    if platform.libc_ver()[0] != "glibc":
        return
    malloc = ctypes.CDLL(None).mallopt
    if not malloc(_M_MMAP_THRESHOLD, _LARGEST_FROM_THE_HEAP):
        malloc(_M_MMAP_THRESHOLD, _LARGEST_ELSEWHERE)
    malloc(_M_TRIM_THRESHOLD, _MOST_KEPT)
    malloc(_M_TOP_PAD, _STEP)
