"""Which build of an index answers: the current one, or the last that could be opened.

Which one is current is looked up at each search, so that a rebuild shows at once and nothing needs
a restart: a look at a small file's state, which the next build replaces. A build that cannot be
opened is reported once, and the one before goes on serving.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from index.errors import IndexOpenError
from index.storage.builds import CURRENT_NAME, current_build, current_id, open_build
from search.backends.protocol import Backend
from search.errors import IndexUnavailable

_log = logging.getLogger(__name__)

_ID = re.compile(r"[0-9A-Za-z-]+", re.ASCII)
"""Of a build; it comes from an address, so it must not lead out of the folder of builds."""


class _FileState(NamedTuple):
    inode: int
    changed: int
    size: int


class Serving(NamedTuple):
    """The build that answers, as one value so that threads never see half a switch.

    Attributes:
        image_hosts: where the pictures of its articles are, as origins.
    """

    build: str
    backend: Backend
    image_hosts: tuple[str, ...] = ()


class ServedBuilds:
    """The builds of an index directory that are open; threads share it.

    Args:
        directory: of the index.
        open_backend: opens the build in a directory.

    Raises:
        IndexOpenError: the current build cannot be opened, or there is none.
    """

    def __init__(self, directory: Path, open_backend: Callable[[Path], Backend]) -> None:
        self._directory = directory
        self._pointer = str(directory / CURRENT_NAME)
        self._open_backend = open_backend
        self._switching = threading.Lock()
        self._refused = ""
        self._state = self._look()
        self._open: Serving | None = self._open_current()
        self._former: Serving | None = None

    def close(self) -> None:
        """Let go of the builds; their files are released when the searches under way are done."""
        self._open = self._former = None

    def current(self) -> Serving:
        """The current build, or the last that could be opened.

        Raises:
            IndexUnavailable: it has been closed.
        """
        serving = self._open
        if serving is None:
            raise IndexUnavailable("this engine has been closed")
        state = self._look()
        if state is not None and state == self._state:
            return serving
        try:
            current = current_id(self._directory)
        except IndexOpenError as error:
            _log.error("still serving build %s: %s", serving.build, error)
            return serving
        if current not in (serving.build, self._refused):
            serving = self._switch(current, serving)
        self._state = state
        return serving

    def having(self, build: str) -> Serving:
        """The build with an id if it is kept, else the current one.

        Args:
            build: as a reader's page names it: anything.
        """
        serving = self.current()
        if build == serving.build or not _ID.fullmatch(build):
            return serving
        former = self._former
        if former is not None and former.build == build:
            return former
        with self._switching:
            former = self._former
            if former is None or former.build != build:
                try:
                    kept = open_build(self._directory, build)
                    former = Serving(kept.id, self._open_backend(kept.path))
                except IndexOpenError:  # it is not kept any more
                    return serving
                self._former = former
        return former

    def _switch(self, current: str, serving: Serving) -> Serving:
        with self._switching:
            serving = self._open or serving
            if current in (serving.build, self._refused):
                return serving
            try:
                former, serving = serving, self._open_current()
                # Who read a first page may want the second of the same build.
                self._open, self._former = serving, former
            except IndexOpenError as error:
                self._refused = current  # tried once, not at every search
                _log.error("still serving build %s: %s", serving.build, error)
            return serving

    def _open_current(self) -> Serving:
        build = current_build(self._directory)
        backend = self._open_backend(build.path)
        return Serving(build.id, backend, build.manifest.image_hosts)

    def _look(self) -> _FileState | None:
        try:
            found = os.stat(self._pointer)  # noqa: PTH116 - a path object doubles the time
        except OSError:
            return None
        return _FileState(found.st_ino, found.st_mtime_ns, found.st_size)
