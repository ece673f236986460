"""The groups of near-duplicates beside an index: one small file, made when the index is finished.

``duplicates.groups`` is a file of arrays (:mod:`index.storage.array_file`), kind "near-duplicates"
version 1: ``documents`` (u32, articles in groups: their document numbers, ascending), ``group``
(u32, the number of each one's group), ``made_for`` (u32: generation of the index, documents) and
``linked`` (u32: pairs that are alike, one after the other; files of before 2026-11-23 lack it).

Groups belong to one state of an index, since a change gives documents other numbers. They are
renewed after every change: by comparing what has changed, where that is little and the file of the
state before has its links, else by comparing all. Where they were not (an index changed by a bare
writer), there are none until they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.delta import Delta
from index.duplicates.near_duplicates import Likenesses, find_likenesses, renew_likenesses
from index.errors import IndexDamaged
from index.snapshot import Snapshot
from index.storage.array_file import ArrayFile, Kind, write_arrays

GROUPS_NAME = "duplicates.groups"
KIND = Kind("near-duplicates", 1)

ALONE = -1
"""The group of an article that is in none."""


class DuplicateGroups:
    """Which articles tell the same story in nearly the same words; safe to share between threads.

    Attributes:
        members: the documents of all groups, group by group, shape (members,).
        starts: where each group begins in ``members``, shape (groups,).
        doc_count: of the snapshot.

    Args:
        documents: those in groups, ascending.
        group: the number of each one's group, from 0 and without gaps.
        doc_count: of the snapshot.
    """

    def __init__(
        self, documents: NDArray[np.integer], group: NDArray[np.integer], doc_count: int
    ) -> None:
        order = np.argsort(group, kind="stable")
        self.members: NDArray[np.int64] = documents[order].astype(np.int64)
        self._groups: NDArray[np.int64] = group[order].astype(np.int64)
        self.starts = np.flatnonzero(np.diff(self._groups, prepend=-1))
        self.doc_count = doc_count

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def of_document(self) -> NDArray[np.int32]:
        """The group of every document, :data:`ALONE` for most: shape (documents,), read-only."""
        groups = np.full(self.doc_count, ALONE, np.int32)
        groups[self.members] = self._groups
        groups.flags.writeable = False
        return groups

    def others(self, doc: int) -> NDArray[np.int64]:
        """The other documents of a document's group, ascending; none if it is alone."""
        group = self.of_document[doc]
        first, end = np.searchsorted(self._groups, [group, group + 1])
        members = self.members[first:end]
        others: NDArray[np.int64] = members[members != doc]
        return others


_NOTHING = np.zeros(0, np.int64)
NO_GROUPS = DuplicateGroups(_NOTHING, _NOTHING, 0)
"""Where near-duplicates are not to be told."""


def write_groups(directory: Path, snapshot: Snapshot, delta: Delta | None = None) -> None:
    """Find the near-duplicates of an index and write their groups beside it.

    Args:
        directory: of the index.
        snapshot: of its state.
        delta: the change that led to this state, if the groups beside the index are those of the
            state before.
    """
    former = None if delta is None or not delta.is_small else _read(directory, delta.before)
    if delta is None or former is None:
        likenesses = find_likenesses(snapshot)
    else:
        likenesses = renew_likenesses(delta, former)
    documents = np.array([doc for group in likenesses.groups for doc in group], np.int64)
    numbers = np.repeat(np.arange(len(likenesses.groups)), _sizes(likenesses.groups))
    order = np.argsort(documents)
    write_arrays(
        directory / GROUPS_NAME,
        KIND,
        {
            "made_for": np.array([snapshot.generation, snapshot.doc_count_all], np.uint32),
            "documents": documents[order].astype(np.uint32),
            "group": numbers[order].astype(np.uint32),
            "linked": np.array(likenesses.links, np.uint32).ravel(),
        },
    )


def _read(directory: Path, snapshot: Snapshot) -> Likenesses | None:
    """What was found alike in a state of an index, if the file tells it."""
    groups = open_groups(directory, snapshot)
    if groups is NO_GROUPS:
        return None
    try:
        linked = ArrayFile(directory / GROUPS_NAME, KIND).array("linked")
    except KeyError:
        return None
    links = [(doc, other) for doc, other in linked.astype(np.int64).reshape(-1, 2).tolist()]
    ends = [*groups.starts[1:].tolist(), len(groups.members)]
    bounds = zip(groups.starts.tolist(), ends, strict=True) if len(groups) else ()
    return Likenesses(links, [groups.members[first:end].tolist() for first, end in bounds])


def _sizes(groups: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    return np.fromiter(map(len, groups), np.int64, len(groups))


def open_groups(directory: Path, snapshot: Snapshot) -> DuplicateGroups:
    """The groups of the index in ``directory``; none if they were made for another state of it.

    Raises:
        IndexDamaged: the file is none.
    """
    try:
        file = ArrayFile(directory / GROUPS_NAME, KIND)
    except FileNotFoundError:
        return NO_GROUPS
    except ValueError as error:  # its message says what to do
        raise IndexDamaged(str(error)) from error
    if file.array("made_for").tolist() != [snapshot.generation, snapshot.doc_count_all]:
        return NO_GROUPS
    return DuplicateGroups(
        file.array("documents").astype(np.int64),
        file.array("group").astype(np.int64),
        snapshot.doc_count_all,
    )
