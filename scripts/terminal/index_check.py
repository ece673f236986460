"""Is the index being served whole? Every byte, the counts, and searches for articles in it."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from index.errors import IndexDamaged
from index.snapshot import Snapshot
from index.storage.builds import current_build, verify_checksums
from index.storage.opensearch.builds import (
    count_articles,
    fetch_files,
    served_build,
    some_articles,
)
from index.storage.opensearch.client import Cluster
from index.stored import load_article
from search import SearchEngine, SearchRequest

SAMPLE = 100
"""Articles that are searched for."""


class Checked(NamedTuple):
    """A build that was found to be whole: its id, how many articles, how many searched for."""

    build: str
    articles: int
    searched: int


def check_index(index_dir: Path) -> Checked:
    """Check the build being served.

    Raises:
        IndexOpenError: it cannot be opened, a byte of it is not what was written, or what it holds
            is not what its manifest says.
        IndexUnavailable: it cannot be searched.
    """
    build = current_build(index_dir)
    verify_checksums(build)
    snapshot = Snapshot.open(build.path)
    if snapshot.doc_count != build.manifest.articles:
        raise IndexDamaged(
            f"{build.path}: holds {snapshot.doc_count} articles and not the "
            f"{build.manifest.articles} that its manifest says; rebuild the index"
        )
    documents = [
        leaf.base + doc
        for leaf in snapshot.leaves
        for doc in range(leaf.segment.doc_count)
        if leaf.alive is None or leaf.alive[doc]
    ]
    chosen = random.Random(build.id).sample(documents, min(SAMPLE, len(documents)))  # noqa: S311
    with SearchEngine.open(index_dir) as engine:
        for doc in chosen:
            _search(engine, snapshot.stored(doc), build.id, str(build.path))
    return Checked(build.id, build.manifest.articles, len(chosen))


def check_cluster(cluster: Cluster) -> Checked:
    """Check the build that a cluster serves: its count, its files, and searches in it.

    Raises:
        IndexOpenError: it cannot be opened, or what it holds is not what it says.
        IndexUnavailable: it cannot be searched.
    """
    build = served_build(cluster)
    articles = count_articles(cluster, build)
    if articles != build.articles:
        raise IndexDamaged(
            f"{cluster.address}: {build.name} holds {articles} articles and not the "
            f"{build.articles} that it says; rebuild the index"
        )
    with TemporaryDirectory() as folder:
        fetch_files(cluster, build, Path(folder))
    chosen = some_articles(cluster, build, SAMPLE)
    with SearchEngine.open(str(cluster.address)) as engine:
        engine.require_ready()
        for stored in chosen:
            _search(engine, stored, build.build, build.name)
    return Checked(build.build, articles, len(chosen))


def _search(engine: SearchEngine, stored: bytes, build: str, place: str) -> None:
    """Find one article by its id and by its headline."""
    article = load_article(stored)
    if engine.build != build:
        return  # a rebuild has switched meanwhile; what was read so far was whole
    if engine.article(article.id) != article:
        raise IndexDamaged(f"{place}: article {article.id} is another; rebuild the index")
    words = " ".join(word for word in article.headline.split() if word.isalnum())
    if words and not engine.search(SearchRequest(query=words, verbatim=True)).total:
        raise IndexDamaged(
            f"{place}: article {article.id} is not found by its headline; rebuild the index"
        )
