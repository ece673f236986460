"""A text file that the people of a site edit while it is served: read again when it changes.

Invariant: a broken file never stops a search: it is reported once, and what was known before goes
on to be used.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from index.language.synonyms.aliases import AliasError

_log = logging.getLogger(__name__)

_FileState = tuple[int, int] | None
_Read = TypeVar("_Read")


class SiteFile(Generic[_Read]):
    """What a site's file says, as it is now; safe to share between threads.

    Args:
        path: of the file, which need not be there.
        read: reads it; raises AliasError or OSError.
        without: gives what holds where it cannot be read.
    """

    def __init__(self, path: Path, read: Callable[[], _Read], without: Callable[[], _Read]) -> None:
        self._path = str(path)
        self._name = path.name
        self._read, self._without = read, without
        self._reading = threading.Lock()
        self._state: _FileState = None
        self._said: _Read | None = None

    def current(self) -> _Read:
        """What it says; a stat of the file tells whether it changed."""
        state = self._file_state()
        said = self._said
        if said is not None and state == self._state:
            return said
        with self._reading:
            if self._said is None or state != self._state:
                self._said = self._newly_read()
                self._state = state
            return self._said

    def _file_state(self) -> _FileState:
        try:
            status = os.stat(self._path)  # noqa: PTH116 - a path object doubles the time
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def _newly_read(self) -> _Read:
        try:
            return self._read()
        except (AliasError, OSError) as error:
            _log.error("what %s says is not used: %s", self._name, error)
        return self._without() if self._said is None else self._said
