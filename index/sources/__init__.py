"""Where articles come from: files and servers of several kinds, recognised and read one by one.

Use `origin_of` on what a person named, then `read_sources`. Every record becomes a `Found` article
or a `RecordError` that says where and why not; nothing is lost without a word, and nothing that a
source holds raises.
"""

from __future__ import annotations

from index.sources.documents import Document, Later
from index.sources.files.listing import SourceFile, find_files
from index.sources.files.stream import Meter
from index.sources.origin import FetchRules, Origin, origin_of
from index.sources.reading import read_document, read_file, read_sources
from index.sources.records.outcome import Found, Gap, Outcome, Remark, Repair, SkipReason, skip
from index.sources.registry import KIND_NAMES
from index.sources.web.fetcher import Fetcher

__all__ = [
    "KIND_NAMES",
    "Document",
    "FetchRules",
    "Fetcher",
    "Found",
    "Gap",
    "Later",
    "Meter",
    "Origin",
    "Outcome",
    "Remark",
    "Repair",
    "SkipReason",
    "SourceFile",
    "find_files",
    "origin_of",
    "read_document",
    "read_file",
    "read_sources",
    "skip",
]
