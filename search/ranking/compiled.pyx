# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Features of candidates in compiled code: how often the slots of a query occur, and how near.

Candidates are also found here, and scored.

The twin in NumPy, which gives the same result to the last bit and is used where this optional
module is not there, is :class:`search.ranking.features.FullFeatures`. NumPy sorts and searches the
occurrences of all candidates at once; here they are walked through candidate by candidate.
"""

import numpy as np

from libc.math cimport powf
from libc.stdint cimport int16_t as i16, int32_t as i32, int64_t as i64, uint8_t as u8, uint32_t as u32
from libc.stdint cimport uint64_t as u64
from libc.stdlib cimport free, qsort, realloc
from libc.string cimport memset

cdef extern from *:
    """
    #if defined(_MSC_VER)
    #include <intrin.h>
    static int lowest_bit(uint64_t word) {
        unsigned long at;
        _BitScanForward64(&at, word);
        return (int)at;
    }
    #else
    #define lowest_bit __builtin_ctzll
    #endif
    """
    int lowest_bit(u64) nogil
    const unsigned int MADE_FROM_SOURCE  # by setup.py

MADE_FROM = MADE_FROM_SOURCE


cdef enum:
    UNITS = 1 << 16  # as in search.ranking.passages
    SLOT_BITS = 20  # below a position: the slot, and whether the accents are those wanted
    SLOT_MASK = (1 << 20) - 1
    MOST_SLOTS = 1 << 19
    FULL_IMPACT = 255  # as in search.ranking.candidates
    STRETCH = 1 << 16  # of a text, so long that its words are put in order by a bitset


cdef struct Codes:
    i64* codes
    Py_ssize_t size
    Py_ssize_t room


cdef int reserve(Codes* codes, Py_ssize_t more) except -1 nogil:
    """Make room for so many codes more."""
    cdef Py_ssize_t room
    cdef void* larger
    if codes.size + more > codes.room:
        room = 2 * (codes.size + more) + 64
        larger = realloc(codes.codes, room * sizeof(i64))
        if larger == NULL:
            with gil:
                raise MemoryError
        codes.codes, codes.room = <i64*>larger, room
    return 0


cdef int compare(const void* first_at, const void* second_at) noexcept nogil:
    cdef i64 first = (<const i64*>first_at)[0], second = (<const i64*>second_at)[0]
    return (first > second) - (first < second)


cdef class Field:
    """What one field has of a query's folds, walked through from the first candidate to the last.

    Args:
        places: the arrays of :class:`index.codec.channel.channel.ManyPlaces`.
        folds: how many folds they are of.
        size: how many candidates.
    """

    cdef const i64[::1] cells, counts, positions, ranks
    cdef i64[:, ::1] cursors
    cdef Py_ssize_t folds, size
    cdef const i64* all_positions
    cdef const i64* all_ranks
    cdef i64* cell_at
    cdef i64* cell_end
    cdef i64* place_at
    cdef i64* begin
    cdef i64* count

    def __init__(self, places, Py_ssize_t folds, Py_ssize_t size):
        cdef Py_ssize_t fold = 0, cell
        cdef i64 place = 0
        self.cells, self.counts, self.positions, self.ranks = places
        self.all_positions = &self.positions[0] if self.positions.shape[0] else NULL
        self.all_ranks = &self.ranks[0] if self.ranks.shape[0] else NULL
        self.folds, self.size = folds, size
        self.cursors = np.zeros((5, folds + 1), np.int64)
        self.cell_at, self.cell_end = &self.cursors[0, 0], &self.cursors[1, 0]
        self.place_at, self.begin = &self.cursors[2, 0], &self.cursors[3, 0]
        self.count = &self.cursors[4, 0]
        for cell in range(self.cells.shape[0] + 1):
            while fold < folds and (
                cell == self.cells.shape[0] or self.cells[cell] >= (fold + 1) * size
            ):
                self.cell_end[fold] = cell
                fold += 1
                self.cell_at[fold], self.place_at[fold] = cell, place
            if cell < self.cells.shape[0]:
                place += self.counts[cell]

    cdef bint go_to(self, Py_ssize_t row) noexcept nogil:
        """Find where each fold stands in a candidate; called once for each, in their order.

        Returns:
            Whether any does.
        """
        cdef Py_ssize_t fold
        cdef i64 cell
        cdef bint any_here = False
        for fold in range(self.folds):
            cell = self.cell_at[fold]
            self.begin[fold] = self.place_at[fold]
            self.count[fold] = 0
            if cell < self.cell_end[fold] and self.cells[cell] == fold * self.size + row:
                self.count[fold] = self.counts[cell]
                self.place_at[fold] += self.count[fold]
                self.cell_at[fold] = cell + 1
                any_here = True
        return any_here


def full_features(
    scanners, slots, const i64[::1] docs not None, int window, worth, bint paired
):
    """Read all features of candidates.

    Args:
        scanners: for each field its :class:`index.codec.channel.compiled.Scanner`, or None where what
            stands there does not count.
        slots: the folds of the query, each once; the number of spellings of each slot; and of all
            of these, one after the other, the place of the fold among the folds, and the rank of
            the accent key wanted or -1: four arrays, i64.
        docs: the candidates, ascending.
        window: words further apart than this are not near.
        worth: :class:`search.ranking.passages.PassageWorth`, or None where neither passages nor pairs
            are wanted.
        paired: whether pairs are.

    Returns:
        ``folded``, ``keyed`` (both of shape (fields, slots, candidates)), ``of_pairs`` (fields,
        slots - 1, candidates) and ``aligned`` (candidates,), as
        :class:`search.ranking.features.Frequencies` and :class:`~search.ranking.features.Proximity`
        explain them; the two arrays of :class:`~search.ranking.features.Beside`, and what the best
        passages are worth (candidates,); f32.
    """
    cdef Py_ssize_t slot_count = len(slots[1]), size = docs.shape[0], field
    fields = len(scanners)
    times = np.zeros((2, fields, slot_count, size), np.float32)
    pairs = np.zeros((3, fields, max(slot_count - 1, 0), size), np.float32)
    aligned, passage = np.zeros((2, size), np.float32)
    if slot_count and size:
        walk = Walk(slots, window, worth, paired)
        for field, scanner in enumerate(scanners):
            if scanner is not None:
                places = scanner.places_many(slots[0], docs)
                of_field = Field(places, len(slots[0]), size)
                walk.through(of_field, times[:, field], pairs[:, field], aligned, passage)
    return times[0], times[1], pairs[0], aligned, pairs[1], pairs[2], passage


cdef class Walk:
    """Goes through all candidates, field by field, and looks once at each occurrence of the query.

    An occurrence is a code: its position, and as the lowest bit whether its accents are those
    wanted. Where none are, all are.
    """

    cdef const i64[::1] spellings, folds, wanted, full, other
    cdef const u8[::1] sure
    cdef Py_ssize_t slots
    cdef int window
    cdef i64 words  # of a passage; 0 where none are wanted
    cdef bint paired
    cdef Codes here  # of all slots in a candidate, one slot after the other
    cdef Codes aligning  # where the query would begin, for each two words side by side
    cdef Codes ordered  # of all slots, by position, with the number of the slot
    cdef object buffers
    cdef i64* starts  # where the codes of each slot begin, and the last end
    cdef i64* counts  # how often a passage has each slot: with other accents, with those wanted
    cdef int* slot_at  # at each position of a stretch: the slot, and whether its accents are right
    cdef u64* occupied  # at which positions there is one

    def __cinit__(self):
        self.here.codes = self.aligning.codes = self.ordered.codes = NULL
        self.here.size = self.aligning.size = self.ordered.size = 0
        self.here.room = self.aligning.room = self.ordered.room = 0

    def __init__(self, slots, int window, worth, bint paired):
        _, self.spellings, self.folds, self.wanted = slots
        self.slots = self.spellings.shape[0]
        self.window, self.paired, self.words = window, paired and worth is not None, 0
        if self.slots >= MOST_SLOTS:
            raise ValueError("a query of so many words is not ranked")
        if worth is not None:
            self.full, self.other, self.words = worth.wanted, worth.other, worth.words
            self.sure = worth.sure.view(np.uint8)
            if not self.slots == len(self.full) == len(self.other) == len(self.sure):
                raise ValueError("each slot has a worth")
        numbers = np.zeros(3 * self.slots + 1, np.int64)
        slot_at, occupied = np.zeros(STRETCH, np.intc), np.zeros(STRETCH >> 6, np.uint64)
        cdef i64[::1] of_slots = numbers
        cdef int[::1] of_positions = slot_at
        cdef u64[::1] of_words = occupied
        self.buffers = numbers, slot_at, occupied
        self.starts, self.counts = &of_slots[0], &of_slots[0] + self.slots + 1
        self.slot_at, self.occupied = &of_positions[0], &of_words[0]

    def __dealloc__(self):
        free(self.here.codes)
        free(self.aligning.codes)
        free(self.ordered.codes)

    cdef int through(
        self, Field field, float[:, :, :] times, float[:, :, :] pairs, float[::1] aligned,
        float[::1] passage
    ) except -1:
        """Read the features of a field of every candidate.

        Args:
            field: before the first candidate.
            times: of the slots, folded and keyed: shape (2, slots, candidates).
            pairs: how near, and how often side by side, folded and keyed: shape (3, slots - 1,
                candidates).
            aligned: raised to what this field has.
            passage: likewise.
        """
        cdef Py_ssize_t row, slot, spelling
        for row in range(aligned.shape[0]):
            if not field.go_to(row):
                continue
            self.here.size = self.aligning.size = spelling = 0
            for slot in range(self.slots):
                self.starts[slot] = self.here.size
                self.gather(field, slot, spelling, &times[0, slot, row], &times[1, slot, row])
                if slot:
                    self.relate(slot, row, pairs)
                spelling += self.spellings[slot]
            self.starts[self.slots] = self.here.size
            if self.aligning.size and aligned[row] < 1:
                aligned[row] = max(aligned[row], _most_alike(&self.aligning, self.slots - 1))
            if self.words:
                passage[row] = self.better_passage(passage[row])
        return 0

    cdef int gather(
        self, Field field, Py_ssize_t slot, Py_ssize_t first, float* folded, float* keyed
    ) except -1 nogil:
        """Where a slot stands in the candidate that a field has gone to, and how often."""
        cdef Py_ssize_t spelling, place, found = 0, start = self.here.size
        cdef i64 begin, count, having, key, wanted, before = -1
        cdef i64 any_key = 1 if self.words and not self.sure[slot] else 0
        cdef const i64* positions = field.all_positions
        cdef const i64* ranks = field.all_ranks
        cdef i64* end
        for spelling in range(first, first + self.spellings[slot]):
            begin, count = field.begin[self.folds[spelling]], field.count[self.folds[spelling]]
            if not count:
                continue
            reserve(&self.here, count)
            end = self.here.codes + self.here.size
            wanted, having = self.wanted[spelling], 0
            for place in range(begin, begin + count):
                key = ranks[place] == wanted
                having += key
                if positions[place] == before:  # several accent keys may stand at one place
                    (end - 1)[0] |= key
                else:
                    before = positions[place]
                    end[0] = before << 1 | key | any_key
                    end += 1
            self.here.size = end - self.here.codes
            before = -1
            found += 1
            folded[0] = max(folded[0], <float>count)
            keyed[0] = max(keyed[0], <float>having)
        if found > 1:
            _sort(self.here.codes + start, self.here.size - start)
            self.here.size = start + _merge(self.here.codes + start, self.here.size - start)
        return 0

    cdef int relate(self, Py_ssize_t slot, Py_ssize_t row, float[:, :, :] pairs) except -1 nogil:
        """See how near a slot comes to the one before, and how often it stands right after it.

        Where they are side by side, say where the query would begin, less the same for every pair.
        """
        cdef const i64* before = self.here.codes + self.starts[slot - 1]
        cdef const i64* here = self.here.codes + self.starts[slot]
        cdef const i64* begin = here
        cdef const i64* end = self.here.codes + self.here.size
        cdef i64 apart, least = self.window + 1, folded = 0, keyed = 0
        if here == end or before == here:
            return 0
        reserve(&self.aligning, here - before)
        while before < begin:
            while here < end and here[0] <= before[0] | 1:
                here += 1
            if here == end:
                break
            apart = (here[0] >> 1) - (before[0] >> 1)
            least = min(least, apart)
            if apart == 1:
                folded += 1
                keyed += before[0] & here[0] & 1
                self.aligning.codes[self.aligning.size] = (before[0] >> 1) + self.slots - slot
                self.aligning.size += 1
            before += 1
        if least <= self.window:
            pairs[0, slot - 1, row] = <float>(1.0 / least)
        if self.paired:
            pairs[1, slot - 1, row], pairs[2, slot - 1, row] = <float>folded, <float>keyed
        return 0

    cdef float better_passage(self, float best) except -1 nogil:
        """What the best passage of the gathered occurrences is worth, if more than ``best``."""
        cdef Py_ssize_t slot, at
        cdef i64 key, everything = 0, first = -1, last = -1
        cdef i64* codes = self.here.codes
        for slot in range(self.slots):
            if not self.full[slot] or self.starts[slot] == self.starts[slot + 1]:
                continue
            key = 0
            for at in range(self.starts[slot], self.starts[slot + 1]):
                key |= codes[at] & 1
            everything += self.full[slot] if key else self.other[slot]
            at = self.starts[slot]
            first = codes[at] >> 1 if first < 0 else min(first, codes[at] >> 1)
            last = max(last, codes[self.starts[slot + 1] - 1] >> 1)
        if _of_units(everything) <= best:
            return best
        if last - first < self.words:
            return _of_units(everything)
        if last - first >= STRETCH or not self.order_by_bits(first, last):
            self.order_by_sorting()
        return max(best, _of_units(self.best_of_ordered(everything)))

    cdef int order_by_bits(self, i64 first, i64 last) except -1 nogil:
        """Order the occurrences between two positions by a bitset of these.

        Returns:
            Whether that was possible: no two of them at one position, and none outside, where
            those of a damaged file may be.
        """
        cdef Py_ssize_t slot, at, words = (last - first >> 6) + 1, word
        cdef i64 place
        cdef u64 bits
        memset(self.occupied, 0, words * sizeof(u64))
        reserve(&self.ordered, self.here.size)
        for slot in range(self.slots):
            if not self.full[slot]:
                continue
            for at in range(self.starts[slot], self.starts[slot + 1]):
                place = (self.here.codes[at] >> 1) - first
                if place < 0 or place > last - first:
                    return False
                bits = <u64>1 << (place & 63)
                if self.occupied[place >> 6] & bits:
                    return False
                self.occupied[place >> 6] |= bits
                self.slot_at[place] = <int>(slot << 1 | self.here.codes[at] & 1)
        self.ordered.size = 0
        for word in range(words):
            bits = self.occupied[word]
            while bits:
                place = (word << 6) + lowest_bit(bits)
                bits &= bits - 1
                self.ordered.codes[self.ordered.size] = place << SLOT_BITS | self.slot_at[place]
                self.ordered.size += 1
        return True

    cdef int order_by_sorting(self) except -1 nogil:
        """Order the occurrences, however many at one position, and however far apart."""
        cdef Py_ssize_t slot, at
        cdef i64 code
        reserve(&self.ordered, self.here.size)
        self.ordered.size = 0
        for slot in range(self.slots):
            if not self.full[slot]:
                continue
            for at in range(self.starts[slot], self.starts[slot + 1]):
                code = self.here.codes[at]
                self.ordered.codes[self.ordered.size] = (
                    code >> 1 << SLOT_BITS | slot << 1 | code & 1
                )
                self.ordered.size += 1
        _sort(self.ordered.codes, self.ordered.size)
        return 0

    cdef i64 best_of_ordered(self, i64 most) noexcept nogil:
        """What the best passage is worth; ``most`` is what all words together are."""
        cdef Py_ssize_t at
        cdef i64 worth = 0, best = 0, first
        cdef const i64* codes = self.ordered.codes
        cdef const i64* leaving = codes
        cdef i64* counts = self.counts
        memset(counts, 0, 2 * self.slots * sizeof(i64))
        for at in range(self.ordered.size):
            first = (codes[at] >> SLOT_BITS) - self.words + 1 << SLOT_BITS
            while leaving[0] < first:
                counts[leaving[0] & SLOT_MASK] -= 1
                if not counts[leaving[0] & SLOT_MASK]:
                    worth -= self.worth_beside(leaving[0] & SLOT_MASK)
                leaving += 1
            if not counts[codes[at] & SLOT_MASK]:
                worth += self.worth_beside(codes[at] & SLOT_MASK)
                if worth > best:
                    best = worth
                    if best == most:
                        break
            counts[codes[at] & SLOT_MASK] += 1
        return best

    cdef i64 worth_beside(self, i64 slot_and_key) noexcept nogil:
        """What the only occurrence of its kind adds to the others that a passage has of a slot."""
        cdef Py_ssize_t slot = slot_and_key >> 1
        if slot_and_key & 1:
            return self.full[slot] - (self.other[slot] if self.counts[2 * slot] else 0)
        return 0 if self.counts[2 * slot + 1] else self.other[slot]


cdef Py_ssize_t _merge(i64* codes, Py_ssize_t size) noexcept nogil:
    """Make one of ordered codes of one position; returns how many are left."""
    cdef Py_ssize_t at, kept = 0
    for at in range(1, size):
        if codes[at] >> 1 == codes[kept] >> 1:
            codes[kept] |= codes[at] & 1
        else:
            kept += 1
            codes[kept] = codes[at]
    return kept + 1


cdef float _of_units(i64 worth) noexcept nogil:
    return <float>(<double>worth / UNITS)


cdef float _most_alike(Codes* aligning, Py_ssize_t pairs) noexcept nogil:
    """Which share of a query's pairs would have it begin at one and the same place."""
    cdef Py_ssize_t alike = 1, most = 1, at
    _sort(aligning.codes, aligning.size)
    for at in range(1, aligning.size):
        alike = alike + 1 if aligning.codes[at] == aligning.codes[at - 1] else 1
        most = max(most, alike)
    return <float>(<double>most / pairs)


