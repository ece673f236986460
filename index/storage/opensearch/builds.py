"""The builds of an index in a cluster: which there are, and which is served.

A build is one index, ``<alias>-<build>``, and beside it ``<alias>-<build>.files`` with what was
learned of its articles, in chunks with checksums. The alias names the build that is served. An
index says of itself in its mapping's ``_meta`` what made it, and how many articles it holds once it
is whole; until then -1, and the next rebuild removes it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec
import orjson

from index.analysis import FINGERPRINT
from index.errors import ClusterRefused, IndexDamaged, IndexIncompatible, IndexMissing
from index.storage.durable import replace
from index.storage.opensearch.client import Cluster, Json
from index.storage.opensearch.mapping import FORMAT, files_name

CHUNK = 2_000_000
"""Bytes of a file in one document."""

_NOT_FOUND = 404


class ClusterBuild(NamedTuple):
    """One whole build in a cluster.

    Attributes:
        name: of its index.
        build: its id.
        articles: how many it holds.
    """

    name: str
    build: str
    articles: int


class _About(msgspec.Struct):
    timbao: int = 0
    analysis: str = ""
    build: str = ""
    articles: int = -1


class _Mapping(msgspec.Struct):
    meta: _About = msgspec.field(name="_meta", default_factory=_About)


class _Index(msgspec.Struct):
    mappings: _Mapping = msgspec.field(default_factory=_Mapping)


_Mappings = dict[str, _Index]


class _Chunk(msgspec.Struct):
    name: str
    chunk: int
    chunks: int
    sha256: str
    data: str


class _Hit(msgspec.Struct):
    source: _Chunk = msgspec.field(name="_source")


class _Hits(msgspec.Struct):
    hits: list[_Hit]


class _Files(msgspec.Struct):
    hits: _Hits


def served_index(cluster: Cluster) -> str:
    """The index that the alias names; "" where there is none."""
    try:
        found = cluster.get(f"/_alias/{cluster.address.alias}", dict[str, object])
    except ClusterRefused as error:
        if error.status == _NOT_FOUND:
            return ""
        raise
    names = sorted(found)
    if len(names) != 1:
        raise IndexDamaged(
            f"{cluster.address}: the alias names {', '.join(names)} at once; take it off all but "
            "one, or rebuild the index"
        )
    return names[0]


def served_build(cluster: Cluster) -> ClusterBuild:
    """The build that is served.

    Raises:
        IndexMissing: none was ever finished.
        IndexIncompatible: another version of this program made it.
        IndexDamaged: the mapping is not one of this program.
    """
    index = served_index(cluster)
    if not index:
        raise IndexMissing(
            f"{cluster.address}: there is no index here; make one with scripts/rebuild_index.py"
        )
    return named_build(cluster, index)


def named_build(cluster: Cluster, index: str) -> ClusterBuild:
    """A build by its index; errors as of :func:`served_build`."""
    try:
        about = cluster.get(f"/{index}/_mapping", _Mappings)[index].mappings.meta
    except ClusterRefused as error:
        if error.status != _NOT_FOUND:
            raise
        raise IndexMissing(f"{cluster.address}: has no index {index}") from error
    if not about.timbao:
        raise IndexDamaged(
            f"{cluster.address}: {index} was not made by this program, or its mapping was changed; "
            "rebuild the index"
        )
    if (about.timbao, about.analysis) != (FORMAT, FINGERPRINT):
        raise IndexIncompatible(
            f"{cluster.address}: {index} was made by format {about.timbao} and text analysis "
            f"{about.analysis}, this program has {FORMAT} and {FINGERPRINT}; rebuild the index"
        )
    return ClusterBuild(index, about.build, about.articles)


def all_builds(cluster: Cluster) -> list[ClusterBuild]:
    """All builds of the alias, whole or not (then with -1 articles), newest first."""
    alias = cluster.address.alias
    found = cluster.get(f"/{alias}-*/_mapping", _Mappings)
    builds = [
        ClusterBuild(name, index.mappings.meta.build, index.mappings.meta.articles)
        for name, index in found.items()
        if index.mappings.meta.timbao and not name.endswith(files_name(""))
    ]
    return sorted(builds, key=lambda build: build.build, reverse=True)


class _Count(msgspec.Struct):
    count: int


class _Article(msgspec.Struct):
    article: msgspec.Raw


class _ArticleHit(msgspec.Struct):
    source: _Article = msgspec.field(name="_source")


class _ArticleHits(msgspec.Struct):
    hits: list[_ArticleHit]


class _Articles(msgspec.Struct):
    hits: _ArticleHits


def count_articles(cluster: Cluster, build: ClusterBuild) -> int:
    """How many articles the index of a build holds."""
    return cluster.get(f"/{build.name}/_count", _Count, deadline=60.0).count


def some_articles(cluster: Cluster, build: ClusterBuild, most: int) -> list[bytes]:
    """Some stored articles of a build by chance, always the same ones."""
    seed: Json = {"seed": 7, "field": "_seq_no"}
    body: Json = {"size": most, "query": {"function_score": {"random_score": seed}}}
    found = cluster.search(build.name, body, _Articles, 60.0).hits.hits
    return [bytes(hit.source.article) for hit in found]


def chunks_of(name: str, content: bytes) -> list[bytes]:
    """Lines of ``_bulk`` that keep a file."""
    digest = sha256(content).hexdigest()
    starts = range(0, max(1, len(content)), CHUNK)
    lines = []
    for chunk, start in enumerate(starts):
        data = base64.b64encode(content[start : start + CHUNK]).decode()
        action = orjson.dumps({"index": {"_id": f"{name}/{chunk}"}})
        fields: Mapping[str, str | int] = {
            "name": name,
            "chunk": chunk,
            "chunks": len(starts),
            "sha256": digest,
            "data": data,
        }
        lines.append(action + b"\n" + orjson.dumps(fields))
    return lines


def fetch_files(cluster: Cluster, build: ClusterBuild, directory: Path) -> None:
    """Fetch the files of a build.

    Raises:
        IndexDamaged: one is not what was written.
    """
    contents: dict[str, dict[int, _Chunk]] = {}
    at = 0
    while True:
        # Few at a time: an answer of all of them would take as much memory on the node.
        found = cluster.search(
            files_name(build.name),
            {"size": 4, "from": at, "sort": ["_doc"], "query": {"match_all": {}}},
            _Files,
            60.0,
        ).hits.hits
        for hit in found:
            contents.setdefault(hit.source.name, {})[hit.source.chunk] = hit.source
        at += len(found)
        if not found:
            break
    directory.mkdir(parents=True, exist_ok=True)
    for name, chunks in contents.items():
        content = b"".join(base64.b64decode(chunks[at].data) for at in sorted(chunks))
        some = next(iter(chunks.values()))
        if len(chunks) != some.chunks or sha256(content).hexdigest() != some.sha256:
            raise IndexDamaged(
                f"{cluster.address}: {name} of {build.name} is not what was written; rebuild the "
                "index"
            )
        replace(directory / Path(name).name, content)
