"""The one process that applies the journal of an index, as long as it is left to.

It looks at the journal every few hundredths of a second, which costs next to nothing, and makes at
most one build a second: an article is found one to two seconds after it was acknowledged, and those
who search are not disturbed more often. A second indexer of the same index waits until the first is
gone. Killed at any moment it leaves nothing behind that the next one would not clear away.
"""

from __future__ import annotations

import logging
import shutil
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from index.build.processes.children import end_with_parent, start_child
from index.build.publishing.applying import DERIVE_SHARE, DERIVED_AT_ONCE, Derived, apply_journal
from index.errors import BuildLocked, IndexingError, IndexOpenError
from index.storage.builds import (
    Build,
    clean_up,
    current_build,
    link_build,
    locked_for_rebuilding,
    locked_for_switching,
    served_id,
)
from index.storage.journal import Journal

LOCK_NAME = "indexer.lock"
DERIVING_NAME = "deriving"
KEEP_BUILDS = 2

_LOOK_EVERY = 0.05
_BUILD_EVERY = 1.0
_AFTER_TROUBLE = 5.0

_log = logging.getLogger(__name__)


class Indexer:
    """Applies the journal of one index.

    Args:
        index_dir: where there may be no index yet.
    """

    def __init__(self, index_dir: Path) -> None:
        self._index_dir = index_dir
        self._journal = Journal(index_dir)
        self._derivation: _Derivation | None = None
        self._trouble = ""

    def run(self, stop: threading.Event) -> None:
        """Apply whatever comes, until told to stop."""
        self._index_dir.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._index_dir / LOCK_NAME, timeout=0, fallback_to_soft=False)
        while not stop.is_set():
            with suppress(Timeout), lock:
                self._clear()
                self._serve(stop)
            stop.wait(_BUILD_EVERY)
        if self._derivation is not None:
            self._derivation.end()

    def _clear(self) -> None:
        """Remove what a killed indexer left, unless a rebuild is at work, which does that too."""
        shutil.rmtree(self._index_dir / DERIVING_NAME, ignore_errors=True)
        with (
            suppress(BuildLocked),
            locked_for_rebuilding(self._index_dir),
            locked_for_switching(self._index_dir),
        ):
            clean_up(self._index_dir, keep=KEEP_BUILDS)

    def _serve(self, stop: threading.Event) -> None:
        seen: object = None
        while not stop.is_set():
            try:
                state = self._look()
                if state != seen or (self._derivation and self._derivation.is_done):
                    began = time.monotonic()
                    self._apply()
                    self._trouble, seen = "", state
                    stop.wait(max(0.0, began + _BUILD_EVERY - time.monotonic()))
            except IndexingError as error:
                if str(error) != self._trouble:
                    _log.error("%s", error)
                self._trouble, seen = str(error), None
                stop.wait(_AFTER_TROUBLE)
            stop.wait(_LOOK_EVERY)

    def _look(self) -> object:
        """What changes whenever there may be something to do."""
        served = served_id(self._index_dir)
        return (served == "", self._journal.outlook()) if self._journal.path.exists() else None

    def _apply(self) -> None:
        derived = self._derived()
        build = apply_journal(self._index_dir, keep=KEEP_BUILDS, derived=derived)
        if derived is not None:
            self._derivation = None
            shutil.rmtree(derived.directory, ignore_errors=True)
        if build is not None and self._derivation is None and _must_derive(build):
            self._derivation = _Derivation(self._index_dir, build)

    def _derived(self) -> Derived | None:
        """What was derived meanwhile, if it is of the index as it is now."""
        if self._derivation is None or not self._derivation.is_done:
            return None
        derived = self._derivation.outcome()
        try:
            changed = current_build(self._index_dir).manifest.changed_since_derived
        except IndexOpenError:
            changed = 0
        if derived is None or derived.changed > changed:  # a rebuild has derived all anew
            self._derivation = None
            return None
        return derived


def _must_derive(build: Build) -> bool:
    manifest = build.manifest
    return (
        manifest.articles > DERIVED_AT_ONCE
        and manifest.changed_since_derived > manifest.articles * DERIVE_SHARE
    )


class _Derivation:
    """Another process that derives from all articles of a build, beside it."""

    def __init__(self, index_dir: Path, build: Build) -> None:
        self._directory = index_dir / DERIVING_NAME
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir()
        link_build(build, self._directory)
        self._changed = build.manifest.changed_since_derived
        program = "from index.build.publishing.derivation import main; main()"
        self._process = start_child(program, [str(self._directory)], answers=True)

    @property
    def is_done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._process.poll() is not None

    def outcome(self) -> Derived | None:
        """What was derived; None if that failed."""
        self._close()
        if self._process.returncode:
            _log.error("nothing could be derived from the articles; it is tried again")
            return None
        return Derived(self._directory, self._changed)

    def end(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.wait()
        self._close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def main() -> None:
    """Index for the directory on the command line, as long as the parent lives."""
    end_with_parent()
    logging.basicConfig(format="[%(levelname)s] %(name)s: %(message)s")
    Indexer(Path(sys.argv[1])).run(threading.Event())
