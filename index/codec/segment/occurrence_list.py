"""All words of one article with their places, as one value: what a cluster keeps for scoring.

Three lengths (u32: how many words each of :data:`FIELDS` has), then one u64 for each occurrence,
ascending, all big-endian, so that bytes compare as numbers do::

    32 bits  CRC-32 of the folded term
     2 bits  the field, by its place in FIELDS
    20 bits  the position; words further on are left out
    10 bits  the low bits of the CRC-32 of the accent key

A query's words are found in it by bisection. Two terms of one hash are taken for each other: of
ten words looked for in an article of five hundred once in a million articles.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.codec.segment.streams import Text

FIELDS = ("headline", "summary", "body")
HEADER_BYTES = 4 * len(FIELDS)
POSITION_BITS, KEY_BITS = 20, 10
LAST_POSITION = (1 << POSITION_BITS) - 1
KEY_MASK = (1 << KEY_BITS) - 1


def hash_of(term: bytes) -> int:
    """The hash of a folded term; of an accent key its low :data:`KEY_BITS` are used."""
    return zlib.crc32(term)


def hashes_of(terms: Sequence[bytes]) -> NDArray[np.uint64]:
    """The same of many terms: shape (terms,)."""
    return np.fromiter(map(zlib.crc32, terms), np.uint64, len(terms))


def pack(
    texts: Sequence[Text],
    fold_hash: NDArray[np.uint64],
    key_hash: NDArray[np.uint64],
    lengths: Sequence[int],
) -> bytes:
    """The value of one article.

    Args:
        texts: of each of :data:`FIELDS`.
        fold_hash: of each key's folded term, by number of the key.
        key_hash: of each key.
        lengths: of the fields, as scoring counts them.
    """
    codes = []
    for field, (keys, positions) in enumerate(texts):
        near = positions <= LAST_POSITION
        kept, places = keys[near], positions[near].astype(np.uint64)
        codes.append(
            fold_hash[kept] << np.uint64(32)
            | np.uint64(field << 30)
            | places << np.uint64(KEY_BITS)
            | key_hash[kept] & np.uint64(KEY_MASK)
        )
    header = np.array(lengths, ">u4").tobytes()
    return header + np.sort(np.concatenate(codes)).astype(">u8").tobytes()
