"""What ZIP and tar archives have in common: which members are read, and what is too much.

Nothing is ever unpacked onto the disk, so no member can land outside a folder; one whose name says
that it would is refused all the same, for whoever made it meant no good. It knows nothing of
formats.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from index.errors import RecordError
from index.sources.files.listing import is_left_out
from index.sources.files.stream import DamagedStreamError
from index.sources.records.outcome import SkipReason, skip

MOST_MEMBERS = 2_000_000
MOST_BYTES = 64 << 30
"""Of all members together: ten million articles are not as large."""

MOST_RATIO = 250
"""Of the bytes of a member to those it takes in the archive; text is seldom above 20."""

FREE_BYTES = 64 << 20
"""Bytes of a member that are read whatever its ratio."""

INSIDE = "!"
"""Stands between the name of an archive and that of a member."""


def is_unwanted(name: str) -> bool:
    """Whether a member stands beside articles and is none: hidden, a README, a resource fork."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(is_left_out(part) or part == "__MACOSX" for part in parts)


def refusal(archive: str, name: str) -> RecordError | None:
    """Why a member is not to be read, if its name leads out of the archive."""
    if not name.strip("/\\ "):
        message = "has a member without a name; it was not read"
        return skip(archive, SkipReason.UNSAFE_MEMBER, message)
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or name[1:2] == ":" or "\0" in name:
        message = "has a name that leads out of its archive; it was not read"
        return skip(f"{archive}{INSIDE}{name}", SkipReason.UNSAFE_MEMBER, message)
    return None


class Allowance:
    """How much of an archive may still be read.

    Args:
        size: bytes of the archive where it is compressed itself: all members together are bounded
            by it, for several may share the same bytes. None where compression stands around it.
    """

    def __init__(self, size: int | None = None) -> None:
        self._bytes = MOST_BYTES
        if size is not None:
            self._bytes = min(MOST_BYTES, FREE_BYTES + size * MOST_RATIO)
        self._members = MOST_MEMBERS

    def member(self) -> None:
        """Count a member.

        Raises:
            DamagedStreamError: there are too many.
        """
        self._members -= 1
        if self._members < 0:
            raise DamagedStreamError(f"it has more than {MOST_MEMBERS:,} members: it is a bomb")

    def bounded(self, blocks: Iterator[bytes], stored: int) -> Iterator[bytes]:
        """The bytes of a member.

        Args:
            blocks: as they are unpacked.
            stored: how many bytes the member takes in the archive.

        Raises:
            DamagedStreamError: with any block, where they become too many.
        """
        most = max(FREE_BYTES, stored * MOST_RATIO)
        for block in blocks:
            most -= len(block)
            self._bytes -= len(block)
            if most < 0 or self._bytes < 0:
                raise DamagedStreamError("it unpacks to more than any text does: it is a bomb")
            yield block
