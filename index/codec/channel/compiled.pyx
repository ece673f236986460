# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Reading a text channel in compiled code: what :mod:`index.codec` does with NumPy, in one pass.

NumPy needs a dozen calls for each term of a query, and arrays that are worked out from the file and
kept. Here each list is read where it lies, once, without anything to keep.

Every method has a twin in NumPy that gives the same result (named in its docstring) and is used
where this module is not there: it is optional, so that an index can be read wherever Python is.
Python's lock is kept throughout: a function takes some dozen microseconds, and to let another
thread in so often costs a server 3 % of its time.

Whatever a file says is checked before it is a subscript: a damaged one is an IndexError, no crash.
"""

import numpy as np

from libc.stdint cimport (
    int64_t as i64, uint16_t as u16, uint32_t as u32, uint64_t as u64, uint8_t as u8
)

cdef extern from *:
    const unsigned int MADE_FROM_SOURCE  # by setup.py

MADE_FROM = MADE_FROM_SOURCE

cdef extern from "../lists/counting.h":
    void prefetch(const void*) nogil
    i64 count_bits(const u64*, i64) nogil
    i64 sum_bytes(const u8*, i64) nogil
    i64 skip_bytes(const u8*, i64, i64*, i64) nogil
    i64 skip_pairs(const u16*, i64, i64*, i64) nogil

cdef enum:
    BLOCK = 32  # postings between two of the counts in `before_block`
    MOST_TF = 255
    LAST_POSITION = 4095
    LAST_RANK = 15
    LAST_BYTE = 255
    LAST_UNIT = 65535
    AHEAD = 12  # so many cells later, memory has answered


cdef Py_ssize_t lower_bound(const u32[::1] numbers, u32 sought) noexcept nogil:
    """The first place whose number is not less than ``sought``."""
    cdef Py_ssize_t low = 0, high = numbers.shape[0], middle
    while low < high:
        middle = (low + high) >> 1
        if numbers[middle] < sought:
            low = middle + 1
        else:
            high = middle
    return low


cdef int damaged(str what) except -1 with gil:
    raise IndexError(f"{what} lie beyond their array: the file is damaged")


cdef struct Cells:
    i64* cells
    i64* postings
    Py_ssize_t found  # how many are filled
    i64 first  # the cell of the first document
    Py_ssize_t end  # of the fold's postings


cdef class Scanner:
    """Finds the occurrences of folds in documents, in one channel.

    Args:
        lists: the arrays of its document lists: ``at``, ``gaps``, ``dense``, ``bits``.
        words: how many words each bitset has.
        starts: where the postings of each fold begin, and where its occurrences do.
        counts: ``tf``, ``over_at``; the occurrences before each block of 32 postings, those beyond
            254 in a posting left out; these summed up to each of ``over_at``, after a first 0.
        occurrences: ``occ``, ``esc_at``, ``esc_pos``, ``esc_rank``.
    """

    cdef const u32[::1] at, dense, starts, over_at, before_block
    cdef const u32[::1] occurrence_starts, esc_at, esc_pos, esc_rank
    cdef const i64[::1] excess
    cdef const u16[::1] gaps, occ
    cdef const u8[::1] gap_bytes, tf
    cdef const u64[::1] bits
    cdef Py_ssize_t words

    def __init__(self, lists, Py_ssize_t words, starts, counts, occurrences):
        self.at, self.gaps, self.dense, self.bits = lists
        self.gap_bytes = lists[1].view(np.uint8)
        self.words = words
        self.starts, self.occurrence_starts = starts
        self.tf, self.over_at, self.before_block, self.excess = counts
        self.occ, self.esc_at, self.esc_pos, self.esc_rank = occurrences
        if (
            self.at.shape[0] < self.starts.shape[0]
            or self.occurrence_starts.shape[0] < self.starts.shape[0]
            or self.excess.shape[0] <= self.over_at.shape[0]
            or self.esc_pos.shape[0] < self.esc_at.shape[0]
            or self.esc_rank.shape[0] < self.esc_at.shape[0]
        ):
            damaged("arrays")

    def places_many(self, folds, const i64[::1] docs not None):
        """The four arrays of :class:`index.codec.channel.channel.ManyPlaces`; the twin is
        :meth:`index.codec.channel.channel.Channel.places_many` without this class.
        """
        cdef Py_ssize_t size = docs.shape[0], most = len(folds) * size, found = 0, number
        cdef const u32[::1] of_folds = np.asarray(folds, np.uint32)
        cells, postings = np.empty(most, np.int64), np.empty(most, np.int64)
        cdef i64[::1] all_cells = cells, all_postings = postings
        self.require(docs)
        for number in range(of_folds.shape[0] if size else 0):
            found = self.locate(
                of_folds[number], docs, number * size, found, all_cells, all_postings
            )
        counts, begins = np.empty(found, np.int64), np.empty(found, np.int64)
        total = self.count(all_postings[:found], counts, begins)
        positions, ranks = np.empty(total, np.int64), np.empty(total, np.int64)
        self.unpack(begins, counts, positions, ranks)
        return cells[:found], counts, positions, ranks

    def variant(self, Py_ssize_t fold, u32 rank):
        """Where a fold has the accent key of a rank.

        The twin is :meth:`index.codec.channel.channel.Channel.variant_postings` without this class.

        Returns:
            The places of those documents in the fold's list, and how often it stands there: u32.
        """
        if fold < 0 or fold + 1 >= self.starts.shape[0]:
            damaged("postings")
        cdef Py_ssize_t first = self.starts[fold], posting, end = self.starts[fold + 1], found = 0
        cdef Py_ssize_t over = lower_bound(self.over_at, <u32>first), escape
        cdef i64 at = self.occurrence_starts[fold], stop
        cdef u32 count
        if end > self.tf.shape[0] or first > end:
            damaged("postings")
        having, counts = np.empty(end - first, np.uint32), np.empty(end - first, np.uint32)
        cdef u32[::1] all_having = having, all_counts = counts
        escape = lower_bound(self.esc_at, <u32>at)
        for posting in range(first, end):
            stop = at + self.tf[posting]
            if self.tf[posting] == MOST_TF and over < self.over_at.shape[0]:
                stop += self.excess[over + 1] - self.excess[over]
                over += 1
            if stop < at or stop > self.occ.shape[0]:
                damaged("occurrences")
            count = 0
            for at in range(at, stop):
                if (self.occ[at] & LAST_RANK) < LAST_RANK:
                    count += (self.occ[at] & LAST_RANK) == rank
                elif rank >= LAST_RANK:
                    while escape < self.esc_at.shape[0] and self.esc_at[escape] < at:
                        escape += 1
                    count += escape < self.esc_at.shape[0] and self.esc_rank[escape] == rank
            at = stop
            if count:
                all_having[found] = <u32>(posting - first)
                all_counts[found] = count
                found += 1
        return having[:found], counts[:found]

    cdef int require(self, const i64[::1] docs) except -1:
        """Refuse documents that do not exist or do not ascend."""
        cdef Py_ssize_t row
        cdef i64 before = -1
        for row in range(docs.shape[0]):
            if docs[row] <= before or docs[row] >= 64 * self.words:
                raise IndexError("documents must exist, and ascend")
            before = docs[row]
        return 0

    def side_by_side(
        self, folds, const i64[::1] terms not None, const i64[::1] wanted not None,
        const i64[::1] docs not None
    ):
        """Which documents have a phrase; the twin is :func:`search.backends.whoosh.execution.nodes.positions.adjacent`.

        Args:
            folds: its folds, each once; every document has them all.
            terms: of its words, the place among ``folds``.
            wanted: of its words, the rank of the accent key, or -1 for any.
            docs: the documents, ascending.

        Returns:
            Shape (documents,), u8: 1 for yes.
        """
        cdef Py_ssize_t word
        if not len(terms) or len(wanted) != len(terms):
            raise ValueError("a phrase has words, and each a rank or -1")
        for word in range(terms.shape[0]):
            if not 0 <= terms[word] < len(folds):
                raise ValueError("a word of the phrase is none of the folds")
        _, all_counts, all_positions, all_ranks = self.places_many(folds, docs)
        cdef const i64[::1] counts = all_counts, positions = all_positions, ranks = all_ranks
        cdef Py_ssize_t size = docs.shape[0], words = terms.shape[0], row, rarest, place
        if counts.shape[0] != len(folds) * size:
            raise ValueError("a document lacks a word of the phrase")
        ends = np.cumsum(all_counts)
        found = np.zeros(size, np.uint8)
        cursors = np.empty((2, words), np.int64)
        cdef const i64[::1] end_of = ends
        cdef i64[::1] at = cursors[0], end = cursors[1]
        cdef u8[::1] here = found
        cdef i64 start
        for row in range(size):
            rarest = 0
            for word in range(words):
                end[word] = end_of[terms[word] * size + row]
                at[word] = end[word] - counts[terms[word] * size + row]
                if end[word] - at[word] < end[rarest] - at[rarest]:
                    rarest = word
            while at[rarest] < end[rarest] and not here[row]:
                start = positions[at[rarest]] - rarest
                here[row] = 1
                for word in range(words):
                    while at[word] < end[word] and positions[at[word]] < start + word:
                        at[word] += 1
                    place = at[word]
                    while (
                        place < end[word] and positions[place] == start + word
                        and wanted[word] >= 0 and ranks[place] != wanted[word]
                    ):
                        place += 1  # several keys of a fold may stand at one place
                    if place == end[word] or positions[place] != start + word:
                        here[row] = 0
                        break
                at[rarest] += 1
        return found

    cdef Py_ssize_t locate(
        self, u32 fold, const i64[::1] docs, i64 first_cell, Py_ssize_t found,
        i64[::1] cells, i64[::1] postings
    ) except -1 nogil:
        """Find a fold's postings for documents, as cells after the first ``found``."""
        cdef Py_ssize_t place, posting, end
        if <Py_ssize_t>fold + 1 >= self.starts.shape[0]:
            damaged("postings")
        posting, end = self.starts[fold], self.starts[fold + 1]
        if end > self.tf.shape[0] or posting > end:
            damaged("postings")
        if posting == end:
            return found
        cdef Cells cursor
        cursor.cells, cursor.postings = &cells[0], &postings[0]
        cursor.found, cursor.first, cursor.end = found, first_cell, end
        place = lower_bound(self.dense, fold)
        if place < self.dense.shape[0] and self.dense[place] == fold:
            if (place + 1) * self.words > self.bits.shape[0]:
                damaged("documents")
            self.locate_in_bits(&self.bits[place * self.words], docs, posting, &cursor)
        else:
            self.locate_in_gaps(fold, docs, posting, &cursor)
        return cursor.found

    cdef int locate_in_bits(
        self, const u64* bits, const i64[::1] docs, Py_ssize_t posting, Cells* cursor
    ) except -1 nogil:
        """Find the documents of a bitset; ``posting`` is the first of the list."""
        cdef Py_ssize_t row, word, counted = 0
        cdef u64 before
        for row in range(docs.shape[0]):
            word = docs[row] >> 6
            if bits[word] >> (docs[row] & 63) & 1:
                posting += count_bits(bits + counted, word - counted)
                counted = word
                before = bits[word] & ((<u64>1 << (docs[row] & 63)) - 1)
                self.add(row, posting + count_bits(&before, 1), cursor)
        return 0

    cdef int locate_in_gaps(
        self, u32 fold, const i64[::1] docs, Py_ssize_t posting, Cells* cursor
    ) except -1 nogil:
        """Find the documents of a list of gaps; ``posting`` is the first of the list."""
        cdef bint in_bytes = self.at[fold] & 1
        cdef i64 unit = self.at[fold] >> 1, end = self.at[fold + 1] >> 1, number = -1, row = 0
        cdef i64 passed, gap, size = docs.shape[0]
        if end > self.gaps.shape[0] or unit > end:
            damaged("documents")
        if in_bytes:
            unit, end = unit * 2, end * 2
        while unit < end and row < size:
            if in_bytes:
                passed = skip_bytes(&self.gap_bytes[unit], end - unit, &number, docs[row])
            else:
                passed = skip_pairs(&self.gaps[unit], end - unit, &number, docs[row])
            unit += passed
            posting += passed
            while unit < end:
                gap = self.gap_bytes[unit] if in_bytes else self.gaps[unit]
                unit += 1
                number += gap
                if gap == (LAST_BYTE if in_bytes else LAST_UNIT):
                    continue
                posting += 1
                if number >= docs[row]:
                    while row < size and docs[row] < number:
                        row += 1
                    if row < size and docs[row] == number:
                        self.add(row, posting - 1, cursor)
                        row += 1
                    break
        return 0

    cdef int add(self, Py_ssize_t row, Py_ssize_t posting, Cells* cursor) except -1 nogil:
        """Add the cell of a document, given by its row: which posting it is was found."""
        if posting >= cursor.end:
            damaged("postings")
        cursor.cells[cursor.found] = cursor.first + row
        cursor.postings[cursor.found] = posting
        cursor.found += 1
        return 0

    cdef i64 count(
        self, const i64[::1] postings, i64[::1] counts, i64[::1] begins
    ) except -1 nogil:
        """Say how many occurrences postings have, and the number of the first of each; returns how
        many all have together.

        They lie all over the file: what comes some postings later is asked of memory beforehand.
        """
        cdef Py_ssize_t cell, posting, block, over = 0, size = self.over_at.shape[0]
        cdef Py_ssize_t cells = postings.shape[0], last = self.before_block.shape[0] - 1
        cdef i64 total = 0
        for cell in range(cells):
            if cell + AHEAD < cells:
                prefetch(&self.tf[postings[cell + AHEAD]])
                prefetch(&self.before_block[min(postings[cell + AHEAD] // BLOCK, last)])
            posting = postings[cell]
            block = posting // BLOCK
            if block > last:
                damaged("postings")
            if size:
                if over and self.over_at[over - 1] >= posting:
                    over = lower_bound(self.over_at, <u32>posting)
                while over < size and self.over_at[over] < posting:
                    over += 1
            counts[cell] = self.tf[posting]
            if counts[cell] == MOST_TF and over < size:
                counts[cell] += self.excess[over + 1] - self.excess[over]
            begins[cell] = self.before_block[block] + self.excess[over]
            begins[cell] += sum_bytes(&self.tf[block * BLOCK], posting - block * BLOCK)
            if counts[cell] < 0 or begins[cell] < 0:
                damaged("occurrences")
            if begins[cell] + counts[cell] > self.occ.shape[0]:
                damaged("occurrences")
            total += counts[cell]
        return total

    cdef int unpack(
        self, const i64[::1] begins, const i64[::1] counts, i64[::1] positions, i64[::1] ranks
    ) except -1:
        """Read the occurrences of postings."""
        cdef Py_ssize_t cell, out = 0, escape
        cdef i64 at
        cdef u16 packed
        for cell in range(begins.shape[0]):
            if cell + AHEAD < begins.shape[0]:
                prefetch(&self.occ[begins[cell + AHEAD]])
            for at in range(begins[cell], begins[cell] + counts[cell]):
                packed = self.occ[at]
                positions[out] = packed >> 4
                ranks[out] = packed & LAST_RANK
                if ranks[out] == LAST_RANK or positions[out] == LAST_POSITION:
                    escape = lower_bound(self.esc_at, <u32>at)
                    if escape >= self.esc_at.shape[0]:
                        damaged("occurrences")
                    positions[out] = self.esc_pos[escape]
                    ranks[out] = self.esc_rank[escape]
                out += 1
        return 0