cdef void _sort(i64* numbers, Py_ssize_t size) noexcept nogil:
    """Sort a few numbers without a call for each comparison, and many with."""
    cdef Py_ssize_t at, to
    cdef i64 number
    if size > 24:
        qsort(numbers, size, sizeof(i64), compare)
        return
    for at in range(1, size):
        number, to = numbers[at], at
        while to and numbers[to - 1] > number:
            numbers[to] = numbers[to - 1]
            to -= 1
        numbers[to] = number


def score(features, term_weights, weights):
    """The parts of the scores of some documents, to within rounding.

    The twin, which explains the formula, is :func:`search.ranking.scoring.score_parts`.

    Args:
        features: :class:`search.ranking.scoring.Features`.
        term_weights: :class:`search.ranking.scoring.TermWeights`, of at least one slot.
        weights: :class:`search.ranking.weights.Weights`.

    Returns:
        Shape (parts, documents), f32, in the order of :class:`~search.ranking.scoring.ScoreParts`.
    """
    cdef const float[:, :, ::1] folded = features.folded, keyed = features.keyed
    cdef const float[:, :, ::1] proximity = features.proximity
    cdef const float[::1] aligned = features.aligned, recency = features.recency
    cdef const float[:, ::1] lengths = features.lengths
    cdef const double[::1] by_fold = term_weights.folded, by_key = term_weights.keyed
    cdef const double[::1] sure = term_weights.confidence, expected = term_weights.expected
    cdef const double[::1] telling = term_weights.telling, pairs = term_weights.pairs
    cdef const double[::1] pair_worth = term_weights.pair_worth
    cdef const float[:, :, ::1] pairs_folded = features.pairs_folded
    cdef const float[:, :, ::1] pairs_keyed = features.pairs_keyed
    cdef const float[::1] passage = features.passage
    cdef double[3] weight = [weights.headline, weights.summary, weights.body]
    cdef double[3] length_share = [
        weights.headline_length, weights.summary_length, weights.body_length
    ]
    cdef double total = 0, all_pairs = 0, floor = weights.folded, worth, other_pairs
    cdef float of_passage = weights.passage, pair_saturation = weights.pair_saturation
    cdef float saturation = weights.saturation, other, scattered = weights.scattered
    cdef float coverage_power = weights.coverage_power, phrase_power = weights.phrase_power
    cdef float coverage, in_headline, nearness = weights.nearness, phrase, newness
    cdef Py_ssize_t slots = sure.shape[0], size = aligned.shape[0], doc, slot, field, counted = 0
    cdef bint any_sure = False
    all_parts, kept = np.zeros((9, size), np.float32), np.zeros((5, size), np.float32)
    if not size:
        return all_parts
    cdef float[:, ::1] parts = all_parts, scratch = kept
    cdef float* occurrence = &scratch[0, 0]  # what one counts in each field
    cdef float* either = &scratch[3, 0]
    cdef float* together = &scratch[4, 0]
    for slot in range(slots):
        total += expected[slot]
        any_sure |= sure[slot] > 0
    for slot in range(slots - 1):
        all_pairs += pairs[slot]
        counted += pairs[slot] != 0
    for field in range(3):
        _discount(
            &occurrence[field * size], &lengths[field, 0], weight[field], length_share[field], size
        )
    for slot in range(slots):
        if sure[slot] > 0:
            _saturate(
                &parts[0, 0], &keyed[0, slot, 0], slots * size, occurrence,
                sure[slot] * telling[slot] * by_key[slot], saturation, size
            )
        _saturate(
            &parts[1, 0], &folded[0, slot, 0], slots * size, occurrence,
            (floor + (1 - floor) * (1 - sure[slot])) * telling[slot] * by_fold[slot], saturation,
            size
        )
        other = 1 - sure[slot] * (1 - weights.folded_presence)
        _cover(
            &parts[3, 0], either, &folded[0, slot, 0], &keyed[0, slot, 0], slots * size,
            expected[slot] / total, other, any_sure, size
        )
    for slot in range(slots - 1 if counted else 0):
        _add_proximity(
            together, &parts[4, 0], &proximity[0, slot, 0], (slots - 1) * size,
            pairs[slot] / all_pairs, pairs[slot] * nearness, size
        )
    coverage, in_headline = weights.coverage * total, weights.headline_coverage * total
    phrase = (weights.phrase + weights.short_phrase / max(1, counted)) * total if counted else 0
    newness = weights.recency * total
    for doc in range(size):
        parts[2, doc] = coverage * power(either[doc], coverage_power) * (
            scattered + (1 - scattered) * (together[doc] if counted else 1)
        )
        parts[3, doc] = in_headline * power(parts[3, doc], coverage_power)
        parts[5, doc] = phrase * power(aligned[doc], phrase_power)
        parts[6, doc] = newness * recency[doc]
        parts[8, doc] = of_passage * passage[doc]
    if term_weights.pair_worth.any():
        worth = weights.pairs * min(1.0, slots / weights.pair_slots) ** 2
        other_pairs = weights.pair_folded
        for slot in range(slots - 1):
            if pair_worth[slot] != 0:
                _saturate(
                    &parts[7, 0], &pairs_keyed[0, slot, 0], (slots - 1) * size, occurrence,
                    worth * pair_worth[slot] * (1 - other_pairs), pair_saturation, size
                )
                _saturate(
                    &parts[7, 0], &pairs_folded[0, slot, 0], (slots - 1) * size, occurrence,
                    worth * pair_worth[slot] * other_pairs, pair_saturation, size
                )
    return all_parts


