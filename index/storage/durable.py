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

NOT_OFFERED = frozenset(
    (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOTTY, errno.EBADF)
)
"""What file systems answer that cannot do what they are asked: CIFS, sshfs, DrvFs and others."""

_NOT_OPENED = NOT_OFFERED | {errno.EACCES, errno.EPERM, errno.EISDIR}


def sync(path: Path) -> None:
    """Force a file, or the names in a directory, onto the disk.

    A file system that cannot do that for a directory keeps its names safe itself, or not at all;
    either way there is nothing more to be done, and that is no reason not to build an index.
    """
    is_folder = path.is_dir()
    if os.name == "nt" and is_folder:
        return  # Windows opens no directories; NTFS journals their names itself
    try:
        descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    except OSError as error:
        if is_folder and error.errno in _NOT_OPENED:
            return
        raise
    try:
        force(descriptor, is_folder=is_folder)
    finally:
        os.close(descriptor)


def force(descriptor: int, *, is_folder: bool = False) -> None:
    """Force what was written to an open file onto the disk.

    Raises:
        OSError: it is not there (a full or a failing disk).
    """
    try:
        os.fsync(descriptor)
    except OSError as error:
        # EBADF tells of a program's own fault, but with a directory of what cannot be done.
        if error.errno not in NOT_OFFERED or (error.errno == errno.EBADF and not is_folder):
            raise


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
    """Give a file a second name, or a copy where that cannot be, for whatever reason."""
    try:
        os.link(old, new)
    except FileExistsError:
        raise
    except OSError:  # a copy that cannot be made either says why
        shutil.copyfile(old, new)


def reserve(file: IO[bytes], size: int) -> None:
    """Make an empty file as long as it will be, zeros, with room for all of it on the disk.

    Who maps a file into memory that is merely said to be long is killed, with no word, when he
    writes and the disk is full.

    Raises:
        OSError: there is no room.
    """
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(file.fileno(), 0, size)
        except OSError as error:
            if error.errno not in NOT_OFFERED:
                raise
        else:
            return
    for first in range(0, size, len(_BLOCK)):
        file.write(_BLOCK[: size - first])
    file.flush()
