"""Output that may go anywhere: to a terminal, into a closed pipe, onto a full disk, or nowhere.

A command does its work inside `guarded_output`. Whatever becomes of what it prints, the person at
the keyboard is told in one line at most and never by a traceback. It knows nothing of what is
printed.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import click


@contextmanager
def guarded_output() -> Iterator[None]:
    """Make the standard streams fit to be used, and say it plainly if they fail.

    Streams that were closed from the start (``>&-``) become empty ones, and a character that the
    terminal's encoding lacks becomes ``?``.

    Raises:
        BrokenPipeError: who read the output has ended; click ends the program without a word.
        click.ClickException: it could not be written for another reason, such as a full disk.
    """
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon(sys.stdout)
        raise
    except OSError as error:
        _abandon(sys.stdout)
        reason = error.strerror or str(error)
        place = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"input or output failed: {place}{reason}") from error


def _open_closed_streams() -> None:
    # In the order of their numbers, of which each new file gets the lowest that is free: otherwise
    # a file of the index could become number 1, and be written to by a library.
    null = Path(os.devnull)
    sys.stdin = sys.stdin or null.open("r", encoding="utf-8")
    sys.stdout = sys.stdout or null.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or null.open("w", encoding="utf-8")


def _abandon(stream: TextIO) -> None:
    """Let what the stream still holds go nowhere, or Python would try to write it at its end."""
    with suppress(OSError):  # it is no real file
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
