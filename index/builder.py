"""From articles to an index on disk: one pass, into an empty directory.

Nothing is visible to readers until :mod:`index.builds` switches to the directory; a failure leaves
it for that module to remove.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from whoosh import index as whoosh_index

from index.article import Article
from index.schema import VALUE_FIELDS, accents_field, field_texts, make_schema, utc_naive
from index.stored import dump_article

MEMORY_MB = 256
"""What Whoosh's writer may hold before it writes a run of postings to disk."""


class IndexCounts(NamedTuple):
    """What an index holds, for its manifest."""

    articles: int


def write_index(directory: Path, articles: Iterable[Article]) -> IndexCounts:
    """Index ``articles`` into ``directory``, which exists and is empty."""
    writer = whoosh_index.create_in(str(directory), make_schema()).writer(limitmb=MEMORY_MB)
    count = 0
    try:
        for article in articles:
            writer.add_document(**_document(article))
            count += 1
        writer.commit()
    except BaseException:
        writer.cancel()
        raise
    return IndexCounts(count)


def _document(article: Article) -> dict[str, object]:
    fields: dict[str, object] = {"id": article.id, "article": dump_article(article)}
    if article.published is not None:
        fields["published"] = utc_naive(article.published)
    for name in VALUE_FIELDS:
        fields[name] = getattr(article, name)
    for name, text in field_texts(article)._asdict().items():
        fields[name] = fields[accents_field(name)] = text
    return fields
