"""The directory of an index: builds side by side, and which of them is being served.

::

    DIR/builds/<id>/…     one build each: the files of its index, and manifest.json written last
    DIR/current           the id of the build being served, replaced in one step
    DIR/rebuild.lock      held by the process that is rebuilding; the system frees it if that dies
    DIR/switch.lock       held by whoever switches or removes builds, for as long as that takes
    DIR/journal.sqlite    what was put and withdrawn over HTTP (:mod:`index.storage.journal`)

An update makes a build as a rebuild does, but begins with the files of the one before, as hard
links: no file is ever changed in place, so builds may share them.

A reader that follows ``current`` never sees half a build: the name of a build gets there only after
every byte of it is on the disk. A build that failed is removed at once, one whose process was
killed by the next rebuild. This module knows nothing of articles or of Whoosh.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout

from index.analysis import FINGERPRINT
from index.errors import (
    BuildError,
    BuildLocked,
    IndexDamaged,
    IndexIncompatible,
    IndexMissing,
)
from index.storage.durable import NOT_OFFERED, link_or_copy, replace, sync
from index.storage.journal import JournalState
from index.storage.manifest import (
    MANIFEST_NAME,
    FileStamp,
    Manifest,
    build_files,
    encode_manifest,
    read_manifest,
    stamp,
)

if sys.platform != "win32":
    import fcntl

BUILDS_NAME = "builds"
CURRENT_NAME = "current"
LOCK_NAME = "rebuild.lock"
SWITCH_LOCK_NAME = "switch.lock"
UNFINISHED_NAME = "unfinished"
"""In the directory of a build until it is finished: a note on what it is made of."""

_BUILD_ID = re.compile(r"[0-9A-Za-z-]+", re.ASCII)
_ASK_AGAIN_SECONDS = 0.01
_PINNED = "pinned-"
_LOCK_SUFFIX = "LOCK"  # Whoosh's empty lock files: each build has its own


@dataclass(frozen=True, slots=True)
class Build:
    """One finished build.

    Attributes:
        id: its name, made of the time it was begun and chance.
        path: its directory, which is also that of the Whoosh index.
    """

    id: str
    path: Path
    manifest: Manifest


def is_build_id(name: str) -> bool:
    """Whether a build may be called so; what comes from outside must not lead out of the folder."""
    return _BUILD_ID.fullmatch(name) is not None


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
    if not is_build_id(build_id):
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


_verified: set[tuple[int, int, int, int, FileStamp]] = set()
"""Files found to be whole by this process: device, inode, size, moment of change, and how."""


def verify_once(build: Build) -> None:
    """See that every file of a build is what was written, unless this process has seen it.

    Builds share files by hard links, so of a build that follows another only the new ones are read.

    Raises:
        IndexDamaged: a file is missing or its checksum is wrong.
    """
    for name, expected in build.manifest.files.items():
        if name.endswith(_LOCK_SUFFIX):
            continue  # holds nothing, and is not shared
        path = build.path / name
        try:
            state = path.stat()
            seen = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, expected)
            if seen not in _verified and stamp(path) != expected:
                raise IndexDamaged(f"{path}: its checksum is wrong; rebuild the index")
        except OSError as error:
            raise IndexDamaged(f"{path}: {error.strerror}; rebuild the index") from error
        _verified.add(seen)


@contextmanager
def locked_for_rebuilding(index_dir: Path) -> Iterator[None]:
    """Make the directory if need be, and keep every other rebuild out of it.

    Raises:
        BuildLocked: another process is rebuilding this index.
        BuildError: the directory cannot be made or written.
    """
    try:
        with _locked(index_dir, LOCK_NAME, timeout=0):
            yield
    except Timeout as error:
        raise BuildLocked(
            f"{index_dir}: another rebuild is running; wait until it has finished"
        ) from error


@contextmanager
def locked_for_switching(index_dir: Path) -> Iterator[None]:
    """Wait for everybody who switches or removes builds, and keep them out.

    A rebuild holds this lock only when it switches: until then others may go on changing the build
    that is being served.

    Raises:
        BuildError: the directory cannot be made or written.
    """
    with _locked(index_dir, SWITCH_LOCK_NAME, timeout=-1):
        yield


@contextmanager
def _locked(index_dir: Path, name: str, *, timeout: float) -> Iterator[None]:
    with ExitStack() as held:
        try:
            (index_dir / BUILDS_NAME).mkdir(parents=True, exist_ok=True)
            # A marker file instead of a lock of the system's would outlive a killed process.
            lock = FileLock(index_dir / name, timeout=timeout, fallback_to_soft=False)
            lock.acquire(poll_interval=_ASK_AGAIN_SECONDS)
            held.callback(lock.release)
            # The file of a lock may be removed, and another of its name be locked; a directory not.
            directory = index_dir if name == LOCK_NAME else index_dir / BUILDS_NAME
            held.enter_context(_directory_locked(directory, timeout))
        except Timeout:
            raise
        except OSError as error:
            place = error.filename or index_dir
            raise BuildError(f"{place}: cannot hold an index: {error.strerror}") from error
        except NotImplementedError as error:
            raise BuildError(
                f"{index_dir}: its file system has no locks, so that two rebuilds could spoil each "
                "other's work; keep the index on a local disk"
            ) from error
        yield


@contextmanager
def _directory_locked(directory: Path, timeout: float) -> Iterator[None]:
    """Lock the open directory itself, where the system and its file system can."""
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if timeout < 0 else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise Timeout(str(directory)) from error
        except OSError as error:
            if error.errno not in NOT_OFFERED:
                raise
        yield
    finally:
        os.close(descriptor)


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

    The files are verified first: a wrong byte that a merge copied would get a right checksum.

    Raises:
        IndexDamaged: a file of the build is not what was written.
        OSError: the disk is full, or a file of the build is missing.
    """
    verify_once(build)
    for name in build.manifest.files:
        if not name.endswith(_LOCK_SUFFIX):
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(build.path / name, directory / name)


