"""From the journal into the index: a new build that has what the one before lacks of it.

A build is made of hard links to the files of the one before, as an update makes it, and says in its
manifest how much of the journal it has: so whoever is killed on the way leaves nothing half done,
and nothing is applied twice.

What is derived from all articles is carried on, or made anew where the index is so small that
nobody need wait for it. In a larger one that is done beside it (:mod:`.derivation`) and handed in.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from index.build.bulk import write_index
from index.build.derived.from_index import adopt, derive, renew
from index.build.fingerprints import Fingerprints, Meeting
from index.build.image_hosts import ImageHosts
from index.build.writing.writer import IndexWriter
from index.errors import IndexMissing
from index.storage.builds import (
    Build,
    current_build,
    finish_build,
    former_build,
    link_build,
    locked_for_switching,
    retire,
    switch_to,
    unfinished_build,
)
from index.storage.disk_space import require_room, trouble_told
from index.storage.journal import Change, Journal, Pending
from index.stored import load_article

SOURCE_NAME = "journal"
"""Stands among the sources of an index that was begun with the journal."""

DERIVE_SHARE = 0.1
"""Of the articles that may change before what is derived from all of them is made anew."""

DERIVED_AT_ONCE = 2_000
"""Articles of an index up to which deriving takes no longer than applying does."""

_ROOM_FOR_ONE = 20_000
"""Bytes that a change may need on the disk, with the merge of its segment and what is derived."""


class Derived(NamedTuple):
    """What was derived, beside an index that is being changed, from all articles of one build.

    Attributes:
        directory: where it is, with the index of that build.
        changed: what the manifest of that build said of changes since it was derived.
    """

    directory: Path
    changed: int


def apply_journal(index_dir: Path, *, keep: int, derived: Derived | None = None) -> Build | None:
    """Serve everything that the journal of an index has; returns the new build, if there is one.

    Args:
        index_dir: where there may be no build yet.
        keep: builds to keep.
        derived: what to put in place of what was derived earlier.

    Raises:
        JournalError: the journal cannot be used.
        BuildError: the build could not be written; the old one goes on being served.
        IndexOpenError: the build being served is none that this program can change.
    """
    journal = Journal(index_dir)
    started = time.monotonic()
    with trouble_told(index_dir), locked_for_switching(index_dir):
        base = _served(index_dir)
        pending = journal.pending(base.manifest.journal if base else None)
        build = None
        if base is not None and (pending or derived):
            build = with_changes(index_dir, base, pending, derived)
        elif base is None and pending and any(change.content for change in pending.changes):
            build = _first_build(index_dir, pending)
        if build is not None:
            switch_to(index_dir, build)
            retire(index_dir, keep=keep)
    served = build or base
    state = pending.state if pending else served.manifest.journal if served else None
    if state is not None:
        rate = len(pending.changes) / (time.monotonic() - started) if pending else 0.0
        journal.applied(state, served.id if served else "", rate)
    return build


def with_changes(
    index_dir: Path, base: Build, pending: Pending | None, derived: Derived | None = None
) -> Build:
    """A build that has what another has and what it lacks of the journal; hold the lock."""
    changes = pending.changes if pending else []
    require_room(index_dir, len(changes) * _ROOM_FOR_ONE)
    with unfinished_build(index_dir) as directory:
        link_build(base, directory)
        articles, changed = base.manifest.articles, 0
        known = Fingerprints.of_build(base.path)
        differing = [change for change in changes if _differs(change, known)]
        if differing:
            articles, changed = _change(directory, differing), len(differing)
            known.write(directory, unmet=True)
        changed += base.manifest.changed_since_derived - (derived.changed if derived else 0)
        if derived is not None:
            adopt(directory, derived.directory)
        if articles <= DERIVED_AT_ONCE and changed > articles * DERIVE_SHARE:
            derive(directory)
            changed = 0
        elif derived is not None or differing:
            renew(
                directory,
                base.path,
                derived.directory if derived else None,
                carries_any=articles > DERIVED_AT_ONCE,
            )
        return finish_build(
            directory,
            articles=articles,
            sources=base.manifest.sources,
            base=base,
            changed_since_derived=changed,
            image_hosts=_image_hosts(differing, base.manifest.image_hosts),
            journal=pending.state if pending else base.manifest.journal,
            root=base.manifest.root or base.id,
        )


def serve_former(index_dir: Path) -> Build:
    """Serve the build before the one being served, with everything that the journal has.

    Raises:
        IndexMissing: there is none.
        BuildError, JournalError: as for :func:`apply_journal`.
    """
    with trouble_told(index_dir), locked_for_switching(index_dir):
        former = former_build(index_dir)
        pending = Journal(index_dir).pending(former.manifest.journal)
        build = with_changes(index_dir, former, pending) if pending else former
        switch_to(index_dir, build)
    return build


def _served(index_dir: Path) -> Build | None:
    try:
        return current_build(index_dir)
    except IndexMissing:
        return None


def _first_build(index_dir: Path, pending: Pending) -> Build:
    known = Fingerprints.none()
    articles = [load_article(change.content) for change in pending.changes if change.content]
    for article in articles:
        known.meet(article)
    with unfinished_build(index_dir) as directory:
        counts = write_index(directory, articles)
        known.write(directory, unmet=False)
        return finish_build(
            directory,
            articles=counts.articles,
            sources=[SOURCE_NAME],
            image_hosts=_image_hosts(pending.changes),
            journal=pending.state,
        )


def _image_hosts(changes: Iterable[Change], known: Iterable[str] = ()) -> tuple[str, ...]:
    """Where the pictures of articles are that were put, and of those that were there."""
    hosts = ImageHosts()
    hosts.add_known(known)
    for change in changes:
        if change.content is not None:
            hosts.add(load_article(change.content).image)
    return hosts.most_named()


def _differs(change: Change, known: Fingerprints) -> bool:
    """Whether the index says otherwise; from now on it is known to say this."""
    if change.content is None:
        return known.drop(change.id)
    return known.meet(load_article(change.content)) is not Meeting.UNCHANGED


def _change(directory: Path, changes: list[Change]) -> int:
    """Change the index in a directory; returns how many articles it has then."""
    with IndexWriter(directory) as writer:
        for change in changes:
            if change.content is None:
                writer.delete(change.id)
            else:
                writer.add(load_article(change.content))
        return writer.commit()
