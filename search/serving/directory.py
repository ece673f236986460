"""Which build of an index answers: the current one, or the last that could be opened.

Which one is current is looked up at each search, so that a rebuild shows at once and nothing needs
a restart: a look at a small file's state, which the next build replaces. A server has a thread look
instead, which makes another build ready before it answers. A build that cannot be opened is
reported once, and the one before goes on serving.
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
from index.storage.builds import (
    CURRENT_NAME,
    current_build,
    current_id,
    open_build,
    verify_once,
)
from search.backends.protocol import Backend
from search.errors import IndexUnavailable
from search.serving.builds import Follower, NodeCounts, Serving

_log = logging.getLogger(__name__)

_ID = re.compile(r"[0-9A-Za-z-]+", re.ASCII)
"""Of a build; it comes from an address, so it must not lead out of the folder of builds."""


LOOK_EVERY = 0.2
"""Seconds between two looks at the pointer in the background."""


class _FileState(NamedTuple):
    inode: int
    changed: int
    size: int


class ServedBuilds:
    """The builds of an index directory that are open; threads share it.

    Attributes:
        directory: of the index.

    Args:
        directory: the same.
        open_backend: opens the build in a directory, sharing what it can with an earlier one.

    Raises:
        IndexOpenError: the current build cannot be opened, or there is none.
    """

    def __init__(
        self, directory: Path, open_backend: Callable[[Path, Backend | None], Backend]
    ) -> None:
        self.directory = directory
        self._pointer = str(directory / CURRENT_NAME)
        self._open_backend = open_backend
        self._switching = threading.Lock()
        self._refused = ""
        self._state = self._look()
        self._open: Serving | None = self._open_current(None)
        self._former: Serving | None = None
        self._prepare: Callable[[Serving], None] | None = None
        self._follower: Follower | None = None

    def close(self) -> None:
        """Let go of the builds; their files are released when the searches under way are done."""
        if self._follower is not None:
            self._follower.end()
        self._open = self._former = None

    def follow(self, prepare: Callable[[Serving], None]) -> None:
        """Look for another build in the background from now on; it answers once prepared."""
        self._prepare = prepare
        self._follower = Follower(self._catch_up, LOOK_EVERY)

    def require_ready(self) -> None:
        """See that searches can be answered: an index that is open answers."""
        self.current()

    def nodes(self) -> tuple[NodeCounts, ...]:
        """There are none."""
        return ()

    def current(self) -> Serving:
        """The current build, or the last that could be opened.

        Raises:
            IndexUnavailable: it has been closed.
        """
        serving = self._open if self._follower is not None else self._catch_up()
        if serving is None:
            raise IndexUnavailable("this engine has been closed")
        return serving

    def _catch_up(self) -> Serving | None:
        """Switch to the current build, if that is another than the open one."""
        serving = self._open
        if serving is None:
            return None
        state = self._look()
        if state is not None and state == self._state:
            return serving
        try:
            current = current_id(self.directory)
        except IndexOpenError as error:
            _log.error("still serving build %s: %s", serving.build, error)
            self._state = state  # told once, not at every search
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
                    kept = open_build(self.directory, build)
                    verify_once(kept)
                    former = Serving(kept.id, self._open_backend(kept.path, serving.backend))
                except IndexOpenError:  # it is not kept any more
                    return serving
                self._former = former
        return former

    def _switch(self, current: str, serving: Serving) -> Serving:
        with self._switching:
            serving = self._open or serving
            if current in (serving.build, self._refused):
                return serving
            former = serving
            try:
                serving = self._open_current(former.backend)
                if self._prepare is not None:
                    self._prepare(serving)
                # Who read a first page may want the second of the same build.
                self._open, self._former = serving, former
            except (IndexOpenError, IndexUnavailable) as error:
                self._refused = current  # tried once, not at every search
                serving = former
                _log.error("still serving build %s: %s", serving.build, error)
            return serving

    def _open_current(self, former: Backend | None) -> Serving:
        build = current_build(self.directory)
        verify_once(build)  # a wrong byte may show in no error, but in a wrong answer
        backend = self._open_backend(build.path, former)
        return Serving(build.id, backend, build.manifest.image_hosts)

    def _look(self) -> _FileState | None:
        try:
            found = os.stat(self._pointer)  # noqa: PTH116 - a path object doubles the time
        except OSError:
            return None
        return _FileState(found.st_ino, found.st_mtime_ns, found.st_size)
