"""What one build in a cluster is asked for: articles by the first phase, whole answers or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from index.errors import ClusterUnavailable
from index.storage.opensearch.client import Cluster, Json
from search.backends.opensearch.answers import Facetted, Hit, Listing, Search
from search.backends.opensearch.candidates import PLACES_SCRIPT, fold_hashes
from search.backends.opensearch.queries import Query

DEADLINE = 8.0
"""Seconds for one request."""

_Answer = TypeVar("_Answer", Search, Listing, Facetted)


class Requests:
    """Asks one build; safe to share between threads.

    Args:
        cluster: where it is.
        index: of the build.
    """

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster, self._index = cluster, index

    def ask(self, body: dict[str, Json], kind: type[_Answer]) -> _Answer:
        """One search. Half an answer would have wrong totals, so it is none.

        Raises:
            ClusterUnavailable: it took too long.
        """
        answer = self._cluster.search(self._index, body, kind, DEADLINE)
        if answer.timed_out:
            raise ClusterUnavailable(
                f"{self._cluster.address}: has not answered a search in {DEADLINE:g} s; see "
                "whether it has enough nodes"
            )
        return answer

    def hits(
        self, query: Query, size: int, folds: Sequence[bytes] | None, start: int = 0, **more: Json
    ) -> list[Hit]:
        """The best articles by a first phase; arguments as of :func:`listing`."""
        body: dict[str, Json] = {**listing(query, size, folds), "from": start, **more}
        return self.ask(body, Listing).hits.hits


def listing(query: Query, size: int, folds: Sequence[bytes] | None) -> dict[str, Json]:
    """What asks for articles by a first phase.

    Args:
        query: whose scores are the first phase.
        size: how many articles.
        folds: whose places come with an article; None for none.
    """
    body: dict[str, Json] = {
        "size": size,
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": [
            "id",
            "story",
            {"field": "published", "format": "epoch_millis"},
        ],
        "query": query,
        "sort": ["_score", {"place": "asc"}],
        "track_scores": True,
        "track_total_hits": False,
    }
    if folds is not None:
        asked: Json = {"source": PLACES_SCRIPT, "params": {"folds": fold_hashes(folds)}}
        body["script_fields"] = {"places": {"script": asked}}
    return body
