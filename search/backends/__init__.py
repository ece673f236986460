"""The engines behind the search, each behind one protocol; which of them answers is chosen here."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from index.storage.opensearch.builds import ClusterBuild
from index.storage.opensearch.client import Cluster
from search.backends.opensearch.backend import OpenSearchBackend
from search.backends.protocol import Backend
from search.backends.whoosh.backend import open_whoosh
from search.ranking import Ranker

__all__ = ["open_backend", "open_cluster"]


def open_backend(
    directory: Path, former: Backend | None = None, *, recency_half_life_days: float | None = None
) -> Backend:
    """Open the index in a build's directory.

    Args:
        directory: of the build.
        former: what was opened of an earlier build, with which it shares what is the same.
        recency_half_life_days: as in :meth:`search.engine.SearchEngine.open`.

    Raises:
        ValueError: the half-life is not above 0.
        IndexOpenError: there is none, or it is damaged or of another version.
    """
    make_ranker = partial(Ranker, half_life_days=recency_half_life_days)
    return open_whoosh(directory, former, make_ranker=make_ranker)


def open_cluster(
    cluster: Cluster,
    build: ClusterBuild,
    directory: Path,
    *,
    recency_half_life_days: float | None = None,
) -> Backend:
    """Open a build in a cluster, whose files are in a directory; otherwise as above."""
    if recency_half_life_days is not None and not recency_half_life_days > 0:
        raise ValueError(f"a half-life is above 0 days, not {recency_half_life_days}")
    return OpenSearchBackend(cluster, build, directory, recency_half_life_days)