@contextmanager
def pinned_build(index_dir: Path) -> Iterator[Build]:
    """The build being served, whose files stay as long as they are needed, whoever removes it.

    The caller holds the lock of rebuilds.

    Raises:
        IndexOpenError: as for :func:`current_build`.
    """
    with TemporaryDirectory(prefix=_PINNED, dir=index_dir, ignore_cleanup_errors=True) as folder:
        with locked_for_switching(index_dir):
            build = current_build(index_dir)
            link_build(build, Path(folder))
        yield Build(build.id, Path(folder), build.manifest)


def finish_build(
    path: Path,
    *,
    articles: int,
    sources: Sequence[str],
    changed_since_derived: int = 0,
    image_hosts: Sequence[str] = (),
    base: Build | None = None,
    journal: JournalState | None = None,
    root: str = "",
) -> Build:
    """Force every file of a build onto the disk, then write its manifest.

    Args:
        path: the directory of the build.
        articles: how many it holds.
        sources: what it was made from.
        changed_since_derived: as in the manifest.
        image_hosts: as in the manifest.
        base: the build with whose files it began; those that are still shared are not read again.
        journal: as in the manifest.
        root: as in the manifest.
    """
    (path / UNFINISHED_NAME).unlink(missing_ok=True)
    files = {}
    for name, file in build_files(path):
        known = None
        if base is not None and not name.endswith(_LOCK_SUFFIX):
            known = base.manifest.files.get(name)
        is_shared = base is not None and known is not None and file.samefile(base.path / name)
        if known is not None and is_shared:  # and on the disk since that build was finished
            files[name] = known
        else:
            sync(file)
            files[name] = stamp(file)
    for directory in (path, *(entry for entry in path.rglob("*") if entry.is_dir())):
        sync(directory)
    manifest = Manifest(
        analysis=FINGERPRINT,
        created=datetime.now(timezone.utc),
        articles=articles,
        sources=tuple(sources),
        files=files,
        changed_since_derived=changed_since_derived,
        journal=journal,
        root=root,
        image_hosts=tuple(image_hosts),
        number=1 + max((number for number, _ in _numbered(path.parent)), default=0),
    )
    replace(path / MANIFEST_NAME, encode_manifest(manifest))
    return Build(path.name, path, manifest)


def switch_to(index_dir: Path, build: Build) -> None:
    """Serve this build from now on: readers see the old one or the new one, never neither."""
    sync(index_dir / BUILDS_NAME)
    replace(index_dir / CURRENT_NAME, f"{build.id}\n".encode())


