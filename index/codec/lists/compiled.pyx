# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Lists of documents in compiled code: bitsets, and gaps between ascending numbers.

Every function has a twin in NumPy that gives the same result (named in its docstring) and is used
where this optional module is not there. Whatever a file says is checked before it is a subscript: a
damaged one is an IndexError, no crash.
"""

import numpy as np

from libc.stdint cimport (
    int64_t as i64, uint16_t as u16, uint32_t as u32, uint64_t as u64, uint8_t as u8
)

cdef extern from *:
    const unsigned int MADE_FROM_SOURCE  # by setup.py

MADE_FROM = MADE_FROM_SOURCE

cdef extern from "counting.h":
    int lowest_bit(u64) nogil
    i64 count_bits(const u64*, i64) nogil

BEYOND = "documents lie beyond their array: the file is damaged"

cdef enum:
    LAST_BYTE = 255
    LAST_UNIT = 65535


def count_documents(const u64[::1] words not None):
    """How many documents a bitset has; the twin is the sum of ``bitwise_count(words)``."""
    return count_bits(&words[0], words.shape[0]) if words.shape[0] else 0


ctypedef fused document:
    u32
    i64


def list_documents(const u64[::1] words not None, document[::1] docs not None):
    """Fill ``docs``, which has room for all, with the documents of a bitset; the twin is
    ``flatnonzero(mask_of(words))``.
    """
    cdef Py_ssize_t at, count = 0
    cdef u64 word
    if docs.shape[0] < count_documents(words):
        raise IndexError("no room for all documents")
    for at in range(words.shape[0]):
        word = words[at]
        while word:
            docs[count] = <document>(at * 64 + lowest_bit(word))
            word &= word - 1
            count += 1


def contains(const u64[::1] words not None, const i64[::1] docs not None):
    """Which documents are in a bitset: u8; the twin is :func:`index.codec.lists.doclists.contains`."""
    cdef Py_ssize_t at, size = docs.shape[0]
    found = np.empty(size, np.uint8)
    cdef u8[::1] here = found
    cdef u64 doc, most = 64 * words.shape[0]
    for at in range(size):
        doc = <u64>docs[at]
        if doc >= most:
            raise IndexError("no such document")
        here[at] = words[doc >> 6] >> (doc & 63) & 1
    return found


ctypedef fused times:
    u8
    u32


def spread_bits(const u64[::1] words not None, const times[::1] tf, times[::1] dense not None):
    """Put the occurrences in the documents of a bitset where the document's number says; the twin
    is ``dense[docs] = tf``.
    """
    cdef Py_ssize_t at, doc, count = 0
    cdef u64 word
    for at in range(words.shape[0]):
        word = words[at]
        while word:
            doc = at * 64 + lowest_bit(word)
            if doc >= dense.shape[0] or count == tf.shape[0]:
                raise IndexError(BEYOND)
            dense[doc] = tf[count]
            word &= word - 1
            count += 1


def set_bits(u64[::1] words not None, const u32[::1] docs not None):
    """Add ascending documents to a bitset; the twin is :func:`index.codec.lists.doclists.bits_of`."""
    cdef Py_ssize_t at
    cdef u64 most = 64 * words.shape[0]
    for at in range(docs.shape[0]):
        if docs[at] >= most:
            raise IndexError(BEYOND)
        words[docs[at] >> 6] |= <u64>1 << (docs[at] & 63)


def decode_gaps(units):
    """Decode the gaps of one list; the twin is :func:`index.codec.lists.gaps.decode_gaps`."""
    docs = np.empty(len(units), np.uint32)
    cdef Py_ssize_t count
    if units.dtype.itemsize == 1:
        count = _decode[u8](units, docs, LAST_BYTE)
    else:
        count = _decode[u16](units, docs, LAST_UNIT)
    return docs[:count]


ctypedef fused unit:
    u8
    u16


cdef Py_ssize_t _decode(const unit[::1] units, u32[::1] docs, u32 last) except -1:
    cdef Py_ssize_t at, count = 0
    cdef u32 number = 0
    for at in range(units.shape[0]):
        number += units[at]
        if units[at] != last:
            docs[count] = number - 1
            count += 1
    return count
