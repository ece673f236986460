"""Facets of a cluster: what is asked, and the lists that readers see.

Counts of a field are as if nothing were chosen in it, as :mod:`search.facets.counts` has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone

import icu
import numpy as np

from index.article import VIETNAM
from index.storage.opensearch.client import Json
from index.storage.opensearch.mapping import VALUES
from search.backends.opensearch.answers import FacetCounts, Tier
from search.backends.opensearch.queries import EVERYTHING, Query, all_of
from search.facets.values import Listed, listed_values, month_values, year_values
from search.page import Facets
from search.request import SearchRequest

LOOKED_AT = 70
"""Values that are ordered here besides those that are listed: of equally frequent ones the alphabet
decides, which a cluster does not know."""

OF_A_SHARD = 10_000
"""Values that a shard counts; where a field has more on several shards, counts may be too low."""

MOST_STORIES = 50_000


def facet_questions(narrowing: Mapping[str, Query], request: SearchRequest) -> dict[str, Json]:
    """The aggregations of all facets, and of what passes all filters.

    Args:
        narrowing: the filters of the request.
        request: whose chosen values are counted whatever their number.
    """
    chosen = {"section": request.sections, "source": request.sources, "author": request.authors}
    most = OF_A_SHARD if request.facet_query else request.facet_values + LOOKED_AT
    questions: dict[str, Json] = {"passing": {"filter": passing(narrowing)}}
    for name in VALUES:
        own: dict[str, Json] = {
            "values": {"terms": {"field": name, "size": most, "shard_size": OF_A_SHARD}}
        }
        if chosen[name]:
            listed = list(chosen[name])
            own["chosen"] = {"terms": {"field": name, "include": listed, "size": len(listed)}}
        questions[name] = {"filter": passing(narrowing, but=name), "aggs": own}
    months: Json = {
        "date_histogram": {
            "field": "published",
            "calendar_interval": "month",
            "time_zone": "+07:00",
            "min_doc_count": 1,
        }
    }
    questions["published"] = {
        "filter": passing(narrowing, but="published"),
        "aggs": {"values": months},
    }
    return questions


def stories_question() -> Json:
    """How many articles tell each story that more than one tells."""
    return {"terms": {"field": "story", "size": MOST_STORIES, "min_doc_count": 2}}


def passing(narrowing: Mapping[str, Query], but: str = "") -> Query:
    """What passes all filters but one."""
    return all_of([query for name, query in narrowing.items() if name != but] or [EVERYTHING])


def facets_of(tier: Tier, request: SearchRequest) -> Facets:
    """The facets that readers see."""
    months: dict[int, int] = {}
    for bucket in tier.published.values.buckets:
        moment = datetime.fromtimestamp(int(bucket.key) / 1000, timezone.utc).astimezone(VIETNAM)
        months[moment.year * 12 + moment.month - 1] = bucket.doc_count
    listed = {
        "section": _listed(tier.section, request.sections, request),
        "source": _listed(tier.source, request.sources, request),
        "author": _listed(tier.author, request.authors, request),
    }
    return Facets(
        section=listed["section"].values,
        source=listed["source"].values,
        author=listed["author"].values,
        year=year_values(months, request),
        month=month_values(months, request),
        cut=tuple(name for name, values in listed.items() if values.cut),
    )


def _listed(counts: FacetCounts, chosen: Sequence[str], request: SearchRequest) -> Listed:
    every = counts.values.buckets + (counts.chosen.buckets if counts.chosen else [])
    by_value = {str(bucket.key): bucket.doc_count for bucket in every}
    collator = icu.Collator.createInstance(icu.Locale("vi"))
    values = sorted(by_value, key=lambda value: (collator.getSortKey(value), value))
    numbers = np.array([by_value[value] for value in values], np.int64)
    return listed_values(values, numbers, chosen, request)
