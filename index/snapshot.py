"""One state of an index, open for reading: its segments and which of their documents are deleted.

A snapshot never changes: a writer that commits makes new files and a new table of contents, and
whoever wants to see them opens another snapshot. It may be shared by any number of threads.

:meth:`Snapshot.open` reads the table of contents through an unpickler that knows four classes and
nothing else, so that an index directory from a stranger cannot run code here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.postings import PostingsCache
from index.codec.segment.file import CACHE_BYTES, SegmentFile
from index.codec.segment.layout import accents_name
from index.codec.table_of_contents import read_contents
from index.errors import IndexDamaged


class Leaf:
    """A segment within a snapshot.

    Attributes:
        segment: its file.
        base: the snapshot's number of the segment's first document.
        alive: which documents are not deleted, shape (documents,); None if all are.
    """

    def __init__(self, segment: SegmentFile, base: int, deleted: NDArray[np.int64]) -> None:
        self.segment = segment
        self.base = base
        self.alive: NDArray[np.bool_] | None = None
        if len(deleted):
            self.alive = np.ones(segment.doc_count, np.bool_)
            self.alive[deleted] = False

    @cached_property
    def live_count(self) -> int:
        """How many documents are not deleted."""
        return self.segment.doc_count if self.alive is None else int(self.alive.sum())


class Snapshot:
    """A state of an index.

    Document numbers of a snapshot run through all its segments: those of segment *i* begin at
    ``leaves[i].base``.

    Attributes:
        leaves: the segments.
        generation: of the index; a writer's commit makes the next one.
        doc_count_all: documents, deleted ones included, as scoring counts them.
        cache: of the postings of all segments.
    """

    def __init__(
        self,
        segments: list[SegmentFile],
        deleted: list[NDArray[np.int64]],
        generation: int = 0,
        cache: PostingsCache | None = None,
    ) -> None:
        self.generation = generation
        self.cache = PostingsCache(CACHE_BYTES) if cache is None else cache
        self.leaves: list[Leaf] = []
        base = 0
        for segment, deleted_docs in zip(segments, deleted, strict=True):
            self.leaves.append(Leaf(segment, base, deleted_docs))
            base += segment.doc_count
        self.doc_count_all = base

    @classmethod
    def open(cls, directory: Path, former: Snapshot | None = None) -> Snapshot:
        """Open the newest committed state of the index in ``directory``.

        Args:
            directory: of the index.
            former: an earlier state, perhaps in another directory. Segments that are the same are
                shared with it, with all that was read of them; their names tell, which are random.

        Raises:
            IndexMissing: there is no index.
            IndexDamaged: a file is missing or is not what was written.
            IndexIncompatible: written by another format version.
        """
        # A writer may remove files between our reading its contents and opening them.
        for _ in range(10):
            contents = read_contents(directory)
            known = former.segments_named([path.name for path in contents.paths]) if former else {}
            cache = former.cache if former and known else PostingsCache(CACHE_BYTES)
            try:
                segments = [
                    known.get(path.name) or SegmentFile(path, cache) for path in contents.paths
                ]
            except IndexDamaged:
                if read_contents(directory).generation == contents.generation:
                    raise
            else:
                if former and known:
                    in_use = [*segments, *(leaf.segment for leaf in former.leaves)]
                    cache.keep_only({uid for segment in in_use for uid in segment.channel_uids})
                return cls(segments, contents.deleted, contents.generation, cache)
        raise IndexDamaged(f"{directory}: changes faster than it can be opened; try again")

    def segments_named(self, names: Iterable[str]) -> dict[str, SegmentFile]:
        """Those of the segments whose files have one of these names."""
        wanted = frozenset(names)
        segments = {leaf.segment.path.name: leaf.segment for leaf in self.leaves}
        return {name: segment for name, segment in segments.items() if name in wanted}

    @cached_property
    def doc_count(self) -> int:
        """Documents that are not deleted."""
        return sum(leaf.live_count for leaf in self.leaves)

    def average_length(self, field: str) -> float:
        """The mean length of a text field (or of its accent keys), as Whoosh computes it."""
        name = field.removesuffix(accents_name(""))
        total = sum(leaf.segment.totals.get(name, 0) for leaf in self.leaves)
        return total / self.doc_count_all if self.doc_count_all and total else 1.0

    def idf(self, df: int) -> float:
        """Whoosh's inverse document frequency of a term that ``df`` documents have."""
        return math.log(self.doc_count_all / (df + 1)) + 1

    def published(self) -> NDArray[np.int64]:
        """When each document was published, in Whoosh's microseconds: shape (documents,).

        :data:`~index.codec.columns.NO_MOMENT` for those without a date.
        """
        moments = [leaf.segment.moments("published").value for leaf in self.leaves]
        return np.concatenate([np.zeros(0, np.int64), *moments])

    def stored(self, doc: int) -> bytes:
        """A stored article by the snapshot's document number."""
        leaf = self.leaf_of(doc)
        return leaf.segment.stored(doc - leaf.base)

    def leaf_of(self, doc: int) -> Leaf:
        """The segment that holds a document."""
        for leaf in reversed(self.leaves):
            if doc >= leaf.base:
                return leaf
        raise IndexError(doc)

    def id_of(self, doc: int) -> str:
        """The unique id of a document."""
        leaf = self.leaf_of(doc)
        return leaf.segment.values(leaf.segment.layout.id).value(doc - leaf.base)

    def find_id(self, value: str) -> int | None:
        """The document with this unique id, or None."""
        for leaf in self.leaves:
            docs = leaf.segment.values(leaf.segment.layout.id).docs_having(value)
            for doc in docs.tolist():
                if leaf.alive is None or leaf.alive[doc]:
                    return leaf.base + int(doc)
        return None
