"""Whoosh's way into our segments: codec, segment and document reader.

Whoosh opens an index by unpickling the codec and the segments named in its table of contents, so
the module and the names of :class:`ArrayCodec` and :class:`ArraySegment` are part of the index
format.

The codec reads. Segments are written by :mod:`index.codec.segment.builder`, which Whoosh's
posting-by-posting interface would slow down tenfold.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn, cast

import numpy as np
from numpy.typing import NDArray
from whoosh import columns
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage, Storage
from whoosh.filedb.structfile import StructFile
from whoosh.util import random_name

from index.codec.channel.writer import LENGTHS
from index.codec.columns import NO_MOMENT
from index.codec.segment.file import SegmentFile
from index.codec.segment.layout import accents_name
from index.codec.whoosh.terms import ArrayTermsReader

EXTENSION = ".timbao"

_open_files: weakref.WeakValueDictionary[Path, SegmentFile] = weakref.WeakValueDictionary()


def open_segment_file(path: Path) -> SegmentFile:
    """Open a segment's file, or share it with whoever has it open: segments never change."""
    segment = _open_files.get(path)
    if segment is None:
        segment = _open_files.setdefault(path, SegmentFile(path))
    return segment


class ArraySegment(base.Segment):
    """What Whoosh remembers of a segment: its name, its documents, and which of them are deleted.

    The names of the attributes are part of the index format.
    """

    def __init__(self, indexname: str) -> None:
        self.indexname = indexname
        self.segid: str = random_name(16)
        self.compound = False
        self._doccount = 0
        self._deleted: set[int] = set()

    def codec(self) -> ArrayCodec:
        """How to read the segment."""
        return ArrayCodec()

    def segment_id(self) -> str:
        """What the names of its files begin with."""
        return f"{self.indexname}_{self.segid}"

    def path(self, directory: str | Path) -> Path:
        """Its file, in the directory of the index."""
        return Path(directory).resolve() / f"{self.segment_id()}{EXTENSION}"

    def should_assemble(self) -> bool:
        """Whether Whoosh should put the segment's files into one: there is only one."""
        return False

    def set_doc_count(self, doccount: int) -> None:  # noqa: D102 - Whoosh's interface from here on
        self._doccount = doccount

    def doc_count_all(self) -> int:  # noqa: D102
        return self._doccount

    def doc_count(self) -> int:  # noqa: D102
        return self._doccount - len(self._deleted)

    def deleted_count(self) -> int:  # noqa: D102
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:  # noqa: D102
        return iter(self._deleted)

    def delete_document(self, docnum: int, delete: bool = True) -> None:  # noqa: D102
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)

    def is_deleted(self, docnum: int) -> bool:  # noqa: D102
        return docnum in self._deleted


class ArrayCodec(base.Codec):
    """Reads segments of arrays."""

    def new_segment(self, storage: Storage, indexname: str) -> ArraySegment:  # noqa: ARG002
        """An empty segment with a new name."""
        return ArraySegment(indexname)

    def terms_reader(self, storage: FileStorage, segment: ArraySegment) -> ArrayTermsReader:
        """Terms and postings."""
        return ArrayTermsReader(open_segment_file(segment.path(storage.folder)))

    def per_document_reader(
        self, storage: FileStorage, segment: ArraySegment
    ) -> ArrayPerDocumentReader:
        """Lengths, columns and stored fields."""
        return ArrayPerDocumentReader(open_segment_file(segment.path(storage.folder)), segment)

    def per_document_writer(self, storage: Storage, segment: base.Segment) -> NoReturn:
        """Refuse: see :func:`_refuse`."""
        _refuse(storage, segment)

    def field_writer(self, storage: Storage, segment: base.Segment) -> NoReturn:
        """Refuse: see :func:`_refuse`."""
        _refuse(storage, segment)

    def postings_writer(self, dbfile: StructFile, byteids: bool = False) -> NoReturn:
        """Refuse: see :func:`_refuse`."""
        _refuse(dbfile, byteids)

    def postings_reader(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse: postings are reached through :meth:`terms_reader` only."""
        _refuse(args, kwargs)


def _refuse(*_: object) -> NoReturn:
    """Say where segments are written instead of through Whoosh's posting-by-posting interface."""
    raise NotImplementedError(
        "segments of arrays are written by index.build.writing.writer.IndexWriter"
    )


class ArrayPerDocumentReader(base.PerDocumentReader):
    """Lengths, columns, stored fields and deletions."""

    def __init__(self, segment: SegmentFile, whoosh_segment: ArraySegment) -> None:
        self._segment = segment
        self._whoosh_segment = whoosh_segment

    def doc_count(self) -> int:  # noqa: D102 - Whoosh's interface from here on
        return self._segment.doc_count - self._whoosh_segment.deleted_count()

    def doc_count_all(self) -> int:  # noqa: D102
        return self._segment.doc_count

    def has_deletions(self) -> bool:  # noqa: D102
        return self._whoosh_segment.deleted_count() > 0

    def is_deleted(self, docnum: int) -> bool:  # noqa: D102
        return self._whoosh_segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:  # noqa: D102
        return self._whoosh_segment.deleted_docs()

    def supports_columns(self) -> bool:  # noqa: D102
        return True

    def has_column(self, fieldname: str) -> bool:  # noqa: D102
        layout = self._segment.layout
        return fieldname in layout.values or fieldname in layout.moments

    def column_reader(  # noqa: D102
        self, fieldname: str, column: columns.Column
    ) -> ArrayColumnReader:
        default = column.default_value()
        if fieldname in self._segment.layout.moments:
            moments = self._segment.moments(fieldname).value
            return ArrayColumnReader(
                self._segment.doc_count,
                lambda doc: default if (moment := int(moments[doc])) == NO_MOMENT else moment,
            )
        values = self._segment.values(fieldname)
        return ArrayColumnReader(
            self._segment.doc_count, lambda doc: values.value(doc).encode() or default
        )

    def _lengths(self, fieldname: str) -> NDArray[np.uint8] | None:
        for name in self._segment.layout.texts:
            if fieldname in (name, accents_name(name)):
                return self._segment.channel(name).length
        return None

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:  # noqa: D102
        lengths = self._lengths(fieldname)
        code = 0 if lengths is None else lengths[docnum]
        return int(LENGTHS[code]) if code else default

    def field_length(self, fieldname: str) -> int:  # noqa: D102
        return self._segment.totals.get(fieldname.removesuffix(accents_name("")), 0)

    def min_field_length(self, fieldname: str) -> int:  # noqa: D102
        lengths = self._lengths(fieldname)
        return 0 if lengths is None or not len(lengths) else int(LENGTHS[lengths.min()])

    def max_field_length(self, fieldname: str) -> int:  # noqa: D102
        lengths = self._lengths(fieldname)
        return 0 if lengths is None or not len(lengths) else int(LENGTHS[lengths.max()])

    def stored_fields(self, docnum: int) -> dict[str, object]:  # noqa: D102
        layout = self._segment.layout
        return {
            layout.id: self._segment.values(layout.id).value(docnum),
            layout.stored: self._segment.stored(docnum),
        }


class ArrayColumnReader(columns.ColumnReader):
    """A column for sorting and faceting in stock Whoosh."""

    def __init__(self, doc_count: int, get: Callable[[int], object]) -> None:
        self._doccount = doc_count
        self._get = get

    def __getitem__(self, docnum: int) -> object:
        return self._get(docnum)

    def sort_key(self, docnum: int) -> bytes:  # noqa: D102 - Whoosh's interface
        return cast("bytes", self._get(docnum))
