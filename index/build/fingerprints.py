"""What an update compares with: of every article of a build a hash of its id and of its content.

``articles.hashes`` in a build is a file of named arrays (:mod:`index.codec.container`): ``id`` and
``content``, both u64 and of shape (articles,), sorted by ``id``. They are the first eight bytes of
BLAKE2b over the id and over the article as it is stored, so an article that comes again needs one
look-up and no decompression: comparing 100,000 articles takes half a second. A changed article is
taken for unchanged once in 2^64.

A build without the file (one that a killed rebuild left) is read article by article instead. It
knows nothing of sources.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from enum import Enum
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.codec.container import Container, ContainerWriter
from index.errors import IndexDamaged
from index.snapshot import Snapshot
from index.stored import dump_article

FINGERPRINTS_NAME = "articles.hashes"


class Meeting(Enum):
    """How an article that is read compares with the index."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Fingerprints:
    """The articles that an index has, and which of them were met again.

    Args:
        ids: hashes of ids, shape (articles,), u64, ascending.
        contents: of the same articles.
    """

    def __init__(self, ids: NDArray[np.uint64], contents: NDArray[np.uint64]) -> None:
        self._ids = array("Q", ids.tobytes())  # its items come out as ints, as bisect wants them
        self._contents = array("Q", contents.tobytes())
        self._met = bytearray(len(self._ids))
        self._dropped: set[int] = set()
        self._new_ids = array("Q")
        self._new_contents = array("Q")

    @classmethod
    def none(cls) -> Fingerprints:
        """Those of an index without articles."""
        return cls(np.zeros(0, np.uint64), np.zeros(0, np.uint64))

    @classmethod
    def of_build(cls, directory: Path) -> Fingerprints:
        """Those of a build.

        Raises:
            IndexDamaged: the build cannot be read.
        """
        path = directory / FINGERPRINTS_NAME
        if not path.exists():
            return cls.of_articles(directory)
        container = Container(path)
        ids = container.array("id").view(np.uint64)
        contents = container.array("content").view(np.uint64)
        if len(ids) != len(contents) or (ids[1:] < ids[:-1]).any():
            raise IndexDamaged(f"{path}: is not what was written; rebuild the index")
        return cls(ids, contents)

    @classmethod
    def of_articles(cls, directory: Path) -> Fingerprints:
        """Those of the stored articles of an index, each of them read."""
        fingerprints = Fingerprints.none()
        for article_id, stored in _articles(Snapshot.open(directory)):
            fingerprints._new_ids.append(_hash(article_id.encode()))
            fingerprints._new_contents.append(_hash(stored))
        return cls(*fingerprints._sorted())

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def unmet(self) -> int:
        """How many articles of the index were not met."""
        return self._met.count(0)

    def meet(self, article: Article) -> Meeting:
        """Compare an article that is read, and remember it; each id is met once."""
        identity = _hash(article.id.encode())
        content = _hash(dump_article(article))
        at = bisect_left(self._ids, identity)
        if at == len(self._ids) or self._ids[at] != identity:
            self._new_ids.append(identity)
            self._new_contents.append(content)
            return Meeting.NEW
        self._met[at] = 1
        if self._contents[at] == content:
            return Meeting.UNCHANGED
        self._contents[at] = content
        return Meeting.CHANGED

    def meet_again(self, article: Article) -> Meeting:
        """Compare a later version of an article that was met, which takes the place of it."""
        identity = _hash(article.id.encode())
        if identity not in self._new_ids:
            return self.meet(article)
        at, content = self._new_ids.index(identity), _hash(dump_article(article))
        if self._new_contents[at] == content:
            return Meeting.UNCHANGED
        self._new_contents[at] = content
        return Meeting.CHANGED

    def has(self, article_id: str) -> bool:
        """Whether the index has an article and is to keep it."""
        at = self._place(article_id)
        return at is not None and at not in self._dropped

    def drop(self, article_id: str) -> bool:
        """Forget an article that the index is to have no more; returns whether it had it."""
        at = self._place(article_id)
        if at is None or at in self._dropped:
            return False
        self._met[at] = 1
        self._dropped.add(at)
        return True

    def _place(self, article_id: str) -> int | None:
        identity = _hash(article_id.encode())
        at = bisect_left(self._ids, identity)
        return at if at < len(self._ids) and self._ids[at] == identity else None

    def unmet_ids(self, directory: Path) -> Iterator[str]:
        """The ids of the articles in ``directory`` that were not met."""
        if not self.unmet:
            return
        snapshot = Snapshot.open(directory)
        for leaf in snapshot.leaves:
            ids = leaf.segment.values(leaf.segment.layout.id)
            for doc in range(leaf.segment.doc_count):
                article_id = ids.value(doc)
                at = bisect_left(self._ids, _hash(article_id.encode()))
                is_alive = leaf.alive is None or leaf.alive[doc]
                if is_alive and at < len(self._ids) and not self._met[at]:
                    yield article_id

    def write(self, directory: Path, *, unmet: bool) -> None:
        """Write the fingerprints of the build that comes of it.

        Args:
            directory: of the new build.
            unmet: whether it holds the articles that were not met.
        """
        ids, contents = self._sorted(met_only=not unmet)
        path = directory / FINGERPRINTS_NAME
        path.unlink(missing_ok=True)  # another build may share the file
        with ContainerWriter(path) as writer:
            writer.add("id", ids)
            writer.add("content", contents)
            writer.finish({"articles": len(ids)})

    def _sorted(self, *, met_only: bool = False) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        kept = np.frombuffer(self._met, np.uint8).view(np.bool_)
        kept = kept.copy() if met_only else np.ones(len(self._ids), np.bool_)
        kept[[*self._dropped]] = False
        ids = np.concatenate([_array(self._ids)[kept], _array(self._new_ids)])
        contents = np.concatenate([_array(self._contents)[kept], _array(self._new_contents)])
        order = np.argsort(ids, kind="stable")
        return ids[order], contents[order]


def _array(values: array[int]) -> NDArray[np.uint64]:
    return np.frombuffer(values.tobytes(), np.uint64)


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def _articles(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    for leaf in snapshot.leaves:
        ids = leaf.segment.values(leaf.segment.layout.id)
        for doc in range(leaf.segment.doc_count):
            if leaf.alive is None or leaf.alive[doc]:
                yield ids.value(doc), leaf.segment.stored(doc)
