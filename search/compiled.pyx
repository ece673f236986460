# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What a page of results is looked through for, in compiled code.

Both functions have twins in NumPy, named in their docstrings, that give the same and are used where
this optional module is not there. They read each letter once, where NumPy makes a dozen arrays of
them all.
"""

import numpy as np

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND
from libc.string cimport memset

ctypedef unsigned char u8
ctypedef unsigned int u32
ctypedef unsigned long long u64
ctypedef long long i64

ctypedef fused Code:
    unsigned char
    unsigned short
    unsigned int

cdef enum:
    SPACE = 32
    PACKED = 8


cdef bint fold(
    const Code* codes, Py_ssize_t size, const u8* table, u32 last, u8* letters
) noexcept nogil:
    """Fold each character to a letter; tells whether some fold to nothing."""
    cdef Py_ssize_t at, nothing = 0
    cdef u32 code
    for at in range(size):
        code = codes[at]
        letters[at] = table[code if code < last else last]
        nothing += letters[at] == 0
    return nothing > 0


cdef Py_ssize_t close_up(u8* letters, Py_ssize_t size, u32* places) noexcept nogil:
    """Leave out what folds to nothing, and write down where each letter stood; counts them."""
    cdef Py_ssize_t at, count = 0
    for at in range(size):
        letters[count] = letters[at]
        places[count] = <u32>at
        count += letters[at] != 0
    places[count] = <u32>size
    return count


cdef Py_ssize_t beginnings(
    const u8* letters, Py_ssize_t size, const u8* first, u32* starts
) noexcept nogil:
    """Where words begin with a letter that is looked for; a space is before the first letter."""
    cdef Py_ssize_t at, count = 0
    for at in range(size):
        # Without a branch, which would be guessed wrongly at every other word.
        starts[count] = <u32>at
        count += (letters[at - 1] == SPACE) & first[letters[at]]
    return count


cdef u64 first_letters(const u8* letters) noexcept nogil:
    """The first letters of a word as one number, the first of them lowest."""
    cdef u64 packed = 0, letter
    cdef Py_ssize_t at
    for at in range(PACKED):
        letter = letters[at]
        if letter == SPACE:
            break
        packed |= letter << (8 * at)
    return packed


cdef bint among(const u64[::1] words, u64 word) noexcept nogil:
    cdef Py_ssize_t low = 0, high = words.shape[0], middle
    while low < high:
        middle = (low + high) >> 1
        if words[middle] < word:
            low = middle + 1
        else:
            high = middle
    return low < words.shape[0] and words[low] == word


def sights(str text, const u8[::1] table, const u64[::1] words):
    """The twin of :meth:`search.sights.Needles.sights` for words.

    Args:
        text: to look through.
        table: what each character folds to; the last is for all beyond.
        words: the first letters of those looked for, ascending.

    Returns:
        Where each word begins and where it ends.
    """
    cdef Py_ssize_t size = len(text), number, count, end, found = 0
    cdef void* data = PyUnicode_DATA(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef u32 last = <u32>(table.shape[0] - 1)
    cdef u8[256] first
    cdef u8* room = <u8*>PyMem_Malloc(1 + size + PACKED)
    cdef u32* starts = <u32*>PyMem_Malloc(2 * (size + 1) * sizeof(u32))
    cdef u8* letters = room + 1
    cdef u32* stood = starts + size + 1
    cdef bint gaps
    cdef i64[:, ::1] places
    try:
        if room == NULL or starts == NULL:
            raise MemoryError
        memset(first, 0, sizeof(first))
        for number in range(words.shape[0]):
            first[words[number] & 0xFF] = 1
        if kind == 1:
            gaps = fold(<const unsigned char*>data, size, &table[0], last, letters)
        elif kind == 2:
            gaps = fold(<const unsigned short*>data, size, &table[0], last, letters)
        else:
            gaps = fold(<const unsigned int*>data, size, &table[0], last, letters)
        if gaps:
            size = close_up(letters, size, stood)
        room[0] = SPACE
        memset(letters + size, SPACE, PACKED)
        count = beginnings(letters, size, first, starts)
        seen = np.empty((2, count), np.int64)
        places = seen
        for number in range(count):
            if among(words, first_letters(letters + starts[number])):
                end = starts[number]
                while letters[end] != SPACE:
                    end += 1
                places[0, found] = stood[starts[number]] if gaps else starts[number]
                places[1, found] = stood[end] if gaps else end
                found += 1
        return seen[0, :found], seen[1, :found]
    finally:
        PyMem_Free(room)
        PyMem_Free(starts)


cdef i64 count_bits(u64 word) noexcept nogil:
    """How many bits are set: a handful, of the slots of a query."""
    cdef i64 count = 0
    while word:
        word &= word - 1
        count += 1
    return count


def worths(
    str text, const i64[::1] starts, const i64[::1] slots, const i64[::1] agreeing, i64 length
):
    """The twin of :func:`search.glance.worths`; its arguments, and the length of a window."""
    cdef Py_ssize_t size = starts.shape[0], start, end
    cdef i64 line_end = -1, limit
    cdef u64 own, right, pairs
    found = np.empty(size, np.int64)
    cdef i64[::1] worth = found
    for start in range(size):
        if starts[start] > line_end:
            line_end = text.find("\n", starts[start])
            if line_end < 0:
                line_end = len(text)
        limit = min(starts[start] + length + 1, line_end)
        own, right, pairs, end = slots[start], agreeing[start], 0, start + 1
        while end < size and starts[end] < limit:
            own |= <u64>slots[end]
            right |= <u64>agreeing[end]
            pairs |= <u64>slots[end - 1] << 1 & <u64>slots[end]
            end += 1
        worth[start] = (count_bits(own) + count_bits(right)) << 20 | count_bits(pairs) << 10
        worth[start] |= length - (starts[end - 1] - starts[start])
    return found
