"""What a kind of source is: a name, how it is recognised, and how it is read.

A kind reads one stream of bytes at a time and knows nothing of folders, compression or indexes. It
yields articles, and where its records are not articles themselves, parts to be read as files of
their own (an archive) or addresses to be fetched (a feed).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import NamedTuple, TypeAlias, TypeVar

from index.sources.files.decoding import looks_like_text, sample_text
from index.sources.files.stream import Stream
from index.sources.records.fields import Record
from index.sources.records.outcome import Outcome, SkipReason, skip

_SPACE = re.compile(r"[\s\ufeff]+")
_BEFORE_ROOT = (("<?", "?>"), ("<!--", "-->"))
_DOCTYPE = re.compile(r"<!DOCTYPE\s+(?!html\b)[^>\[]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_ELEMENT = re.compile(r"<((?:[\w.-]+:)?[\w.-]+|!doctype\s+html)\b", re.IGNORECASE)
_COMPRESSED_SUFFIXES = frozenset({".xz", ".gz", ".zst", ".zstd"})


def after_prolog(text: str) -> int:
    """Where the first element of a text in XML or HTML begins, or what is none.

    What may stand before it is passed over one by one: a pattern that repeats them takes time
    beyond measure on thousands that lead to nothing.
    """
    at = 0
    while True:
        if space := _SPACE.match(text, at):
            at = space.end()
        for start, end in _BEFORE_ROOT:
            if text.startswith(start, at):
                closed = text.find(end, at + len(start))
                if closed < 0:
                    return at
                at = closed + len(end)
                break
        else:
            doctype = _DOCTYPE.match(text, at)
            if doctype is None:
                return at
            at = doctype.end()


def content_suffix(name: str) -> str:
    """The suffix of a file name in lower case, as it would be without compression."""
    path = PurePath(name)
    if path.suffix.lower() in _COMPRESSED_SUFFIXES:
        path = path.with_suffix("")
    return path.suffix.lower()


class Sample:
    """What a kind may look at to recognise its files: the name, and how the content begins.

    Attributes:
        suffix: as `content_suffix` gives it (``.jsonl``).
        folders: the names of the folders that the file lies in.
        start: the first bytes, decompressed, at most `index.sources.files.stream.SAMPLE_SIZE`.
    """

    def __init__(self, name: str, start: bytes) -> None:
        self.suffix = content_suffix(name)
        self.folders = PurePath(name).parts[:-1]
        self.start = start

    @cached_property
    def is_text(self) -> bool:
        """Whether the first bytes are text of some encoding."""
        return looks_like_text(self.start)

    @cached_property
    def text(self) -> str:
        """The first bytes as text."""
        return sample_text(self.start)

    @cached_property
    def root(self) -> str:
        """The name of the first element, in lower case, if the text begins with markup; else ""."""
        match = _ELEMENT.match(self.text, after_prolog(self.text))
        return match[1].lower() if match else ""


class Part(NamedTuple):
    """A file inside a stream, to be read to its end before the next item is asked for.

    Attributes:
        name: of the whole path, as in ``bai.zip!kinh-te/gao.html``.
        blocks: its bytes.
        url: where it came from, if the stream says so; else "".
        charset: the encoding that the server said it has, or "".
        path: the file itself, where it is one of its own on the disk.
        captured: when it was taken from the web, where an archive says so: of two captures of one
            address the later is the article.
    """

    name: str
    blocks: Iterator[bytes]
    url: str = ""
    charset: str = ""
    path: Path | None = None
    captured: str = ""


class Elsewhere(NamedTuple):
    """An article that a stream tells of and does not hold.

    Attributes:
        url: where it stands.
        where: the record, for reports.
        record: what the stream says of it; what the page itself says counts more.
        modified: when it last changed, as written; "" where unknown.
    """

    url: str
    where: str
    record: Record
    modified: str = ""


Item: TypeAlias = "Outcome | Part | Elsewhere"
"""What a kind finds in a stream."""


_Given = TypeVar("_Given")


def record_by_record(
    records: Iterable[tuple[str, _Given]], read: Callable[[str, _Given], Item]
) -> Iterator[Item]:
    """What each record leads to; one on which its reader fails costs itself and no other.

    Args:
        records: where each stands, and the record as its format holds it.
        read: makes an item of both.
    """
    for where, record in records:
        try:
            item = read(where, record)
        except Exception as error:  # what a stranger wrote may make any library fail
            message = f"could not be understood ({type(error).__name__}: {error}); it was left out"
            item = skip(where, SkipReason.UNREADABLE, message)
        yield item


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source.

    Attributes:
        name: as given to ``--kind``.
        recognises: whether a file is of this kind; kinds are asked in the order of the registry.
        read: every record of a stream as an article or the reason why it is none. It may raise
            `OSError` or `SourceError` where the rest of the stream cannot be read.
        shows_all: whether an article that is no longer in such a stream is gone. A feed shows only
            the newest, so an update deletes nothing because of it.
    """

    name: str
    recognises: Callable[[Sample], bool]
    read: Callable[[Stream], Iterator[Item]]
    shows_all: bool = True
