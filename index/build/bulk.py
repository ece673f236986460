"""From articles to an index on disk: one pass, into an empty directory.

Nothing is visible to readers until :mod:`index.storage.builds` switches to the directory; a failure
leaves it for that module to remove.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from index.article import Article
from index.build.derived.from_runs import deriving
from index.build.writing.writer import IndexWriter


class IndexCounts(NamedTuple):
    """What an index holds, for its manifest."""

    articles: int


def write_index(directory: Path, articles: Iterable[Article]) -> IndexCounts:
    """Index ``articles`` into ``directory``, which exists and is empty.

    Raises:
        BuildError: the disk is full or cannot be written.
    """
    with (
        tempfile.TemporaryDirectory(prefix="run-statistics-", dir=directory) as statistics,
        IndexWriter(directory, statistics=Path(statistics)) as writer,
    ):
        for article in articles:
            writer.add(article)
        writer.finish_runs()
        with deriving(directory, Path(statistics)) as derive_the_rest:
            counts = IndexCounts(writer.commit())
            derive_the_rest()
    return counts
