"""Is the index being served whole? Every byte, the counts, and searches for articles in it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

from index.errors import IndexDamaged
from index.snapshot import Snapshot
from index.storage.builds import Build, current_build, verify_checksums
from index.stored import load_article
from search import SearchEngine, SearchRequest

SAMPLE = 100
"""Articles that are searched for."""


class Checked(NamedTuple):
    """A build that was found to be whole."""

    build: Build
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
            _search(engine, snapshot.stored(doc), build)
    return Checked(build, len(chosen))


def _search(engine: SearchEngine, stored: bytes, build: Build) -> None:
    """Find one article by its id and by its headline."""
    article = load_article(stored)
    if engine.build != build.id:
        return  # a rebuild has switched meanwhile; what was read so far was whole
    if engine.article(article.id) != article:
        raise IndexDamaged(f"{build.path}: article {article.id} is another; rebuild the index")
    words = " ".join(word for word in article.headline.split() if word.isalnum())
    if words and not engine.search(SearchRequest(query=words, verbatim=True)).total:
        raise IndexDamaged(
            f"{build.path}: article {article.id} is not found by its headline; rebuild the index"
        )
