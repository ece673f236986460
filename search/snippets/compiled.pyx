# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Finding matches and choosing passages for a page of results, in compiled code.

All functions have twins in Python or NumPy, named in their docstrings, that give the same and are
used where this optional module is not there. They read each letter once, where NumPy makes a dozen
arrays of them all.
"""

import numpy as np

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND
from libc.stdint cimport int64_t as i64, uint32_t as u32, uint64_t as u64, uint8_t as u8
from libc.string cimport memset

cdef extern from *:
    const unsigned int MADE_FROM_SOURCE  # by setup.py

MADE_FROM = MADE_FROM_SOURCE

ctypedef fused Code:
    unsigned char
    unsigned short
    unsigned int

cdef enum:
    NOTHING = 0
    SPACE = 32
    PACKED = 8


cdef Py_ssize_t fold(
    const Code* codes,
    Py_ssize_t size,
    const u8[::1] table,
    const u8* first,
    u8* letters,
    u32* starts,
) noexcept nogil:
    """Fold each character to a letter, and note the words that begin with one looked for."""
    cdef Py_ssize_t at, count = 0
    cdef u32 code, last = <u32>(table.shape[0] - 1)
    cdef u8 letter, before = SPACE
    for at in range(size):
        code = codes[at]
        letter = table[code if code < last else last]
        letters[at] = letter
        # Without a branch, which would be guessed wrongly at every other word.
        starts[count] = <u32>at
        count += (before == SPACE) & first[letter]
        before = letter if letter != NOTHING else before
    return count


cdef u64 first_letters(const u8* letters) noexcept nogil:
    """The first letters of a word as one number, the first of them lowest; a space is behind it."""
    cdef u64 packed = 0, letter
    cdef int shift = 0
    while letters[0] != SPACE and shift < 8 * PACKED:
        letter = letters[0]
        packed |= letter << shift
        shift += 8 if letter != NOTHING else 0
        letters += 1
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


def find_matches(
    str text not None, const u8[::1] table not None, const u64[::1] words not None
):
    """The twin of :meth:`search.snippets.matches.MatchFinder.find_matches` for words.

    Args:
        text: to search.
        table: what each character folds to; the last is for all beyond.
        words: the first letters of those looked for, ascending.

    Returns:
        Where each word begins and where it ends.
    """
    cdef Py_ssize_t size = len(text), number, count, end, found = 0
    cdef void* data = PyUnicode_DATA(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef u8[256] first
    cdef u8* letters = <u8*>PyMem_Malloc(size + 1)
    cdef u32* starts = <u32*>PyMem_Malloc((size // 2 + 2) * sizeof(u32))
    cdef i64[:, ::1] places
    try:
        if letters == NULL or starts == NULL:
            raise MemoryError
        memset(first, 0, sizeof(first))
        for number in range(words.shape[0]):
            first[words[number] & 0xFF] = 1
        first[NOTHING] = first[SPACE] = 0
        if kind == 1:
            count = fold(<const unsigned char*>data, size, table, first, letters, starts)
        elif kind == 2:
            count = fold(<const unsigned short*>data, size, table, first, letters, starts)
        else:
            count = fold(<const unsigned int*>data, size, table, first, letters, starts)
        letters[size] = SPACE
        found_places = np.empty((2, count), np.int64)
        places = found_places
        for number in range(count):
            end = starts[number]
            if among(words, first_letters(letters + end)):
                places[0, found] = end
                while letters[end] != SPACE:
                    end += 1
                places[1, found] = end
                found += 1
        return found_places[0, :found], found_places[1, :found]
    finally:
        PyMem_Free(letters)
        PyMem_Free(starts)


def numbers(
    str text not None, const i64[::1] starts not None, const i64[::1] ends not None, spellings
):
    """What a mapping has for each of some words of a text; the twin is
    ``search.snippets.highlighter._numbers``.
    """
    cdef Py_ssize_t size = starts.shape[0], number
    if ends.shape[0] != size:
        raise ValueError("beginnings and ends differ in number")
    found = np.empty(size, np.int64)
    cdef i64[::1] here = found
    for number in range(size):
        here[number] = spellings[text[starts[number]:ends[number]]]
    return found


def read_at(str text not None, list places not None, dict known not None, read, make):
    """The twin of ``search.snippets.highlighter._read_at``.

    Args:
        text: to read.
        places: where matches begin, in order.
        known: chunks that were read, and what is in each.
        read: reads another.
        make: makes an occurrence.
    """
    cdef Py_ssize_t size = len(text), end = 0, position = 0, start, stop, first, last, at
    found = []
    for start in places:
        if start < end:
            continue
        if start > size:
            raise ValueError("nothing can be read beyond the text")
        while start > end and not text[start - 1].isspace():
            start -= 1
        if start > end + 1:
            for at in range(end, start):
                if text[at].isalnum():
                    position += 1
                    break
        stop = start
        while stop < size and not text[stop].isspace():
            stop += 1
        if stop == start:
            continue
        end = stop
        chunk = text[start:stop]
        in_chunk = known.get(chunk)
        occurrences, advance = read(chunk) if in_chunk is None else in_chunk
        for first, last, at, slots, agreeing in occurrences:
            found.append(make(start + first, start + last, position + at, slots, agreeing))
        position += advance
    return found


cdef i64 count_bits(u64 word) noexcept nogil:
    """How many bits are set: a handful, of the slots of a query."""
    cdef i64 count = 0
    while word:
        word &= word - 1
        count += 1
    return count


def window_scores(
    str text not None, const i64[::1] starts not None, const i64[::1] slots not None,
    const i64[::1] agreeing not None, i64 length
):
    """The twin of :func:`search.snippets.passages.window_scores`; its arguments, and the length of a window."""
    cdef Py_ssize_t size = starts.shape[0], start, end
    cdef i64 line_end = -1, limit
    cdef u64 filled, right, pairs
    if slots.shape[0] != size or agreeing.shape[0] != size:
        raise ValueError("the matches differ in number")
    found = np.empty(size, np.int64)
    cdef i64[::1] score = found
    for start in range(size):
        if starts[start] > line_end:
            line_end = text.find("\n", starts[start])
            if line_end < 0:
                line_end = len(text)
        limit = min(starts[start] + length + 1, line_end)
        filled, right, pairs, end = slots[start], agreeing[start], 0, start + 1
        while end < size and starts[end] < limit:
            filled |= <u64>slots[end]
            right |= <u64>agreeing[end]
            pairs |= <u64>slots[end - 1] << 1 & <u64>slots[end]
            end += 1
        score[start] = (count_bits(filled) + count_bits(right)) << 20 | count_bits(pairs) << 10
        score[start] |= length - (starts[end - 1] - starts[start])
    return found
