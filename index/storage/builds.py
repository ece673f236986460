"""The directory of an index: builds side by side, and which of them is being served.

::

    DIR/builds/<id>/…     one build each: the files of its index, and manifest.json written last
    DIR/current           the id of the build being served, replaced in one step
    DIR/rebuild.lock      held by the process that is rebuilding; the system frees it if that dies

An update makes a build as a rebuild does, but begins with the files of the one before, as hard
links: no file is ever changed in place, so builds may share them.

A reader that follows ``current`` never sees half a build: the name of a build gets there only after
every byte of it is on the disk. A build that failed is removed at once, one whose process was
killed by the next rebuild. This module knows nothing of articles or of Whoosh.
"""

from __future__ import annotations

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
from index.storage.durable import link_or_copy, replace, sync
from index.storage.manifest import (
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
UNFINISHED_NAME = "unfinished"
"""In the directory of a build until it is finished: a note on what it is made of."""


_LOCK_SUFFIX = "LOCK"  # Whoosh's empty lock files: each build has its own


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


def index_of_build(build_dir: Path) -> Path:
    """The directory of the index that a build's own directory belongs to."""
    return build_dir.parents[1]


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
            actual = stamp(path)
        except OSError as error:
            raise IndexDamaged(f"{path}: {error.strerror}; rebuild the index") from error
        if actual != expected:
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
def unfinished_build(index_dir: Path, note: bytes = b"") -> Iterator[Path]:
    """A fresh directory for a build, empty but for a note; removed again if the body raises.

    The caller holds the lock, and calls :func:`finish_build` inside the body. A build that has been
    switched to by then stays, since Ctrl-C may come in the moment after that.
    """
    now = datetime.now(timezone.utc)
    # Microseconds first, so that builds of one second sort by time too.
    tail = f"{now.microsecond:05x}{secrets.token_hex(2)[:3]}"
    path = index_dir / BUILDS_NAME / f"{now:%Y%m%dT%H%M%SZ}-{tail}"
    path.mkdir()
    try:
        (path / UNFINISHED_NAME).write_bytes(note)
        yield path
    except BaseException:
        if served_id(index_dir) != path.name:
            shutil.rmtree(path, ignore_errors=True)
        raise


def leftovers(index_dir: Path) -> list[Path]:
    """The directories that killed rebuilds and updates left, newest first. Hold the lock."""
    paths = (index_dir / BUILDS_NAME).iterdir()
    return sorted((path for path in paths if (path / UNFINISHED_NAME).is_file()), reverse=True)


def link_build(build: Build, directory: Path) -> None:
    """Begin a build with the files of another; both share them until one is removed.

    Raises:
        OSError: the disk is full, or a file of the build is missing.
    """
    for name in build.manifest.files:
        if not name.endswith(_LOCK_SUFFIX):
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(build.path / name, directory / name)


def finish_build(
    path: Path,
    *,
    articles: int,
    sources: Sequence[str],
    changed_since_derived: int = 0,
    image_hosts: Sequence[str] = (),
    base: Build | None = None,
) -> Build:
    """Force every file of a build onto the disk, then write its manifest.

    Args:
        path: the directory of the build.
        articles: how many it holds.
        sources: what it was made from.
        changed_since_derived: as in the manifest.
        image_hosts: as in the manifest.
        base: the build with whose files it began; those that are still shared are not read again.
    """
    (path / UNFINISHED_NAME).unlink(missing_ok=True)
    files = {}
    for name, file in build_files(path):
        sync(file)
        known = base.manifest.files.get(name) if base is not None else None
        is_shared = base is not None and known is not None and file.samefile(base.path / name)
        files[name] = known if known is not None and is_shared else stamp(file)
    for directory in (path, *(entry for entry in path.rglob("*") if entry.is_dir())):
        sync(directory)
    manifest = Manifest(
        analysis=FINGERPRINT,
        created=datetime.now(timezone.utc),
        articles=articles,
        sources=tuple(sources),
        files=files,
        changed_since_derived=changed_since_derived,
        image_hosts=tuple(image_hosts),
    )
    replace(path / MANIFEST_NAME, encode_manifest(manifest))
    return Build(path.name, path, manifest)


def switch_to(index_dir: Path, build: Build) -> None:
    """Serve this build from now on: readers see the old one or the new one, never neither."""
    sync(index_dir / BUILDS_NAME)
    replace(index_dir / CURRENT_NAME, f"{build.id}\n".encode())


def finished_builds(index_dir: Path) -> list[str]:
    """The ids of all finished builds, newest first."""
    try:
        paths = list((index_dir / BUILDS_NAME).iterdir())
    except OSError:
        return []
    return sorted((path.name for path in paths if (path / MANIFEST_NAME).is_file()), reverse=True)


def roll_back(index_dir: Path) -> Build:
    """Serve the newest whole build that is older than the one being served.

    The build left stays on the disk until a rebuild removes it. The caller holds the lock.

    Raises:
        IndexMissing: there is no index, or none older.
    """
    served = current_id(index_dir)
    for build_id in finished_builds(index_dir):
        if build_id < served:
            try:
                build = open_build(index_dir, build_id)
            except (IndexDamaged, IndexIncompatible):
                continue  # nor could a server open it
            switch_to(index_dir, build)
            return build
    raise IndexMissing(f"{index_dir}: no build before {served} can be served; nothing was changed")


def clean_up(index_dir: Path, *, keep: int, working: Path | None = None) -> None:
    """Remove what killed rebuilds left, and old builds beyond the newest ``keep``.

    The build being served always stays and counts as one of them. The caller holds the lock.

    Args:
        index_dir: the directory of the index.
        keep: at least 1.
        working: the directory of a build that is being made, which stays.
    """
    served = served_id(index_dir)
    kept = 1 if served else 0
    for path in sorted((index_dir / BUILDS_NAME).iterdir(), reverse=True):
        if path.name == served or path == working:
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
