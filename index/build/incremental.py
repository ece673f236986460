"""Changing an index in a directory that nobody reads yet: articles added, replaced and deleted.

Data derived from all articles stays as it was, or is derived anew from the whole index; what
belongs to one state of an index is renewed in any case. A failure leaves the directory for
:mod:`index.storage.builds` to remove.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from index.article import Article
from index.build.bulk import IndexCounts
from index.build.derived.from_index import derive, renew
from index.build.writing.writer import IndexWriter


def change_index(
    directory: Path,
    articles: Iterable[Article],
    gone: Callable[[], Iterable[str]],
    must_derive: Callable[[int], bool],
    base: Path | None = None,
) -> IndexCounts:
    """Change the index in ``directory``.

    Args:
        directory: of an index whose files may be shared, but for those written here.
        articles: to add, in place of those that have their ids.
        gone: asked after the last article for the ids of those to delete.
        must_derive: asked whether to derive anew, with the number of articles that there are then.
        base: the directory of the index as it was, if this one began as a copy of it.

    Raises:
        BuildError: the disk is full or cannot be written.
    """
    with IndexWriter(directory) as writer:
        for article in articles:
            writer.add(article)
        for article_id in gone():
            writer.delete(article_id)
        counts = IndexCounts(writer.commit())
    if counts.articles:
        if must_derive(counts.articles):
            derive(directory)
        else:
            renew(directory, base)
    return counts
