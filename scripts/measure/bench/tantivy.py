"""tantivy, a search engine in Rust, as one of the benchmark's engines.

It indexes the same terms as this project: folded and accent keys of all three fields with
positions, neighbours of the body as terms of their own, the text stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

import tantivy
from tantivy import Occur, Query

from scripts.measure.bench.documents import Analysed
from scripts.measure.bench.engines import FIELDS, LIMIT

HEAP_BYTES = 512_000_000


class Tantivy:
    """tantivy with one indexing thread, all merged at the end."""

    name: ClassVar[str] = "tantivy"

    def build(self, directory: Path, chunks: Iterable[list[Analysed]]) -> None:
        """Index all terms and store the text."""
        builder = tantivy.SchemaBuilder()
        builder.add_bytes_field("stored", stored=True, indexed=False)
        for name in FIELDS:
            option = "basic" if name == "body_pairs" else "position"
            builder.add_text_field(name, tokenizer_name="whitespace", index_option=option)
        index = tantivy.Index(builder.build(), path=str(directory))
        writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
        for chunk in chunks:
            for article in chunk:
                document = tantivy.Document()
                document.add_bytes("stored", article.stored)
                for name in FIELDS:
                    document.add_text(name, getattr(article, name))
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, directory: Path) -> OpenedTantivy:
        """Open the index."""
        return OpenedTantivy(directory)


class OpenedTantivy:
    """tantivy's searcher."""

    def __init__(self, directory: Path) -> None:
        index = tantivy.Index.open(str(directory))
        self._schema = index.schema
        self._searcher = index.searcher()

    def all_of(self, words: Sequence[str]) -> int:
        """See :class:`scripts.measure.bench.engines.Opened`."""
        return self._combined(words, Occur.Must)

    def any_of(self, words: Sequence[str]) -> int:
        """See :class:`scripts.measure.bench.engines.Opened`."""
        return self._combined(words, Occur.Should)

    def phrase(self, words: Sequence[str]) -> int:
        """See :class:`scripts.measure.bench.engines.Opened`."""
        return self._hits(Query.phrase_query(self._schema, "body", list(words)))

    def _combined(self, words: Sequence[str], occur: Occur) -> int:
        terms = [(occur, Query.term_query(self._schema, "body", word)) for word in words]
        return self._hits(Query.boolean_query(terms))

    def _hits(self, query: Query) -> int:
        return len(self._searcher.search(query, LIMIT, count=False).hits)
