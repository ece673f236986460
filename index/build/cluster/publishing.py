"""Publishing: the build of a directory becomes an index of a cluster, and the alias its name.

The directory is where a cluster's index is made: what reads, compares and learns is the same as for
an index that is served from there. What differs from the build that the cluster serves is sent: all
articles into a new index, or, after an update, those that have changed into a clone of the index
before, which shares its files. The alias is switched when the counts and a sample of searches are
right. Whatever fails before that leaves the old index serving; the next run removes what it left.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np
import orjson
from numpy.typing import NDArray

from index.analysis import Analyser
from index.build.cluster.documents import operations, stories
from index.codec.segment.layout import ARTICLES
from index.codec.segment.words import WORDS_NAME, write_words
from index.delta import GONE, delta
from index.errors import BuildError, ClusterRefused, IndexMissing
from index.language.files import ACRONYMS_NAME, MODEL_NAME
from index.snapshot import Snapshot
from index.storage.builds import Build, current_build, finished_builds, open_build, switch_to
from index.storage.opensearch.builds import (
    ClusterBuild,
    all_builds,
    chunks_of,
    named_build,
    served_index,
)
from index.storage.opensearch.client import Cluster, Json, remedy
from index.storage.opensearch.mapping import (
    FILES_MAPPING,
    TEXTS,
    about,
    document_id,
    files_name,
    index_name,
    mapping,
    settings,
)
from index.stored import load_article
from index.suggestions.suggestions import SUGGESTIONS_NAME

BULK_BYTES = 4_000_000
LONG = 600.0
"""Seconds that loading, merging and moving of an index may take."""

MOST_CLAUSES = 8_192
"""Words, fields and conditions of one search: OpenSearch's own limit is 1,024, and a query of 200
words has 3,000."""

SAMPLE = 40
"""Articles that are searched for before the switch."""

LEARNED = (MODEL_NAME, ACRONYMS_NAME, SUGGESTIONS_NAME)


class _Item(msgspec.Struct):
    status: int = 0
    id: str = msgspec.field(name="_id", default="")
    error: msgspec.Raw = msgspec.Raw(b"")


class _Bulk(msgspec.Struct):
    errors: bool
    items: list[dict[str, _Item]]


class _Count(msgspec.Struct):
    count: int


class _Article(msgspec.Struct):
    article: msgspec.Raw


class _Document(msgspec.Struct):
    found: bool = False
    source: _Article | None = msgspec.field(name="_source", default=None)


class _Documents(msgspec.Struct):
    docs: list[_Document]


def publish(
    cluster: Cluster,
    index_dir: Path,
    *,
    keep: int,
    shards: int = 1,
    replicas: int = 0,
    anew: bool = False,
) -> ClusterBuild:
    """Serve the current build of a directory from a cluster. The caller holds the lock.

    Args:
        cluster: whose alias is switched.
        index_dir: where the build is.
        keep: how many builds to keep, this one among them.
        shards: of an index that is made anew.
        replicas: of each shard.
        anew: whether all articles are sent, also where few differ from those that are served.

    Raises:
        BuildError: the cluster has not taken it; the old index goes on serving.
        IndexOpenError: the cluster cannot be asked.
    """
    build = current_build(index_dir)
    served = served_index(cluster)
    clauses: Json = {"persistent": {"indices.query.bool.max_clause_count": MOST_CLAUSES}}
    with suppress(ClusterRefused):  # of a hosted cluster the host decides; long queries then fail
        cluster.send("PUT", "/_cluster/settings", clauses)
    _remove_leftovers(cluster, served)
    index = index_name(cluster.address.alias, build.id)
    known = {each.name: each for each in all_builds(cluster)}
    if index not in known:
        base = None if anew else _base(cluster, index_dir, build)
        _load(cluster, index_dir, build, index, base, shards, replicas)
    if served != index:
        _switch(cluster, served, index)
    clean_up(cluster, keep=keep)
    return named_build(cluster, index)


def require_in_step(cluster: Cluster, index_dir: Path) -> None:
    """See that a directory has the build that the cluster serves, as an update needs.

    Raises:
        BuildError: it has not: it would be taken for the whole index.
    """
    served = served_index(cluster)
    if not served or named_build(cluster, served).build in finished_builds(index_dir):
        return
    raise BuildError(
        f"{index_dir}: is not where {cluster.address} was made, so that there is nothing to "
        "compare with; rebuild the whole index, or name the directory with TIMBAO_OPENSEARCH_WORK"
    )


def roll_back_cluster(cluster: Cluster, index_dir: Path) -> ClusterBuild:
    """Serve the newest whole build before the one that is served. The caller holds the lock.

    Raises:
        IndexMissing: there is none.
    """
    served = served_index(cluster)
    if served:
        now = named_build(cluster, served)
        for build in all_builds(cluster):
            if build.articles >= 0 and build.build < now.build:
                _switch(cluster, served, build.name)
                if build.build in finished_builds(index_dir):
                    switch_to(index_dir, open_build(index_dir, build.build))
                return build
    raise IndexMissing(
        f"{cluster.address}: no build before the one that is served; nothing was changed"
    )


def clean_up(cluster: Cluster, *, keep: int) -> None:
    """Remove old builds beyond the newest ``keep``; the one that is served stays."""
    served = served_index(cluster)
    others = [build.name for build in all_builds(cluster) if build.name != served]
    for index in others[max(0, keep - 1) :]:
        _remove(cluster, index)


def _remove_leftovers(cluster: Cluster, served: str) -> None:
    for build in all_builds(cluster):
        if build.articles < 0 and build.name != served:
            _remove(cluster, build.name)


def _remove(cluster: Cluster, index: str) -> None:
    # The articles' index goes last: without it nobody would find the files again.
    for name in (files_name(index), index):
        cluster.send("DELETE", f"/{name}?ignore_unavailable=true", deadline=LONG)


def _switch(cluster: Cluster, served: str, index: str) -> None:
    alias = cluster.address.alias
    actions: list[Json] = [{"add": {"index": index, "alias": alias}}]
    if served:
        actions.insert(0, {"remove": {"index": served, "alias": alias}})
    cluster.send("POST", "/_aliases", {"actions": actions}, deadline=LONG)


def _load(
    cluster: Cluster,
    index_dir: Path,
    build: Build,
    index: str,
    base: ClusterBuild | None,
    shards: int,
    replicas: int,
) -> None:
    """Make the index of a build, and see that it is what it should be."""
    snapshot = Snapshot.open(build.path)
    if base is None:
        lengths = {name: snapshot.average_length(name) for name in TEXTS}
        body: Json = {"settings": settings(lengths, shards), "mappings": mapping(build.id)}
        cluster.send("PUT", f"/{index}", body, deadline=LONG)
        changes = operations(snapshot, stories(build.path, snapshot))
    else:
        _clone(cluster, base, index, build)
        changes = _changes(open_build(index_dir, base.build), build, snapshot)
    _send(cluster, index, changes)
    _send_files(cluster, index, build, snapshot, replicas)
    cluster.send("POST", f"/{index}/_refresh", deadline=LONG)
    if base is None:
        cluster.send("POST", f"/{index}/_forcemerge?max_num_segments=1", deadline=LONG)
    cluster.send(
        "PUT",
        f"/{index}/_settings",
        {"number_of_replicas": replicas, "blocks.write": True},
        deadline=LONG,
    )
    _wait_for(cluster, index, "green" if replicas else "yellow")
    _verify(cluster, index, build, snapshot)
    # An index says how many articles it holds when it is whole, and not before.
    whole: Json = {"_meta": about(build.id, build.manifest.articles)}
    cluster.send("PUT", f"/{index}/_mapping", whole, deadline=LONG)


def _base(cluster: Cluster, index_dir: Path, build: Build) -> ClusterBuild | None:
    """The build in the cluster that a build differs little from."""
    served = served_index(cluster)
    if not served:
        return None
    base = named_build(cluster, served)
    if base.build not in finished_builds(index_dir) or base.build >= build.id:
        return None
    before = Snapshot.open(open_build(index_dir, base.build).path)
    change = delta(before, Snapshot.open(build.path))
    return base if change.is_small else None


def _clone(cluster: Cluster, base: ClusterBuild, index: str, build: Build) -> None:
    body: Json = {
        "settings": {
            "index.blocks.write": None,
            "index.number_of_replicas": 0,
            "index.refresh_interval": "-1",
        }
    }
    cluster.send("PUT", f"/{base.name}/_clone/{index}", body, deadline=LONG)
    cluster.send("PUT", f"/{index}/_mapping", {"_meta": about(build.id)}, deadline=LONG)
    _wait_for(cluster, index, "yellow")


def _changes(base: Build, build: Build, snapshot: Snapshot) -> Iterator[bytes]:
    """What makes of the documents of one build those of the next."""
    change = delta(Snapshot.open(base.path), snapshot)
    before, after = stories(base.path, change.before), stories(build.path, snapshot)
    wanted = np.zeros(snapshot.doc_count_all, np.bool_)
    wanted[change.added] = True
    kept = np.flatnonzero(change.to != GONE)
    for doc, now in zip(kept.tolist(), change.to[kept].tolist(), strict=True):
        if before.get(doc) != after.get(now):
            wanted[now] = True
    # A changed article is gone under its old number and added under a new one.
    renewed = {snapshot.id_of(doc) for doc in change.added.tolist()}
    for leaf in change.before.leaves:
        for doc in range(leaf.segment.doc_count):
            alive = leaf.alive is None or leaf.alive[doc]
            if alive and change.to[leaf.base + doc] == GONE:
                article_id = change.before.id_of(leaf.base + doc)
                if article_id not in renewed:
                    yield orjson.dumps({"delete": {"_id": document_id(article_id)}})
    yield from operations(snapshot, after, wanted)


def _send(cluster: Cluster, index: str, changes: Iterable[bytes]) -> None:
    batch: list[bytes] = []
    size = 0
    for change in changes:
        batch.append(change)
        size += len(change)
        if size > BULK_BYTES:
            _send_batch(cluster, index, batch)
            batch, size = [], 0
    if batch:
        _send_batch(cluster, index, batch)


def _send_batch(cluster: Cluster, index: str, batch: list[bytes]) -> None:
    answer = cluster.lines(f"/{index}/_bulk", batch, _Bulk, LONG)
    if not answer.errors:
        return
    for item in answer.items:
        for result in item.values():
            if result.status >= 400 and not (result.status == 404 and "delete" in item):
                reason = bytes(result.error)[:300].decode("utf-8", "replace")
                raise BuildError(
                    f"{cluster.address}: article {result.id} was refused: {reason}{remedy(reason)}"
                )


def _send_files(
    cluster: Cluster, index: str, build: Build, snapshot: Snapshot, replicas: int
) -> None:
    name = files_name(index)
    own: Json = {"number_of_shards": 1, "number_of_replicas": replicas}
    cluster.send("PUT", f"/{name}", {"settings": own, "mappings": FILES_MAPPING}, deadline=LONG)
    words = build.path / WORDS_NAME
    try:
        write_words(words, [leaf.segment for leaf in snapshot.leaves], ARTICLES)
        for file in (words, *(build.path / learned for learned in LEARNED)):
            if file.exists():
                for line in chunks_of(file.name, file.read_bytes()):
                    _send_batch(cluster, name, [line])
    finally:
        words.unlink(missing_ok=True)  # a build has the files of its manifest and no others
    cluster.send("POST", f"/{name}/_refresh", deadline=LONG)


def _wait_for(cluster: Cluster, index: str, status: str) -> None:
    # Where there are fewer nodes than copies, a shard that is there is enough.
    least = "yellow" if status == "green" else status
    path = f"/_cluster/health/{index}?wait_for_status={least}&timeout=120s"
    cluster.send("GET", path + "&wait_for_no_initializing_shards=true", deadline=LONG)


def _verify(cluster: Cluster, index: str, build: Build, snapshot: Snapshot) -> None:
    """Compare counts, and look for a sample of articles by id and by their headlines' words.

    Raises:
        BuildError: something is not what was sent.
    """
    count = cluster.get(f"/{index}/_count", _Count, deadline=LONG).count
    if count != build.manifest.articles:
        raise BuildError(
            f"{cluster.address}: {index} holds {count} articles and not "
            f"{build.manifest.articles}; the old index goes on serving"
        )
    docs = _alive(snapshot)
    chosen = random.Random(build.id).sample(docs.tolist(), min(SAMPLE, len(docs)))  # noqa: S311
    stored = [snapshot.stored(doc) for doc in chosen]
    articles = [load_article(each) for each in stored]
    wanted: Json = {"ids": [document_id(article.id) for article in articles]}
    found = cluster.send("POST", f"/{index}/_mget", wanted, _Documents, deadline=LONG)
    documents = [] if found is None else found.docs
    for article, each, document in zip(articles, stored, documents, strict=True):
        is_same = document.source is not None and orjson.loads(
            bytes(document.source.article)
        ) == orjson.loads(each)
        if not is_same:
            raise BuildError(f"{cluster.address}: article {article.id} of {index} is another")
    analyser = Analyser()
    for article in articles:
        words = dict.fromkeys(token.folded for token in analyser.tokens(article.headline))
        query: Json = {
            "query": {
                "bool": {
                    "filter": [
                        {"term": {"id": article.id}},
                        *({"term": {"headline": word}} for word in words),
                    ]
                }
            }
        }
        answer = cluster.send("POST", f"/{index}/_count", query, _Count, deadline=LONG)
        if answer is None or answer.count != 1:
            raise BuildError(
                f"{cluster.address}: article {article.id} of {index} is not found by its headline"
            )


def _alive(snapshot: Snapshot) -> NDArray[np.int64]:
    alive = np.ones(snapshot.doc_count_all, np.bool_)
    for leaf in snapshot.leaves:
        if leaf.alive is not None:
            alive[leaf.base : leaf.base + leaf.segment.doc_count] = leaf.alive
    return np.flatnonzero(alive)
