"""Processes that share the work of a build: fresh interpreters that end when their parent does.

Not forks: a forked child would hold the index's lock open after its parent has died. A parent that
is killed can tell nobody, but the system closes its end of the pipe that is the child's standard
input, and a child that sees this ends at once, whatever it is doing; so no child goes on writing
into a directory that the next build cleans.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO, Any


def start_child(
    program: str, arguments: Sequence[str] = (), *, answers: bool
) -> subprocess.Popen[bytes]:
    """Start a Python program that sees this one's modules; its standard input is a pipe.

    Args:
        program: such as "from index.x import main; main()".
        arguments: what it finds in ``sys.argv``.
        answers: whether its standard output is a pipe; else its standard error is one.
    """
    path = [entry or os.getcwd() for entry in sys.path]  # noqa: PTH109 - text is what it takes
    return subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE if answers else None,
        stderr=None if answers else subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
    )


def stream(pipe: IO[bytes] | None) -> IO[bytes]:
    """One end of a pipe of a child.

    Raises:
        ValueError: it was started without this pipe.
    """
    if pipe is None:
        raise ValueError("the process was started without this pipe")
    return pipe


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def end_with_parent() -> threading.Event:
    """In a child that is told nothing but to go on: end as soon as standard input does.

    Returns:
        Set when the parent has written anything.
    """
    told = threading.Event()
    threading.Thread(target=_wait_for_end, args=(told,), daemon=True).start()
    return told


def tasks() -> queue.SimpleQueue[Any]:
    """In a child: what the parent pickles into standard input; the child ends when that closes.

    Reading in a thread and not between two tasks: the end of the parent must end a task, too.
    """
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(told,), daemon=True).start()
    return told


def _listen(told: queue.SimpleQueue[Any]) -> None:
    try:
        while True:
            told.put(pickle.load(sys.stdin.buffer))  # noqa: S301 - our own parent's words
    except (EOFError, pickle.UnpicklingError):
        os._exit(0)


def _wait_for_end(told: threading.Event) -> None:
    # Not sys.stdin: the interpreter could not end while a thread waits in it.
    while os.read(0, 1):
        told.set()
    os._exit(1)
