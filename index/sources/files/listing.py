"""Which files a source consists of: itself, or all files below a folder, in a fixed order.

Left out without a word are hidden files and folders, and README and LICENSE files, which stand
beside articles but are none. Links are followed, but no file or folder is read twice and a loop is
reported and not followed. It knows nothing of what the files hold.
"""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

from index.errors import RecordError
from index.sources.records.outcome import SkipReason, skip

_NOT_ARTICLES = ("readme", "license", "licence", "copying", "changelog", "contributing")


class SourceFile(NamedTuple):
    """A file to read; ``size`` in bytes, 0 for a pipe."""

    path: Path
    size: int


_Identity: TypeAlias = tuple[int, int]


def find_files(sources: Sequence[Path]) -> Iterator[SourceFile | RecordError]:
    """Every file of the sources, each once."""
    walk = FileWalk()
    for source in sources:
        yield from walk.files(source)


class FileWalk:
    """Walks folders and remembers what it has met.

    Args:
        left_out: folders that are not entered, should they lie inside a source.
    """

    def __init__(self, left_out: Iterable[Path] = ()) -> None:
        self._met: set[_Identity] = set()
        for folder in left_out:
            with suppress(OSError):
                status = folder.stat()
                self._met.add((status.st_dev, status.st_ino))

    def files(self, source: Path) -> Iterator[SourceFile | RecordError]:
        """Every file of a source that was not met before, folders in the order of their names."""
        any_found, met_before = False, len(self._met)
        for item in self._below(source):
            any_found = True
            yield item
        if not any_found and len(self._met) > met_before:
            yield skip(str(source), SkipReason.NO_FILES, "holds no file that could be read")

    def _below(self, source: Path) -> Iterator[SourceFile | RecordError]:
        pending: list[tuple[Path, tuple[_Identity, ...]]] = [(source, ())]
        while pending:
            path, ancestors = pending.pop()
            try:
                status = path.stat()
                identity = (status.st_dev, status.st_ino)
                if identity in ancestors:
                    yield skip(str(path), SkipReason.LINK_LOOP, "leads back to a folder above it")
                    continue
                if identity in self._met:
                    continue
                self._met.add(identity)
                if stat.S_ISDIR(status.st_mode):
                    children = sorted(path.iterdir(), key=lambda child: child.name, reverse=True)
                    pending += [
                        (child, (*ancestors, identity))
                        for child in children
                        if not is_left_out(child.name)
                    ]
                elif stat.S_ISREG(status.st_mode):
                    yield SourceFile(path, status.st_size)
                elif path == source:
                    yield SourceFile(path, 0)  # a pipe named by a person, not met in a folder
            except OSError as error:
                yield _unreadable(path, error)


def is_left_out(name: str) -> bool:
    """Whether a file or folder of that name stands beside articles and is none."""
    return name.startswith(".") or name.partition(".")[0].lower() in _NOT_ARTICLES


def _unreadable(path: Path, error: OSError) -> RecordError:
    if error.errno == errno.ELOOP:
        return skip(str(path), SkipReason.LINK_LOOP, "is a link that leads back to itself")
    # The errno first: a link cannot be told from a file where a folder or a name is no good.
    if error.errno == errno.ENOENT and path.is_symlink():
        return skip(str(path), SkipReason.UNREADABLE, "is a link to nothing")
    return skip(str(path), SkipReason.UNREADABLE, f"cannot be read: {error.strerror}")
