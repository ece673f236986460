"""One worker process of the server: opens the index, makes the site, ends when it should.

A worker sees neither SIGINT nor SIGTERM by itself (:mod:`webui.server.processes` says why): both
are blocked in all its threads from the start, and one thread takes the first SIGTERM.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import logging
import multiprocessing
import os
import platform
import signal
import threading
import time
from pathlib import Path

from flask import Flask

from search import IndexUnavailable, SearchEngine
from webui.app import create_app
from webui.http.metrics import reserve_shared
from webui.settings import Settings

STOP_SECONDS = 10
"""How long requests under way may take to finish when the server is stopped."""

_M_ARENA_MAX, _M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD = -8, -3, -1
"""Parameters of mallopt(3)."""


def load_site(index_dir: Path | str, settings: Settings) -> Flask:
    """Open the index and make the application, in a new worker."""
    share_memory_between_threads()
    reserve_shared()
    end = _End()
    threading.Thread(target=end.at_signal, daemon=True).start()
    threading.Thread(target=end.with_parent, daemon=True).start()
    logging.basicConfig(format="[%(levelname)s] %(name)s: %(message)s")
    try:
        engine = SearchEngine.open(
            index_dir, recency_half_life_days=settings.recency_half_life_days, settles=True
        )
        site = create_app(engine, settings)
        engine.follow()
        collect_garbage_seldom()
    except IndexUnavailable as error:
        raise SystemExit(f"error: {error}") from error
    # A thread at work for a browser that has gone is not waited for, and granian 2.8 aborts, with a
    # message of Rust's, if Python winds up under it. By then all answers are sent: leave at once.
    atexit.register(os._exit, 0)
    return site


def share_memory_between_threads() -> None:
    """Have all threads take memory from one place, in this process from now on, and keep some.

    glibc gives each thread a heap of its own, and what one has freed the others cannot use. After
    2,000 searches of 100,000 articles a worker had 247 MB with a heap a thread, and 203 with one.
    And it gives larger pieces back to the system at once, to take them anew for the next search,
    which takes 1 % of a search's time.
    """
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_ARENA_MAX, 1)
        libc.mallopt(_M_MMAP_THRESHOLD, 1 << 25)
        libc.mallopt(_M_TRIM_THRESHOLD, 1 << 26)


def collect_garbage_seldom() -> None:
    """Leave what is there by now alone, and look for garbage in cycles a thirtieth as often.

    A search makes thousands of small objects and next to no cycles; looking for these took 5 % of
    its time with Python's own settings.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


class _End:
    """Tells granian to stop serving: once, since its worker never ends if told twice."""

    def __init__(self) -> None:
        self._before_serving = signal.getsignal(signal.SIGTERM)
        self._once = threading.Lock()

    def at_signal(self) -> None:
        """Wait for the parent's SIGTERM."""
        signal.sigwait({signal.SIGTERM})
        self._stop()

    def with_parent(self) -> None:
        """Never outlive the parent, however that ends."""
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            self._stop()

    def _stop(self) -> None:
        if not self._once.acquire(blocking=False):
            return
        stop = signal.getsignal(signal.SIGTERM)
        if callable(stop) and stop is not self._before_serving:
            stop(signal.SIGTERM, None)
            time.sleep(STOP_SECONDS)  # the main thread ends the process well before
        os._exit(0)
