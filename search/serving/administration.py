"""The builds of an index directory for who looks after them: which there are, and the one before.

Like :mod:`search.serving.publishing` it hands on what the write side has, for servers, and is
imported by nothing that only searches.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from index.build.publishing.applying import serve_former
from index.build.publishing.indexer import LOCK_NAME as INDEXER_LOCK
from index.errors import IndexingError
from index.storage.builds import (
    current_build,
    finished_builds,
    open_build,
    served_id,
    verify_checksums,
)

__all__ = [
    "BuildFacts",
    "IndexingError",
    "builds",
    "free_bytes",
    "indexer_runs",
    "roll_back",
    "verify",
]

_BEGUN = "%Y%m%dT%H%M%SZ"


class BuildFacts(NamedTuple):
    """A finished build.

    Attributes:
        begun: None where its name does not tell.
        articles: how many it holds; None where it cannot be opened, for the reason in ``trouble``.
        bytes: of its files, some of which others may share.
    """

    id: str
    served: bool
    begun: datetime | None = None
    finished: datetime | None = None
    articles: int | None = None
    bytes: int = 0
    sources: tuple[str, ...] = ()
    trouble: str = ""


def builds(index_dir: Path) -> tuple[BuildFacts, ...]:
    """All finished builds, the newest first; none where the index is in a cluster."""
    served = served_id(index_dir)
    return tuple(_facts(index_dir, name, served) for name in finished_builds(index_dir))


def _facts(index_dir: Path, name: str, served: str) -> BuildFacts:
    begun = None
    with suppress(ValueError):
        begun = datetime.strptime(name.partition("-")[0], _BEGUN).replace(tzinfo=timezone.utc)
    try:
        manifest = open_build(index_dir, name).manifest
    except IndexingError as error:
        return BuildFacts(name, name == served, begun, trouble=str(error))
    return BuildFacts(
        name,
        name == served,
        begun,
        manifest.created,
        manifest.articles,
        sum(file.bytes for file in manifest.files.values()),
        manifest.sources,
    )


def roll_back(index_dir: Path) -> str:
    """Serve the build before the one being served; returns its id.

    Raises:
        IndexingError: there is none, or it cannot be served.
    """
    return serve_former(index_dir).id


def verify(index_dir: Path) -> int:
    """Read every byte of the build being served; returns how many articles it holds.

    Raises:
        IndexingError: a byte is not what was written.
    """
    build = current_build(index_dir)
    verify_checksums(build)
    return build.manifest.articles


def free_bytes(index_dir: Path) -> int:
    """Room on the disk of an index.

    Raises:
        OSError: it cannot be asked.
    """
    return shutil.disk_usage(index_dir).free


def indexer_runs(index_dir: Path) -> bool:
    """Whether some process indexes what is written."""
    try:
        with FileLock(index_dir / INDEXER_LOCK, timeout=0, fallback_to_soft=False):
            return False
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False
