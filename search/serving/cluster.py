"""The builds of an index in a cluster that are open: which the alias names is looked up.

What was learned of a build's articles is fetched once, into a folder that all processes of a web
server share; a build whose files cannot be fetched is reported, and the one before goes on serving.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from index.errors import IndexMissing, IndexOpenError
from index.storage.opensearch.builds import (
    ClusterBuild,
    fetch_files,
    named_build,
    served_build,
    served_index,
)
from index.storage.opensearch.client import Cluster
from index.storage.opensearch.mapping import index_name
from search.backends.protocol import Backend
from search.errors import IndexUnavailable
from search.serving.builds import Follower, NodeCounts, Serving

_log = logging.getLogger(__name__)

LOOK_EVERY = 2.0
"""Seconds between two looks at the alias."""

KEPT = 3
"""Builds whose files are kept in the folder."""

OpenBuild = Callable[[Cluster, ClusterBuild, Path], Backend]


class _Health(msgspec.Struct):
    status: str = "red"


class ClusterBuilds:
    """The builds of a cluster; threads share it.

    Args:
        cluster: where they are.
        folder: for their files.
        open_build: opens one whose files are there.

    Raises:
        IndexOpenError: the cluster cannot be asked, or has no build that can be opened.
    """

    def __init__(self, cluster: Cluster, folder: Path, open_build: OpenBuild) -> None:
        self._cluster, self._folder, self._open_build = cluster, folder, open_build
        self._looking = threading.Lock()
        self._refused = ""
        self._open: Serving | None = self._opened(served_build(cluster))
        self._former: Serving | None = None
        self._looked = time.monotonic()
        self._prepare: Callable[[Serving], None] | None = None
        self._follower: Follower | None = None

    def close(self) -> None:
        """Let go of the builds."""
        if self._follower is not None:
            self._follower.end()
        self._open = self._former = None

    def follow(self, prepare: Callable[[Serving], None]) -> None:
        """Look at the alias in the background from now on; another build answers once prepared."""
        self._prepare = prepare
        self._follower = Follower(self._look, LOOK_EVERY)

    def nodes(self) -> tuple[NodeCounts, ...]:
        """How the nodes have fared."""
        return tuple(
            NodeCounts(node.url, node.requests, node.failures) for node in self._cluster.nodes
        )

    def require_whole(self) -> None:
        """The nodes see to their files themselves."""

    def require_ready(self) -> None:
        """See that the shards of the index are there.

        Raises:
            IndexUnavailable: they are not, or nobody answers.
        """
        index = index_name(self._cluster.address.alias, self.current().build)
        try:
            health = self._cluster.get(f"/_cluster/health/{index}?timeout=1s", _Health, deadline=3)
        except IndexOpenError as error:
            raise IndexUnavailable(str(error)) from error
        if health.status == "red":
            raise IndexUnavailable(
                f"{self._cluster.address}: shards of {index} are missing (state red); start the "
                "nodes that hold them, or restore a snapshot"
            )

    def current(self) -> Serving:
        """The build that the alias names, or the last that could be opened.

        Raises:
            IndexUnavailable: it has been closed.
        """
        serving = self._open
        if serving is None:
            raise IndexUnavailable("this engine has been closed")
        # One thread looks; the others need not wait for it.
        if (
            self._follower is None
            and time.monotonic() - self._looked > LOOK_EVERY
            and self._looking.acquire(blocking=False)
        ):
            try:
                self._looked = time.monotonic()
                self._look()
            finally:
                self._looking.release()
        return self._open or serving

    def having(self, build: str) -> Serving:
        """The build with an id if it is kept, else the current one.

        Args:
            build: as a reader's page names it: anything.
        """
        serving = self.current()
        if build == serving.build or not build.replace("-", "").isalnum() or not build.isascii():
            return serving
        former = self._former
        if former is None or former.build != build:
            try:
                index = index_name(self._cluster.address.alias, build)
                former = self._opened(named_build(self._cluster, index))
            except IndexOpenError:  # it is not kept any more
                return serving
            self._former = former
        return former

    def _look(self) -> None:
        serving, index = self._open, ""
        if serving is None:
            return
        try:
            index = served_index(self._cluster)
            known = index_name(self._cluster.address.alias, serving.build)
            if not index or index in (known, self._refused):
                return
            # Who read a first page may want the second of the same build.
            opened = self._opened(named_build(self._cluster, index))
            if self._prepare is not None:
                self._prepare(opened)
            self._open, self._former = opened, serving
        except (IndexOpenError, IndexUnavailable) as error:
            self._refused = index  # tried once, not at every look
            _log.error("still serving build %s: %s", serving.build, error)

    def _opened(self, build: ClusterBuild) -> Serving:
        if build.articles < 0:
            raise IndexMissing(f"{self._cluster.address}: {build.name} is not finished")
        directory = self._folder / build.name
        if not directory.is_dir():
            partial = self._folder / f"{build.name}.{secrets.token_hex(4)}.new"
            try:
                fetch_files(self._cluster, build, partial)
                partial.rename(directory)
            except OSError as error:
                if not directory.is_dir():  # else another process was quicker
                    raise IndexMissing(
                        f"{directory}: cannot be written: {error.strerror}; see to its permissions"
                    ) from error
            finally:
                shutil.rmtree(partial, ignore_errors=True)
            self._remove_old(directory)
        return Serving(build.build, self._open_build(self._cluster, build, directory))

    def _remove_old(self, newest: Path) -> None:
        alias = self._cluster.address.alias
        others = sorted(path for path in self._folder.glob(f"{alias}-*") if path.suffix != ".new")
        for path in [path for path in others if path != newest][: -KEPT + 1]:
            shutil.rmtree(path, ignore_errors=True)
