"""The indexer beside the server: a process that is started, started again if it dies, and ended."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAM = "from index.build.publishing.indexer import main; main()"
_AGAIN_AFTER_SECONDS = 1.0


@contextmanager
def indexing(index_dir: Path) -> Iterator[None]:
    """Have what is written over HTTP indexed, for as long as the body runs.

    The process ends when this one does, however that ends: it reads a pipe that closes with it.
    """
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(index_dir, stop), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def _watch(index_dir: Path, stop: threading.Event) -> None:
    while not stop.is_set():
        process = _start(index_dir)
        while process.poll() is None and not stop.wait(_AGAIN_AFTER_SECONDS / 5):
            pass
        process.kill()  # whatever it is at: the next one begins where the last build ended
        process.communicate()
        stop.wait(_AGAIN_AFTER_SECONDS)


def _start(index_dir: Path) -> subprocess.Popen[bytes]:
    path = [entry or os.getcwd() for entry in sys.path]  # noqa: PTH109 - text is what it takes
    return subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, "-c", _PROGRAM, str(index_dir)],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        start_new_session=True,  # Ctrl-C is for the server, which ends this
    )
