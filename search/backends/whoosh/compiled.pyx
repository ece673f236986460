# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Which articles are about a query: its units side by side, and near each other (optional, Cython).

The twin in NumPy, which gives the same result and is used where this module is not there, is
:func:`search.backends.whoosh.about._near`.
"""

import numpy as np

from libc.stdint cimport int64_t as i64
from libc.stdlib cimport free, qsort, realloc

cdef extern from *:
    const unsigned int MADE_FROM_SOURCE  # by setup.py

MADE_FROM = MADE_FROM_SOURCE

cdef enum:
    SPELLING_BITS = 8


cdef struct Ends:
    i64* codes
    Py_ssize_t size
    Py_ssize_t room


cdef int add(Ends* ends, i64 code) except -1 nogil:
    cdef Py_ssize_t room
    cdef void* larger
    if ends.size == ends.room:
        room = 2 * ends.room + 64
        larger = realloc(ends.codes, room * sizeof(i64))
        if larger == NULL:
            with gil:
                raise MemoryError
        ends.codes, ends.room = <i64*>larger, room
    ends.codes[ends.size] = code
    ends.size += 1
    return 0


cdef int compare(const void* one, const void* other) noexcept nogil:
    cdef i64 first = (<const i64*>one)[0], second = (<const i64*>other)[0]
    return (first > second) - (first < second)


cdef class Field:
    """What one field has of a query's folds, walked through from the first document to the last.

    Args:
        places: the arrays of :class:`index.codec.channel.channel.ManyPlaces`.
        folds: how many folds they are of.
        size: how many documents.
    """

    cdef const i64[::1] cells, counts, positions, ranks
    cdef i64[:, ::1] cursors
    cdef Py_ssize_t folds, size

    def __init__(self, places, Py_ssize_t folds, Py_ssize_t size):
        cdef Py_ssize_t fold = 0, cell
        cdef i64 place = 0
        self.cells, self.counts, self.positions, self.ranks = places
        self.folds, self.size = folds, size
        # Of each fold: its next cell, the end of its cells, its next place, where its places in the
        # document gone to begin, and how many these are.
        self.cursors = np.zeros((5, folds + 1), np.int64)
        for cell in range(self.cells.shape[0] + 1):
            while fold < folds and (
                cell == self.cells.shape[0] or self.cells[cell] >= (fold + 1) * size
            ):
                self.cursors[1, fold] = cell
                fold += 1
                self.cursors[0, fold], self.cursors[2, fold] = cell, place
            if cell < self.cells.shape[0]:
                place += self.counts[cell]

    cdef void go_to(self, Py_ssize_t row) noexcept nogil:
        """Find where each fold stands in a document; called once for each, in their order."""
        cdef Py_ssize_t fold
        cdef i64 cell
        for fold in range(self.folds):
            cell = self.cursors[0, fold]
            self.cursors[3, fold] = self.cursors[2, fold]
            self.cursors[4, fold] = 0
            if cell < self.cursors[1, fold] and self.cells[cell] == fold * self.size + row:
                self.cursors[4, fold] = self.counts[cell]
                self.cursors[2, fold] += self.counts[cell]
                self.cursors[0, fold] = cell + 1


cdef int find(
    Field field, const i64* folds, const i64* wanted, Py_ssize_t length, i64 spelling, Ends* ends,
    bint all_of_them
) except -1 nogil:
    """Where a spelling of a unit stands in the document gone to: add ``end << 8 | spelling`` for each.

    Args:
        wanted: the rank of the accent key of each fold, -1 for any.
        all_of_them: or only the first.
    """
    cdef Py_ssize_t at, at_step, further, step
    cdef Py_ssize_t[16] cursor
    cdef i64 position
    cdef bint here
    for step in range(length):
        if not field.cursors[4, folds[step]]:
            return 0
        cursor[step] = field.cursors[3, folds[step]]
    for at in range(cursor[0], cursor[0] + field.cursors[4, folds[0]]):
        if wanted[0] >= 0 and field.ranks[at] != wanted[0]:
            continue
        position = field.positions[at]
        here = True
        for step in range(1, length):
            further = field.cursors[3, folds[step]] + field.cursors[4, folds[step]]
            while cursor[step] < further and field.positions[cursor[step]] < position + step:
                cursor[step] += 1
            if cursor[step] == further:
                return 0
            # Several spellings may stand at one place.
            here = False
            at_step = cursor[step]
            while at_step < further and field.positions[at_step] == position + step:
                if wanted[step] < 0 or field.ranks[at_step] == wanted[step]:
                    here = True
                    break
                at_step += 1
            if not here:
                break
        if here:
            add(ends, (position + length - 1) << SPELLING_BITS | spelling)
            if not all_of_them:
                return 0
    return 0


def about(
    scanners, const i64[::1] all_folds not None, spelled, int units,
    const i64[::1] docs not None, i64 window
):
    """Which documents have all units in one passage.

    Args:
        scanners: of headline, summary and body, each a
            :class:`index.codec.channel.compiled.Scanner`.
        all_folds: the folds of all units, each once.
        spelled: of all spellings, one after the other: the unit it is of, its length, and for each
            of its syllables the place of the fold in ``all_folds`` and the rank of the accent key
            wanted, or -1 for any: four arrays, i64. At most 64 units and
            256 spellings of at most 16 syllables.
        units: how many there are.
        docs: the documents, ascending.
        window: units less than this far apart, from the first of one to the last of another, are in
            one passage of a body. Headline and summary are one passage.

    Returns:
        Shape (documents,), u8.
    """
    cdef const i64[::1] unit_of = spelled[0], lengths = spelled[1], folds = spelled[2], wanted = spelled[3]
    cdef Py_ssize_t size = docs.shape[0], row, spelling, at, name, unit, event
    cdef Py_ssize_t spellings = unit_of.shape[0]
    cdef int together
    cdef i64 end
    cdef i64[64] lasts
    cdef Ends ends
    found = np.zeros(size, np.uint8)
    cdef unsigned char[::1] result = found
    cdef Field headline, summary, body, field
    fields = [
        Field(scanner.places_many(all_folds, docs), all_folds.shape[0], size)
        for scanner in scanners
    ]
    headline, summary, body = fields
    ends.codes, ends.size, ends.room = NULL, 0, 0
    try:
        for row in range(size):
            ends.size = 0
            for name in range(2):
                field = headline if name == 0 else summary
                field.go_to(row)
                at = 0
                for spelling in range(spellings):
                    find(
                        field, &folds[at], &wanted[at], lengths[spelling], spelling, &ends,
                        False
                    )
                    at += lengths[spelling]
            for unit in range(units):
                lasts[unit] = 0
            together = 0
            for event in range(ends.size):
                unit = unit_of[ends.codes[event] & ((1 << SPELLING_BITS) - 1)]
                if not lasts[unit]:
                    together += 1
                    lasts[unit] = 1
            body.go_to(row)
            if together == units:
                result[row] = 1
                continue
            ends.size = at = 0
            for spelling in range(spellings):
                find(
                    body, &folds[at], &wanted[at], lengths[spelling], spelling, &ends,
                    units > 1
                )
                at += lengths[spelling]
            qsort(ends.codes, ends.size, sizeof(i64), compare)
            for unit in range(units):
                lasts[unit] = -window - 64
            for event in range(ends.size):
                end = ends.codes[event] >> SPELLING_BITS
                spelling = ends.codes[event] & ((1 << SPELLING_BITS) - 1)
                unit = unit_of[spelling]
                lasts[unit] = max(lasts[unit], end - lengths[spelling] + 1)
                together = 0
                for unit in range(units):
                    if end - lasts[unit] < window:
                        together += 1
                if together == units:
                    result[row] = 1
                    break
    finally:
        free(ends.codes)
    return found
