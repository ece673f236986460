"""Waiting until files of a source change.

The system tells of changes where it can (inotify and its like); what changes while an update runs
is told after it. It knows nothing of what the files hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.sources.extras import needing

_QUIET = 400
"""Milliseconds without a change after which a burst of them (a copied folder) is taken for done."""

_LONGEST_BURST = 5_000
_STARTED_AFTER = 50


def watch_changes(paths: Sequence[Path], index_dir: Path) -> Iterator[None]:
    """Yields at once when watching has begun, then after every burst of changes.

    Args:
        paths: files and folders.
        index_dir: not watched, should it lie inside one.

    Raises:
        SourceError: the library that watches is not installed.
    """
    with needing("watchfiles", "watch"):
        from watchfiles import Change, watch

    left_out = index_dir.resolve()

    def is_a_source(_: Change, path: str) -> bool:
        return not Path(path).resolve().is_relative_to(left_out)

    bursts = watch(
        *paths,
        watch_filter=is_a_source,
        step=_QUIET,
        debounce=_LONGEST_BURST,
        rust_timeout=_STARTED_AFTER,
        yield_on_timeout=True,
    )
    next(bursts)
    yield
    for burst in bursts:
        if burst:
            yield
