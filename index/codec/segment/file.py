"""One segment, open for reading: terms, text channels, columns and stored articles of one file.

Opening maps the file and reads its footer (about 0.1 ms); parts come into being when first asked
for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import cast

import zstandard

from index.codec.channel.channel import Channel
from index.codec.channel.postings import PostingsCache
from index.codec.columns import Moments, Values
from index.codec.container import Container
from index.codec.documents import Documents
from index.codec.segment.layout import Layout
from index.codec.segment.profile import Profile
from index.codec.terms import Terms
from index.errors import IndexDamaged

CACHE_BYTES = 96_000_000
"""What the postings of one index may take in memory besides the page cache: all 560 frequent
syllables of 100,000 articles as dense arrays take 56 MB (the rest are small)."""


class SegmentFile:
    """A segment.

    Attributes:
        path: its file.
        layout: which fields it has.
        doc_count: how many documents, deleted ones included.
        totals: the summed lengths of each text field.

    Raises:
        IndexDamaged: the file is missing, cut short or not a segment.
        IndexIncompatible: a newer format.
    """

    def __init__(self, path: Path, cache: PostingsCache | None = None) -> None:
        self.path = path
        self._container = Container(path)
        self._cache = PostingsCache(CACHE_BYTES) if cache is None else cache
        facts = self._container.facts
        try:
            texts, paired, values, moments = (
                tuple(cast("list[str]", facts[name]))
                for name in ("texts", "paired", "values", "moments")
            )
            self.layout = Layout(texts, paired, values, moments, str(facts["stored"]))
            self.doc_count = cast("int", facts["documents"])
            self.totals = cast("dict[str, int]", facts["tokens"])
        except KeyError as error:
            raise IndexDamaged(f"{path}: its footer lacks {error}; rebuild the index") from error
        self._channels: dict[str, Channel] = {}
        self._values: dict[str, Values] = {}
        self._moments: dict[str, Moments] = {}

    @cached_property
    def terms(self) -> Terms:
        """The folded terms and accent keys."""
        return Terms(self._container)

    def channel(self, text_field: str) -> Channel:
        """One text field."""
        channel = self._channels.get(text_field)
        if channel is None:
            made = Channel(self._container, text_field, self.terms, self.doc_count, self._cache)
            channel = self._channels.setdefault(text_field, made)
        return channel

    @property
    def channel_uids(self) -> Iterator[int]:
        """What the text fields that were asked for are called in the cache."""
        return (channel.uid for channel in self._channels.values())

    def values(self, field: str) -> Values:
        """One field of exact values."""
        values = self._values.get(field)
        if values is None:
            values = self._values.setdefault(field, Values(self._container, field))
        return values

    def moments(self, field: str) -> Moments:
        """One field of dates."""
        moments = self._moments.get(field)
        if moments is None:
            moments = self._moments.setdefault(field, Moments(self._container, field))
        return moments

    @cached_property
    def documents(self) -> Documents:
        """The stored articles."""
        return Documents(self._container)

    def stored(self, doc: int) -> bytes:
        """A stored article.

        Raises:
            IndexDamaged: it cannot be decompressed.
        """
        try:
            return self.documents[doc]
        except zstandard.ZstdError as error:
            raise IndexDamaged(
                f"{self.path}: article {doc} cannot be read ({error}); rebuild the index"
            ) from error

    @property
    def profile(self) -> Profile:
        """What the segment was written with, for the segments after it."""
        paired = [self.channel(name).pair_terms for name in self.layout.paired]
        return Profile(self.documents.zdict, paired[0] if paired else ())

    @property
    def nbytes(self) -> int:
        """The size of the file."""
        return self._container.nbytes

    def verify(self) -> None:
        """Check every byte against the checksums.

        Raises:
            IndexDamaged: naming the file and the array.
        """
        self._container.verify()
