"""Where articles come from: files of several kinds, found, recognised and read one by one.

Use `find_files` to list the files of the sources named by a person, then `read_file` on each. Every
record becomes a `Found` article or a `RecordError` that says where and why not; nothing is lost
without a word, and nothing that a file holds raises.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.errors import SourceError
from index.sources.files import SourceFile, find_files
from index.sources.kind import Kind, Sample
from index.sources.outcome import Found, Gap, Outcome, Remark, Repair, SkipReason, skip
from index.sources.registry import KINDS, kind_named, recognise
from index.sources.stream import (
    DOCUMENT_LIMIT,
    DamagedStreamError,
    Meter,
    Stream,
    TooLargeError,
    open_stream,
)

__all__ = [
    "KINDS",
    "Found",
    "Gap",
    "Kind",
    "Meter",
    "Outcome",
    "Remark",
    "Repair",
    "SkipReason",
    "SourceFile",
    "find_files",
    "kind_named",
    "read_file",
    "skip",
]


def read_file(file: SourceFile, meter: Meter, kind: Kind | None = None) -> Iterator[Outcome]:
    """Every record of one file; where the file breaks off, the last outcome says so.

    Args:
        file: from `find_files`.
        meter: counts the bytes read.
        kind: what the file is, or None to recognise it.
    """
    name = str(file.path)
    try:
        with open_stream(file.path, meter) as stream:
            yield from _read_stream(stream, kind)
    except TooLargeError:
        limit = f"{DOCUMENT_LIMIT >> 20} MiB"
        yield skip(name, SkipReason.FILE_TOO_LARGE, f"is larger than {limit}; no article is")
    except DamagedStreamError as error:
        yield skip(name, SkipReason.DAMAGED_FILE, f"was read only up to a fault: {error}")
    except (OSError, SourceError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        yield skip(name, SkipReason.UNREADABLE, f"cannot be read: {reason}")


def _read_stream(stream: Stream, kind: Kind | None) -> Iterator[Outcome]:
    if not stream.sample.strip():
        yield skip(stream.name, SkipReason.EMPTY_FILE, "is empty")
        return
    if kind is None:
        kind = recognise(Sample(stream.name, stream.sample))
    if kind is None:
        names = ", ".join(known.name for known in KINDS)
        yield skip(
            stream.name,
            SkipReason.UNKNOWN_KIND,
            f"is of no known kind; name it with --kind ({names})",
        )
        return
    is_empty = True
    for outcome in kind.read(stream):
        is_empty = False
        yield outcome
    if is_empty:
        yield skip(stream.name, SkipReason.EMPTY_FILE, "is empty")
