"""Which build of an index answers: the current one, or the last that could be opened.

Which one is current is looked up at each search, so that a rebuild shows at once and nothing needs
a restart: a look at a small file's state, which the next build replaces. A server has a thread look
instead, which makes another build ready before it answers. A build that cannot be opened is
reported once, and the one before goes on serving; a server that begins with such a one looks for
the newest whole build, and where there is none it waits for one.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from index.errors import IndexDamaged, IndexingError, IndexMissing, IndexOpenError
from index.storage.builds import (
    CURRENT_NAME,
    Build,
    current_build,
    current_id,
    finished_builds,
    is_build_id,
    open_build,
    verify_checksums,
    verify_once,
)
from index.storage.journal import Journal
from search.backends.protocol import Backend
from search.errors import IndexUnavailable
from search.serving.builds import Follower, NodeCounts, Serving

_log = logging.getLogger(__name__)

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
        settles: whether another whole build will do, or none until there is one, as
            :meth:`search.engine.SearchEngine.open` explains.

    Raises:
        IndexOpenError: the current build cannot be opened, or there is none.
    """

    def __init__(
        self,
        directory: Path,
        open_backend: Callable[[Path, Backend | None], Backend],
        *,
        settles: bool = False,
    ) -> None:
        self.directory = directory
        self._pointer = str(directory / CURRENT_NAME)
        self._open_backend = open_backend
        self._switching = threading.Lock()
        self._refused = ""
        self._why_none = ""
        self._closed = False
        self._state = self._look()
        self._open: Serving | None
        try:
            self._open = self._open_current(None)
        except IndexMissing:
            raise
        except IndexOpenError as error:
            if not settles:
                raise
            self._open = self._settled(error)
        self._former: Serving | None = None
        self._prepare: Callable[[Serving], None] | None = None
        self._follower: Follower | None = None

    def close(self) -> None:
        """Let go of the builds; their files are released when the searches under way are done."""
        if self._follower is not None:
            self._follower.end()
        self._closed = True
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
            IndexUnavailable: it has been closed, or no build can be opened.
        """
        serving = self._open if self._follower is not None else self._catch_up()
        if serving is None:
            raise IndexUnavailable(
                "this engine has been closed" if self._closed else self._why_none
            )
        return serving

    def require_whole(self) -> None:
        """See that every byte of the build that answers is what was written.

        Raises:
            IndexDamaged: naming the file.
        """
        serving = self._open
        if serving is not None:
            verify_checksums(open_build(self.directory, serving.build))

    def _catch_up(self) -> Serving | None:
        """Switch to the current build, if that is another than the open one."""
        serving = self._open
        state = self._look()
        if self._closed or (state is not None and state == self._state):
            return serving
        try:
            current = current_id(self.directory)
        except IndexOpenError as error:
            self._tell(error, serving)
            self._state = state  # told once, not at every search
            return serving
        if current not in (serving and serving.build, self._refused):
            serving = self._switch(current)
        self._state = state
        return serving

    def having(self, build: str) -> Serving:
        """The build with an id if it is kept, else the current one.

        Args:
            build: as a reader's page names it: anything.
        """
        serving = self.current()
        if build == serving.build or not is_build_id(build):
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

    def _switch(self, current: str) -> Serving | None:
        with self._switching:
            former = self._open
            if self._closed or current in (former and former.build, self._refused):
                return former
            try:
                serving = self._open_current(former.backend if former else None)
                if self._prepare is not None:
                    self._prepare(serving)
                # Who read a first page may want the second of the same build.
                self._open, self._former = serving, former
            except (IndexOpenError, IndexUnavailable) as error:
                self._refused = current  # tried once, not at every search
                self._tell(error, former)
            return self._open

    def _settled(self, error: IndexOpenError) -> Serving | None:
        """The newest whole build that has everything that was published and withdrawn since."""
        journal = Journal(self.directory)
        for build_id in finished_builds(self.directory):
            try:
                build = open_build(self.directory, build_id)
                if journal.pending(build.manifest.journal) is None:
                    serving = self._opened(build, None)
                    self._tell(error, serving)
                    return serving
            except IndexingError as other:  # noqa: PERF203 - there are two at most
                _log.info("not served either: %s", other)
        self._tell(error, None)
        return None

    def _tell(self, error: Exception, serving: Serving | None) -> None:
        """Report why a build does not answer, and what does instead."""
        if serving is None:
            self._why_none = str(error)
            _log.error("there is no build to serve: %s", error)
        else:
            _log.error("still serving build %s: %s", serving.build, error)

    def _open_current(self, former: Backend | None) -> Serving:
        return self._opened(current_build(self.directory), former)

    def _opened(self, build: Build, former: Backend | None) -> Serving:
        verify_once(build)  # a wrong byte may show in no error, but in a wrong answer
        try:
            backend = self._open_backend(build.path, former)
        except OSError as error:
            place, reason = error.filename or build.path, error.strerror or error
            raise IndexDamaged(f"{place}: cannot be read ({reason}); see to the disk") from error
        return Serving(build.id, backend, build.manifest.image_hosts)

    def _look(self) -> _FileState | None:
        try:
            found = os.stat(self._pointer)  # noqa: PTH116 - a path object doubles the time
        except OSError:
            return None
        return _FileState(found.st_ino, found.st_mtime_ns, found.st_size)
