"""Processes that read documents, each within its means: so much memory, so much processor time.

A document that takes more ends the process that reads it, whatever a library is doing just then,
and costs itself and nothing else. A few small documents are read at once instead, since they cannot
do much harm and a process takes half a second to begin.
"""

from __future__ import annotations

import logging
import pickle
import queue
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from index.build.processes.children import processors, start_child, stream, tasks
from index.errors import RecordError
from index.sources import Document, Later, Outcome, SkipReason, read_document, skip

MEMORY = 1 << 30
"""Bytes that a process may take for its documents."""

SECONDS_AT_LEAST = 8.0
SECONDS_A_MEGABYTE = 2.0
"""Of processor time."""

_SMALL = 64 << 10
_FEW = 40


class Readers:
    """Reads documents in other processes, as many at once as there are processors."""

    def __init__(self) -> None:
        self._workers = processors()
        self._threads: ThreadPoolExecutor | None = None
        self._idle: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
        self._read_here = 0

    def read(self, document: Document) -> Later:
        """Have a document read; it raises nothing."""
        if self._threads is None:
            if len(document.content) <= _SMALL and self._read_here < _FEW:
                self._read_here += 1
                outcomes = read_document(document)
                return Later(lambda: outcomes, lambda: True)
            self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="reader")
            for _ in range(self._workers):
                self._idle.put(_Reader())
        future = self._threads.submit(self._read, document)
        return Later(future.result, future.done)

    def _read(self, document: Document) -> list[Outcome]:
        reader = self._idle.get()
        try:
            return reader.read(document)
        finally:
            self._idle.put(reader)

    def close(self) -> None:
        """End the processes."""
        if self._threads is None:
            return
        self._threads.shutdown(cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().end()


class _Reader:
    """One process, begun anew where it ended over a document."""

    _SERVE = "from index.build.processes.readers import serve; serve()"

    def __init__(self) -> None:
        self._process = start_child(self._SERVE, answers=True)

    def read(self, document: Document) -> list[Outcome]:
        """Have one document read and wait for it."""
        try:
            send = stream(self._process.stdin)
            pickle.dump(tuple(document), send, pickle.HIGHEST_PROTOCOL)
            send.flush()
            outcomes: list[Outcome] = pickle.load(stream(self._process.stdout))  # noqa: S301 - our own child's words
        except (OSError, EOFError, pickle.UnpicklingError):
            self.end()
            outcomes = [_ended(document, self._process.returncode)]
            self._process = start_child(self._SERVE, answers=True)
        return outcomes

    def end(self) -> None:
        """End the process."""
        if self._process.poll() is None:
            self._process.terminate()
        with suppress(BrokenPipeError):
            stream(self._process.stdin).close()
        stream(self._process.stdout).close()
        self._process.wait()


def _ended(document: Document, status: int) -> RecordError:
    if status == -signal.SIGPROF:
        size = len(document.content) / 1e6
        message = (
            f"takes more processor time than any article ({size:.1f} MB, over "
            f"{_seconds(document):.0f} s); it was left out"
        )
    else:
        message = f"made the process that read it end (status {status}); it was left out"
    return skip(document.name, SkipReason.UNREADABLE, message)


def _seconds(document: Document) -> float:
    return max(SECONDS_AT_LEAST, SECONDS_A_MEGABYTE * len(document.content) / 1e6)


def serve() -> None:
    """A reader: reads documents as told on standard input; when that closes it ends at once."""
    logging.getLogger().addHandler(logging.NullHandler())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who ends this
    told: queue.SimpleQueue[tuple[object, ...]] = tasks()
    _limit_memory()
    answers = sys.stdout.buffer
    while True:
        document = Document(*told.get())  # type: ignore[arg-type]
        _limit_time(_seconds(document))
        outcomes = read_document(document)
        _limit_time(0.0)
        with suppress(BrokenPipeError):  # a parent who has died needs no answer
            pickle.dump(outcomes, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()


def _limit_time(seconds: float) -> None:
    """Have the system end this process after so much processor time; 0 takes that back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):  # Windows has none, and some may not lower it
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, most))