def having(const float[:, :, ::1] counts not None):
    """In how many documents each row is, in whichever field.

    The twin is :func:`search.ranking.scoring.count_having`.
    """
    cdef Py_ssize_t row, doc, field, size = counts.shape[2]
    cdef i32 found
    cdef float here
    numbers = np.zeros(counts.shape[1], np.int64)
    cdef i64[::1] all_numbers = numbers
    for row in range(counts.shape[1]):
        found = 0
        for doc in range(size):
            here = 0
            for field in range(counts.shape[0]):
                here += counts[field, row, doc]
            found += here > 0
        all_numbers[row] = found
    return numbers


def make_impacts(postings, const float[:, ::1] occurrences not None, float saturation):
    """Work out a word's impacts.

    The twin, which explains how they lie in memory, is :func:`search.ranking.candidates.make`.
    """
    cdef Py_ssize_t size = occurrences.shape[1], at, doc, field, having = 0
    cdef const u32[::1] docs, times
    cdef u32* packed
    weighted = np.zeros(size, np.float32)
    cdef float[::1] sums = weighted
    for field, (of_field, tf) in enumerate(postings):
        docs, times = of_field, tf
        if times.shape[0] < docs.shape[0] or field >= occurrences.shape[0]:
            raise ValueError("each posting has a document and a number of occurrences")
        for at in range(docs.shape[0]):
            doc = docs[at]
            if doc >= size:
                raise IndexError("a posting of a document that does not exist")
            sums[doc] += occurrences[field, doc] * <float>times[at]
    for doc in range(size):
        having += sums[doc] > 0
    impacts = np.empty(5 * having if 5 * having < size else size, np.uint8)
    cdef u8[::1] all_impacts = impacts
    if 5 * having >= size:
        for doc in range(size):
            all_impacts[doc] = impact_of(sums[doc], saturation)
    elif having:
        packed, at = <u32*>&all_impacts[0], 0
        for doc in range(size):
            if sums[doc] > 0:
                packed[at] = <u32>doc
                all_impacts[4 * having + at] = impact_of(sums[doc], saturation)
                at += 1
    return impacts