def finished_builds(index_dir: Path) -> list[str]:
    """The ids of all finished builds, newest first."""
    return [build_id for _, build_id in sorted(_numbered(index_dir / BUILDS_NAME), reverse=True)]


def _numbered(builds: Path) -> list[tuple[int, str]]:
    """The number and id of every finished build; numbers, since a clock may have been wrong."""
    try:
        paths = [path for path in builds.iterdir() if (path / MANIFEST_NAME).is_file()]
    except OSError:
        return []
    return [(_number(path), path.name) for path in paths]


def _number(build: Path) -> int:
    try:
        return read_manifest(build).number
    except (IndexDamaged, IndexIncompatible):
        return 0


def former_build(index_dir: Path) -> Build:
    """The newest whole build that is older than the one being served.

    One of another rebuild or update, if there is one: the indexer's builds differ by seconds. Where
    the file that names the build being served does not (a power cut), the newest build.

    Raises:
        IndexMissing: there is no index, or none older.
        IndexDamaged: the file that names the build being served cannot be read.
    """
    try:
        served = current_id(index_dir)
    except IndexDamaged as error:
        if isinstance(error.__cause__, OSError):
            raise  # it may name one
        served = ""
    older = finished_builds(index_dir)
    if served in older:
        older = older[older.index(served) + 1 :]
    root = _root(index_dir, served)
    for build_id in sorted(older, key=lambda build_id: _root(index_dir, build_id) == root):
        try:
            return open_build(index_dir, build_id)
        except (IndexDamaged, IndexIncompatible):  # noqa: PERF203 - there are two at most
            continue  # nor could a server open it
    raise IndexMissing(
        f"{index_dir}: no build before {served or 'this'} can be served; nothing was changed"
    )


def clean_up(index_dir: Path, *, keep: int, working: Path | None = None) -> None:
    """Remove what killed rebuilds left, and old builds beyond the newest ``keep``.

    The build being served always stays and counts as one of them; those that the indexer made of
    one build count once. The caller holds both locks.

    Args:
        index_dir: the directory of the index.
        keep: at least 1.
        working: the directory of a build that is being made, which stays.
    """
    kept = _kept(index_dir, keep)
    for path in (index_dir / BUILDS_NAME).iterdir():
        if path.name not in kept and path != working:
            _remove(path)
    for leftover in index_dir.glob(f"{CURRENT_NAME}.*.new"):
        leftover.unlink(missing_ok=True)
    for pinned in index_dir.glob(f"{_PINNED}*"):
        shutil.rmtree(pinned, ignore_errors=True)


def retire(index_dir: Path, *, keep: int) -> None:
    """Remove finished builds as :func:`clean_up` does, and nothing that may be under way.

    The caller holds the lock for switching.
    """
    kept = _kept(index_dir, keep)
    for build_id in finished_builds(index_dir):
        if build_id not in kept:
            _remove(index_dir / BUILDS_NAME / build_id)


def _kept(index_dir: Path, keep: int) -> set[str]:
    """The build being served, the newest of each of the latest roots, and the indexer's last one.

    Readers on their second page are still shown that.
    """
    served = served_id(index_dir)
    others = [build_id for build_id in finished_builds(index_dir) if build_id != served]
    of_root: dict[str, str] = {}
    for build_id in others:
        of_root.setdefault(_root(index_dir, build_id), build_id)
    before = of_root.pop(_root(index_dir, served), "") if served and keep > 1 else ""
    latest = [*of_root.values()][: keep - 1 if served else keep]
    return {served, before, *latest}


def _root(index_dir: Path, build_id: str) -> str:
    """The build of a rebuild or an update that one of the indexer's was made of, or itself."""
    try:
        return read_manifest(index_dir / BUILDS_NAME / build_id).root or build_id
    except (IndexDamaged, IndexIncompatible):
        return build_id


def remove_build(build: Build) -> None:
    """Remove a build that is not being served. The caller holds the lock for switching."""
    _remove(build.path)


def _remove(build: Path) -> None:
    # The manifest goes first: a removal cut short leaves an unfinished build, not a damaged one.
    with suppress(OSError):
        (build / MANIFEST_NAME).unlink()
    shutil.rmtree(build, ignore_errors=True)
