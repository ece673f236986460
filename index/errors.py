"""Every error the write side raises on purpose, as one tree.

::

    IndexingError               what went wrong, where, and what to do about it
    ├── SourceError             a source cannot be read at all (missing, unknown kind, no access)
    ├── RecordError             one record of a source is no article; the others are indexed
    ├── BuildError              a build could not be finished; the old one keeps serving
    │   ├── NothingToIndex      every record was skipped, so there is no new index
    │   └── BuildLocked         another rebuild of the same index is running
    ├── JournalError            the journal of an index cannot do what it was asked for
    │   ├── JournalFull         it cannot be written or read; nothing of the request was kept
    │   ├── JournalDamaged      it is no journal any more
    │   ├── JournalConflict     one name was given to two different requests
    │   └── JournalOverrun      too much is waiting to be applied
    └── IndexOpenError          there is no index here, or it cannot be used
        ├── IndexMissing        no build was ever finished in this directory
        ├── IndexDamaged        a file of the build is missing or its checksum is wrong
        ├── IndexIncompatible   built by another format version or analysis
        └── ClusterUnavailable  no node of the cluster that holds it answers, or it refuses us
            └── ClusterRefused  it answers that it will not do what it was asked

The message of each is one or two sentences for the person at the keyboard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | date | Sequence[Value] | Mapping[str, Value] | None"
"""What JSON, YAML and TOML can hold, and so a record."""


class IndexingError(Exception):
    """What went wrong, where, and what to do about it."""


class SourceError(IndexingError):
    """A source cannot be read at all: it is missing, of no known kind, or not accessible."""


class RecordError(IndexingError):
    """One record of a source is no article.

    Attributes:
        where: the file and line (or element) of the record, for the report.
        reason: a short stable code, such as ``no-headline``; reports count by it.
        ignored: what the record holds under names that mean nothing here.
    """

    def __init__(
        self, where: str, reason: str, message: str, ignored: Mapping[str, Value] | None = None
    ) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.reason = reason
        self.message = message
        self.ignored = ignored or {}

    def __reduce__(
        self,
    ) -> tuple[type[RecordError], tuple[str, str, str, Mapping[str, Value]]]:
        return RecordError, (self.where, self.reason, self.message, self.ignored)


class BuildError(IndexingError):
    """A build could not be finished; the build that was serving goes on serving."""


class NothingToIndex(BuildError):
    """Every record was skipped, so no new index was made."""


class BuildLocked(BuildError):
    """Another rebuild of the same index is running."""


class JournalError(IndexingError):
    """The journal of an index cannot do what it was asked for."""


class JournalFull(JournalError):
    """It cannot be written or read: the disk is full, or says no; nothing was kept."""


class JournalDamaged(JournalError):
    """Its file is no journal any more."""


class JournalConflict(JournalError):
    """One name was given to two different requests."""


class JournalOverrun(JournalError):
    """Too much is waiting to be applied.

    Attributes:
        seconds: after how many to try again.
    """

    def __init__(self, pending: int, seconds: int) -> None:
        super().__init__(
            f"{pending:,} changes are waiting to be indexed; send the rest in {seconds} seconds"
        )
        self.seconds = seconds


class IndexOpenError(IndexingError):
    """There is no index here, or it cannot be used."""


class IndexMissing(IndexOpenError):
    """No build was ever finished in this directory."""


class IndexDamaged(IndexOpenError):
    """A file of the build is missing, or its checksum is wrong."""


class IndexIncompatible(IndexOpenError):
    """The build was written by another format version or another text analysis."""


class ClusterUnavailable(IndexOpenError):
    """No node of the cluster that holds the index answers, or none that lets us in."""


class ClusterRefused(ClusterUnavailable):
    """The cluster answers that it will not do what it was asked.

    Attributes:
        status: of HTTP.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