cdef inline u8 impact_of(float occurring, float saturation) noexcept nogil:
    """A part of 255, rounded up without a call."""
    cdef float exact = FULL_IMPACT * (occurring / (occurring + saturation))
    cdef i32 whole = <i32>exact
    return <u8>(whole + (whole < exact))


def add_impacts(i32[::1] sums not None, const u8[::1] impacts not None, i16 weight):
    """Add a word's impacts, times a weight, to the sums of the documents.

    The twin, which explains how impacts lie in memory, is :func:`search.ranking.candidates.add`.
    """
    cdef Py_ssize_t size = sums.shape[0], at, few = impacts.shape[0] // 5
    cdef const u32* docs
    if impacts.shape[0] == size:
        for at in range(size):
            # Of 16 bits each: any processor multiplies eight of these at once.
            sums[at] += <i32>weight * <i32><i16>impacts[at]
    elif few:
        docs = <const u32*>&impacts[0]
        for at in range(few):
            if <Py_ssize_t>docs[at] >= size:
                raise IndexError("an impact of a document that does not exist")
            sums[docs[at]] += <i32>weight * impacts[4 * few + at]


# Each of these goes through all documents for one slot, so that a processor takes several at once.


cdef void _discount(
    float* occurrence, const float* lengths, float weight, double share, Py_ssize_t size
) noexcept nogil:
    """What an occurrence counts in a field of each document: less in a long text."""
    cdef Py_ssize_t doc
    cdef float apart = 1 - share, by_length = share
    for doc in range(size):
        occurrence[doc] = weight / (apart + by_length * lengths[doc])


