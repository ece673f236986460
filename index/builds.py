"""The directory of an index: builds side by side, and which of them is being served.

::

    DIR/builds/<id>/…     one build each: the files of its index, and manifest.json written last
    DIR/current           the id of the build being served, replaced in one step
    DIR/rebuild.lock      held by the process that is rebuilding; the system frees it if that dies

A reader that follows ``current`` never sees half a build: the name of a build gets there only after
every byte of it is on the disk. A build that failed is removed at once, one whose process was
killed by the next rebuild. This module knows nothing of articles or of Whoosh.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from filelock import FileLock, Timeout

from index.analysis import FINGERPRINT
from index.errors import (
    BuildError,
    BuildLocked,
    IndexDamaged,
    IndexIncompatible,
    IndexMissing,
)
from index.manifest import (
    MANIFEST_NAME,
    Manifest,
    build_files,
    encode_manifest,
    read_manifest,
    stamp,
)

BUILDS_NAME = "builds"
CURRENT_NAME = "current"
LOCK_NAME = "rebuild.lock"


@dataclass(frozen=True, slots=True)
class Build:
    """One finished build.

    Attributes:
        id: its name; ids sort by the time they were begun.
        path: its directory, which is also that of the Whoosh index.
    """

    id: str
    path: Path
    manifest: Manifest


def current_id(index_dir: Path) -> str:
    """The id of the build being served; one small read, so it may be asked often.

    Raises:
        IndexMissing: no build was ever finished here.
    """
    try:
        build_id = (index_dir / CURRENT_NAME).read_text("utf-8").strip()
    except FileNotFoundError as error:
        raise IndexMissing(
            f"{index_dir}: there is no index here; make one with scripts/rebuild_index.py"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise IndexDamaged(
            f"{index_dir / CURRENT_NAME}: cannot be read ({reason}); see to its permissions, or "
            "rebuild the index"
        ) from error
    if not build_id or Path(build_id).name != build_id or build_id == "..":
        raise IndexDamaged(f"{index_dir / CURRENT_NAME}: names no build; rebuild the index")
    return build_id


def served_id(index_dir: Path) -> str:
    """The id of the build being served, or "" where there is none to be found."""
    try:
        return current_id(index_dir)
    except (IndexMissing, IndexDamaged):
        return ""


def current_build(index_dir: Path) -> Build:
    """The build being served, its manifest read, every file of it present and of the right size.

    Raises:
        IndexMissing: no build was ever finished here.
        IndexDamaged: a file is missing or was cut short.
        IndexIncompatible: it was made by another format version or another text analysis.
    """
    build_id = current_id(index_dir)
    try:
        return open_build(index_dir, build_id)
    except IndexDamaged:
        # A rebuild may have switched, and removed this build, since its name was read.
        newer_id = current_id(index_dir)
        if newer_id == build_id:
            raise
        return open_build(index_dir, newer_id)


def open_build(index_dir: Path, build_id: str) -> Build:
    """One build by its id, checked as :func:`current_build` says; raises the same errors."""
    path = index_dir / BUILDS_NAME / build_id
    manifest = read_manifest(path)
    if manifest.analysis != FINGERPRINT:
        raise IndexIncompatible(
            f"{path}: its terms were made by text analysis {manifest.analysis}, this program has "
            f"{FINGERPRINT}; rebuild the index"
        )
    for name, expected in manifest.files.items():
        try:
            size = (path / name).stat().st_size
        except OSError as error:
            raise IndexDamaged(f"{path / name}: {error.strerror}; rebuild the index") from error
        if size != expected.bytes:
            raise IndexDamaged(
                f"{path / name}: {size} bytes, should be {expected.bytes}; rebuild the index"
            )
    return Build(build_id, path, manifest)


def verify_checksums(build: Build) -> None:
    """Read every byte of a build and compare it with the manifest.

    Raises:
        IndexDamaged: a file is missing or its checksum is wrong.
    """
    for name, expected in build.manifest.files.items():
        path = build.path / name
        try:
            found = stamp(path)
        except OSError as error:
            raise IndexDamaged(f"{path}: {error.strerror}; rebuild the index") from error
        if found != expected:
            raise IndexDamaged(f"{path}: its checksum is wrong; rebuild the index")


@contextmanager
def locked_for_rebuilding(index_dir: Path) -> Iterator[None]:
    """Make the directory if need be, and keep every other rebuild out of it.

    Raises:
        BuildLocked: another process is rebuilding this index.
        BuildError: the directory cannot be made or written.
    """
    try:
        (index_dir / BUILDS_NAME).mkdir(parents=True, exist_ok=True)
        # A marker file instead of a lock of the system's would outlive a killed process.
        lock = FileLock(index_dir / LOCK_NAME, timeout=0, fallback_to_soft=False)
        lock.acquire()
    except Timeout as error:
        raise BuildLocked(
            f"{index_dir}: another rebuild is running; wait until it has finished"
        ) from error
    except OSError as error:
        place = error.filename or index_dir
        raise BuildError(f"{place}: cannot hold an index: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def unfinished_build(index_dir: Path) -> Iterator[Path]:
    """A fresh empty directory for a build; removed again if the body of the ``with`` raises.

    The caller holds the lock, and calls :func:`finish_build` inside the body. A build that has been
    switched to by then stays, since Ctrl-C may come in the moment after that.
    """
    began = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    path = index_dir / BUILDS_NAME / f"{began}-{secrets.token_hex(4)}"
    path.mkdir()
    try:
        yield path
    except BaseException:
        if served_id(index_dir) != path.name:
            shutil.rmtree(path, ignore_errors=True)
        raise


def finish_build(path: Path, *, articles: int, sources: Sequence[str]) -> Build:
    """Force every file of a build onto the disk, then write its manifest."""
    files = {}
    for name, file in build_files(path):
        _sync(file)
        files[name] = stamp(file)
    for directory in (path, *(entry for entry in path.rglob("*") if entry.is_dir())):
        _sync(directory)
    manifest = Manifest(
        analysis=FINGERPRINT,
        created=datetime.now(timezone.utc),
        articles=articles,
        sources=tuple(sources),
        files=files,
    )
    _replace(path / MANIFEST_NAME, encode_manifest(manifest))
    return Build(path.name, path, manifest)


def switch_to(index_dir: Path, build: Build) -> None:
    """Serve this build from now on: readers see the old one or the new one, never neither."""
    _sync(index_dir / BUILDS_NAME)
    _replace(index_dir / CURRENT_NAME, f"{build.id}\n".encode())


def clean_up(index_dir: Path, *, keep: int) -> None:
    """Remove what killed rebuilds left, and old builds beyond the newest ``keep``.

    The build being served always stays and counts as one of them. The caller holds the lock.

    Args:
        index_dir: the directory of the index.
        keep: at least 1.
    """
    served = served_id(index_dir)
    kept = 1 if served else 0
    for path in sorted((index_dir / BUILDS_NAME).iterdir(), reverse=True):
        if path.name == served:
            continue
        if (path / MANIFEST_NAME).is_file() and kept < keep:
            kept += 1
            continue
        _remove(path)
    for leftover in index_dir.glob(f"{CURRENT_NAME}.*.new"):
        leftover.unlink(missing_ok=True)


def _remove(build: Path) -> None:
    # The manifest goes first: a removal cut short leaves an unfinished build, not a damaged one.
    with suppress(OSError):
        (build / MANIFEST_NAME).unlink()
    shutil.rmtree(build, ignore_errors=True)


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that it holds either the old bytes or the new, also after a power cut."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        fresh.write_bytes(content)
        _sync(fresh)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Force a file, or the names in a directory, onto the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no directories; NTFS journals their names itself
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
