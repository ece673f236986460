"""What a merge takes, and how the numbers of each source become those of the result."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.segment.file import SegmentFile


class Source(NamedTuple):
    """A segment and those of its documents that are deleted."""

    segment: SegmentFile
    deleted: NDArray[np.int64]


class Mapped(NamedTuple):
    """A source and the new numbers of what is in it.

    Attributes:
        new_doc: by old document; meaningless where not ``kept``.
        kept: which documents go on.
        fold: by old fold, ascending.
        rank: by old variant.
        first_variant: the old first variant of each old fold.
    """

    segment: SegmentFile
    new_doc: NDArray[np.uint32]
    kept: NDArray[np.bool_]
    fold: NDArray[np.int64]
    rank: NDArray[np.int64]
    first_variant: NDArray[np.int64]