cdef void _saturate(
    float* total, const float* times, Py_ssize_t field, const float* occurrence, float share,
    float saturation, Py_ssize_t size
) noexcept nogil:
    """Add the occurrences of a slot in all fields, one ``field`` after the other, saturated."""
    cdef Py_ssize_t doc
    cdef float tf
    for doc in range(size):
        tf = times[doc] * occurrence[doc]
        tf += times[field + doc] * occurrence[size + doc]
        tf += times[2 * field + doc] * occurrence[2 * size + doc]
        total[doc] += share * tf / (tf + saturation)


cdef void _cover(
    float* headline, float* either, const float* folded, const float* keyed, Py_ssize_t field,
    float share, float other, bint any_sure, Py_ssize_t size
) noexcept nogil:
    """Add the share of a slot that is in the headline, and in headline or summary."""
    cdef Py_ssize_t doc
    cdef float here, lead, right = 1 if any_sure else 0
    for doc in range(size):
        here = other if folded[doc] > 0 else 0
        lead = other if folded[field + doc] > 0 else 0
        here = max(here, right if keyed[doc] > 0 else 0)
        lead = max(lead, right if keyed[field + doc] > 0 else 0)
        headline[doc] += share * here
        either[doc] += share * max(here, lead)


cdef void _add_proximity(
    float* together, float* nearby, const float* proximity, Py_ssize_t field, float share, float weight,
    Py_ssize_t size
) noexcept nogil:
    """Add how near a slot is to the next, in headline or summary, and anywhere."""
    cdef Py_ssize_t doc
    cdef float here
    for doc in range(size):
        here = max(proximity[doc], proximity[field + doc])
        together[doc] += share * here
        nearby[doc] += weight * max(here, proximity[2 * field + doc])


cdef float power(float base, float exponent) noexcept nogil:
    """A power, most often the fourth."""
    return base * base * base * base if exponent == 4 else powf(base, exponent)
