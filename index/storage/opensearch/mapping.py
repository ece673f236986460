"""How articles lie in a cluster: the settings and the mapping of one build's index.

A text is sent as one string with one chunk for each position: the folded term and, behind ``|=``,
the accent key, ``thong|=thông``; of words that share a position one after the other; ``_`` where
nothing stands. What is in a chunk gets one position, so that phrases may mix folded terms and
accent keys. Positions are those of :mod:`index.analysis`: the cluster analyses nothing itself.

Similarities reckon with constants instead of each shard's own statistics, so that an article's
score is the same on whichever shard it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from index.analysis import FINGERPRINT
from index.storage.opensearch.client import Json

FORMAT = 1
"""Changes whenever this program could not search an index with the mapping before."""

TEXTS = ("headline", "summary", "body")
VALUES = ("section", "source", "author")
GAP, BESIDE, KEYED = "_", "|", "="
SATURATIONS = {"headline": 0.3, "summary": 0.48, "body": 1.2}
DISCOUNTS = {"headline": 0.3, "summary": 0.3, "body": 0.5}
"""Of the ranking (:mod:`search.ranking.weights`): its saturation by the weight of each field, and
its discounts of long texts. They choose which articles are scored in full."""

MOST_RESULTS = 25_000
"""Results that can be paged through, with room for those that collapse."""

_LONGEST_ID = 500


def words_field(value_field: str) -> str:
    """The field with the folded words of a field of exact values."""
    return f"{value_field}_words"


def document_id(article_id: str) -> str:
    """The id of an article's document: its own, or a hash of it where that is too long."""
    encoded = article_id.encode("utf-8", "surrogatepass")
    return article_id if len(encoded) <= _LONGEST_ID else f"sha256:{sha256(encoded).hexdigest()}"


def index_name(alias: str, build: str) -> str:
    """The index of a build."""
    return f"{alias}-{build.lower()}"


def files_name(index: str) -> str:
    """The index with what was learned of a build's articles, in chunks."""
    return f"{index}.files"


def settings(lengths: Mapping[str, float], shards: int) -> Json:
    """The settings of an index that is being loaded.

    Args:
        lengths: the mean length of each text field.
        shards: how many.
    """
    return {
        "number_of_shards": shards,
        "number_of_replicas": 0,
        "refresh_interval": "-1",
        "max_result_window": MOST_RESULTS,
        "max_script_fields": 4,
        "similarity": {
            name: {"type": "scripted", "script": {"source": _score(name, lengths[name])}}
            for name in TEXTS
        },
        "analysis": {
            "tokenizer": {"chunks": {"type": "whitespace", "max_token_length": 1_000}},
            "filter": {
                "gaps": {"type": "stop", "stopwords": [GAP]},
                "forms": {
                    "type": "pattern_capture",
                    "preserve_original": False,
                    "patterns": ["([^|]+)"],
                },
            },
            "analyzer": {
                "positions": {"tokenizer": "chunks", "filter": ["gaps", "forms"]},
                "terms": {"tokenizer": "chunks"},
            },
        },
    }


def _score(name: str, mean: float) -> str:
    b = DISCOUNTS[name]
    return (
        f"double n = {1 - b} + {b} * doc.length / {max(mean, 1.0):.6f};"
        f"return query.boost * doc.freq / (doc.freq + {SATURATIONS[name]} * n);"
    )


def about(build: str, articles: int = -1) -> Json:
    """What an index says of itself; -1 articles as long as it is not whole."""
    return {"timbao": FORMAT, "analysis": FINGERPRINT, "build": build, "articles": articles}


def mapping(build: str) -> Json:
    """The fields of an article's document, and what the index says of itself."""
    text: dict[str, Json] = {"type": "text", "analyzer": "positions", "search_analyzer": "terms"}
    return {
        "dynamic": "strict",
        "_meta": about(build),
        "_source": {"includes": ["article"]},
        "properties": {
            "article": {"type": "object", "enabled": False},
            "id": {"type": "keyword"},
            "place": {"type": "long", "index": False},
            "occurrences": {"type": "binary", "doc_values": True},
            "published": {"type": "date", "format": "epoch_millis"},
            "story": {"type": "keyword"},
            "headline_key": {"type": "keyword", "ignore_above": 2_000},
            **{name: {**text, "similarity": name} for name in TEXTS},
            **{name: {"type": "keyword", "ignore_above": 8_000} for name in VALUES},
            **{words_field(name): {**text, "norms": False} for name in VALUES},
        },
    }


FILES_MAPPING: Json = {
    "dynamic": "strict",
    "properties": {
        "name": {"type": "keyword", "index": False},
        "chunk": {"type": "integer", "index": False},
        "chunks": {"type": "integer", "index": False},
        "sha256": {"type": "keyword", "index": False},
        "data": {"type": "binary"},
    },
}
