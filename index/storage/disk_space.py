"""Is there room for what is about to be written? Asked before a disk is full, not after.

Segments are written once by the runs and once more by the merge, so whatever a build has written
must fit a second time; what the language model is made of takes as much again for a while. A build
that would not fit ends while there is still room for everybody else on the disk. What is asked here
are estimates: a disk that fills up all the same is told by the system, and harms nothing either.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import BuildError

MOST_AT_ONCE = 3.2
"""What making a build takes at most, in sizes of that build: its runs, their statistics,
and their merge. 20,000 articles took 202 MB for a build of 65."""

_EVERY = 1.0
"""Seconds between two looks at the disk."""

_MEGABYTE = 1_000_000

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def trouble_told(index_dir: Path) -> Iterator[None]:
    """Whatever a disk does while an index is changed, as an error that says what to do.

    Raises:
        BuildError: in place of OSError.
    """
    try:
        yield
    except OSError as error:
        # NumPy tells of bytes that were not written, but not why ("8647 requested and 5632
        # written").
        if error.errno in _FULL or error.errno is None:
            raise BuildError(
                f"{index_dir}: the disk is full; the old index, if there is one, stays in use. "
                "Make room for about the size of one more build and try again"
            ) from error
        raise BuildError(
            f"{error.filename or index_dir}: cannot be written: {error.strerror or error}"
        ) from error


def require_room(directory: Path, size: int) -> None:
    """See that ``size`` bytes can be written below ``directory``.

    Raises:
        BuildError: they cannot; says how much is missing.
    """
    free = shutil.disk_usage(directory).free
    if free < size:
        raise BuildError(
            f"{directory}: the disk has room for {free / _MEGABYTE:,.1f} MB and the build needs "
            f"about {size / _MEGABYTE:,.1f} MB; the index is as it was before. Make room and run "
            "the command again"
        )


def written(directory: Path) -> int:
    """Bytes of all files in a directory, those that other directories share not counted."""
    total = 0
    with os.scandir(directory) as entries:
        for entry in entries:
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # removed while we looked: a run that was merged
            if entry.is_file(follow_symlinks=False) and status.st_nlink == 1:
                total += status.st_size
    return total


class RoomWatch:
    """Looks after the room for one build while it grows; cheap to ask often."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._next_look = 0.0

    def look(self) -> None:
        """See, once a second at most, that what was written would fit once more.

        Raises:
            BuildError: it would not.
        """
        if time.monotonic() >= self._next_look:
            self.insist()
            self._next_look = time.monotonic() + _EVERY

    def insist(self) -> None:
        """See now that what was written would fit once more.

        Raises:
            BuildError: it would not.
        """
        require_room(self._directory, written(self._directory))
