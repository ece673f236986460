"""Files that are whole or not there, also after a power cut: forcing, replacing, sharing.

It knows nothing of what the files hold.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from pathlib import Path
from typing import IO

_BLOCK = bytes(1 << 20)

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EXDEV, errno.EMLINK, errno.ENOSYS)


def sync(path: Path) -> None:
    """Force a file, or the names in a directory, onto the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no directories; NTFS journals their names itself
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, content: bytes) -> None:
    """Write a file so that it holds either the old bytes or the new, also after a power cut."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        fresh.write_bytes(content)
        sync(fresh)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync(path.parent)


def link_or_copy(old: Path, new: Path) -> None:
    """Give a file a second name, or a copy where the file system has no hard links."""
    try:
        os.link(old, new)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copyfile(old, new)


def reserve(file: IO[bytes], size: int) -> None:
    """Make an empty file as long as it will be, zeros, with room for all of it on the disk.

    Who maps a file into memory that is merely said to be long is killed, with no word, when he
    writes and the disk is full.

    Raises:
        OSError: there is no room.
    """
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    for first in range(0, size, len(_BLOCK)):
        file.write(_BLOCK[: size - first])
    file.flush()
