# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Features of candidates in compiled code: how often the slots of a query occur, and how near.

The twin in NumPy, which gives the same result to the last bit and is used where this optional
module is not there, is :class:`search.ranking.features.FullFeatures`. NumPy sorts and searches the
occurrences of all candidates at once; here they are walked through candidate by candidate.
"""

import numpy as np

from libc.math cimport powf
from libc.stdint cimport int64_t as i64
from libc.stdlib cimport free, qsort, realloc

cdef extern from *:
    const unsigned int MADE_FROM_SOURCE  # by setup.py

MADE_FROM = MADE_FROM_SOURCE


cdef struct Places:
    i64* places
    Py_ssize_t size
    Py_ssize_t room


cdef struct Occurring:
    const i64* places
    Py_ssize_t size


cdef int add(Places* places, i64 place) except -1 nogil:
    cdef Py_ssize_t room
    cdef void* larger
    if places.size == places.room:
        room = 2 * places.room + 64
        larger = realloc(places.places, room * sizeof(i64))
        if larger == NULL:
            with gil:
                raise MemoryError
        places.places, places.room = <i64*>larger, room
    places.places[places.size] = place
    places.size += 1
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
    cdef i64* cell_at
    cdef i64* cell_end
    cdef i64* place_at
    cdef i64* begin
    cdef i64* count

    def __init__(self, places, Py_ssize_t folds, Py_ssize_t size):
        cdef Py_ssize_t fold = 0, cell
        cdef i64 place = 0
        self.cells, self.counts, self.positions, self.ranks = places
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


def full_features(scanners, slots, const i64[::1] docs not None, int window):
    """Read all features of candidates.

    Args:
        scanners: for each field its :class:`index.codec.channel.compiled.Scanner`, or None where what
            stands there does not count.
        slots: the folds of the query, each once; the number of spellings of each slot; and of all
            of these, one after the other, the place of the fold among the folds, and the rank of
            the accent key wanted or -1: four arrays, i64.
        docs: the candidates, ascending.
        window: words further apart than this are not near.

    Returns:
        ``folded``, ``keyed`` (both of shape (fields, slots, candidates)), ``of_pairs`` (fields,
        slots - 1, candidates) and ``aligned`` (candidates,), as
        :class:`search.ranking.features.Frequencies` and :class:`~search.ranking.features.Proximity`
        explain them; f32.
    """
    cdef const i64[::1] spellings = slots[1], folds = slots[2], wanted = slots[3]
    cdef Py_ssize_t slot_count = spellings.shape[0], size = docs.shape[0], field
    shape = (len(scanners), slot_count, size)
    all_folded, all_keyed = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    all_of_pairs = np.zeros((len(scanners), max(slot_count - 1, 0), size), np.float32)
    all_aligned = np.zeros(size, np.float32)
    cdef float[:, :, ::1] folded = all_folded, keyed = all_keyed, of_pairs = all_of_pairs
    cdef float[::1] aligned = all_aligned
    if slot_count and size:
        for field, scanner in enumerate(scanners):
            if scanner is not None:
                places = scanner.places_many(slots[0], docs)
                _features_of_field(
                    Field(places, len(slots[0]), size), spellings, folds, wanted,
                    window, folded[field], keyed[field], of_pairs[field], aligned,
                )
    return all_folded, all_keyed, all_of_pairs, all_aligned


cdef int _features_of_field(
    Field field, const i64[::1] spellings, const i64[::1] folds, const i64[::1] wanted,
    int window, float[:, ::1] folded, float[:, ::1] keyed, float[:, ::1] of_pairs,
    float[::1] aligned
) except -1:
    """Count the slots in a field of every candidate, and see how near they come to each other."""
    cdef Py_ssize_t slots = spellings.shape[0], size = aligned.shape[0], row, slot, spelling
    cdef Places[2] merged  # where a slot of several spellings stands, and the slot before it
    cdef Places aligning  # where the query would begin, for each two words side by side
    cdef Occurring before, here
    merged[0].places = merged[1].places = aligning.places = NULL
    merged[0].room = merged[1].room = aligning.room = 0
    try:
        for row in range(size):
            if not field.go_to(row):
                continue
            aligning.size = spelling = before.size = 0
            for slot in range(slots):
                _places_of_slot(
                    field, &folds[spelling], &wanted[spelling], spellings[slot],
                    &merged[slot & 1], &folded[slot, row], &keyed[slot, row], &here
                )
                if before.size and here.size:
                    of_pairs[slot - 1, row] = _nearest(
                        before, here, window, slots - slot, &aligning
                    )
                before = here
                spelling += spellings[slot]
            if aligning.size and aligned[row] < 1:
                aligned[row] = max(aligned[row], _most_alike(&aligning, slots - 1))
    finally:
        free(merged[0].places)
        free(merged[1].places)
        free(aligning.places)
    return 0


cdef int _places_of_slot(
    Field field, const i64* folds, const i64* wanted, Py_ssize_t spellings,
    Places* merged, float* folded, float* keyed, Occurring* here
) except -1 nogil:
    """Where a slot stands in the candidate that a field has gone to, and how often."""
    cdef Py_ssize_t spelling, place, kept
    cdef i64 begin, count, having
    cdef bint several = False
    here.places, here.size = NULL, 0
    for spelling in range(spellings):
        begin, count = field.begin[folds[spelling]], field.count[folds[spelling]]
        if not count:
            continue
        several |= here.size > 0 and here.places != &field.positions[begin]
        here.places, here.size = &field.positions[begin], count
        folded[0] = max(folded[0], <float>count)
        if wanted[spelling] >= 0:
            having = 0
            for place in range(begin, begin + count):
                having += field.ranks[place] == wanted[spelling]
            keyed[0] = max(keyed[0], <float>having)
    if not several:
        return 0
    merged.size = 0
    for spelling in range(spellings):
        begin = field.begin[folds[spelling]]
        for place in range(begin, begin + field.count[folds[spelling]]):
            add(merged, field.positions[place])
    _sort(merged.places, merged.size)
    kept = 1
    for place in range(1, merged.size):
        if merged.places[place] != merged.places[kept - 1]:
            merged.places[kept] = merged.places[place]
            kept += 1
    here.places, here.size = merged.places, kept
    return 0


cdef float _nearest(
    Occurring before, Occurring here, int window, Py_ssize_t following, Places* aligning
) except -1 nogil:
    """How near one slot comes to the next; where they are side by side, say where the query would
    begin, less the same for every pair.
    """
    cdef Py_ssize_t at, next_at = 0
    cdef i64 apart, least = window + 1
    for at in range(before.size):
        while next_at < here.size and here.places[next_at] <= before.places[at]:
            next_at += 1
        if next_at == here.size:
            break
        apart = here.places[next_at] - before.places[at]
        least = min(least, apart)
        if apart == 1:
            add(aligning, before.places[at] + following)
    return <float>(1.0 / least) if least <= window else 0


cdef float _most_alike(Places* aligning, Py_ssize_t pairs) noexcept nogil:
    """Which share of a query's pairs would have it begin at one and the same place."""
    cdef Py_ssize_t alike = 1, most = 1, at
    _sort(aligning.places, aligning.size)
    for at in range(1, aligning.size):
        alike = alike + 1 if aligning.places[at] == aligning.places[at - 1] else 1
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
    cdef const double[::1] pairs = term_weights.pairs
    cdef double[3] weight = [weights.headline, weights.summary, weights.body]
    cdef double[3] length_share = [
        weights.headline_length, weights.summary_length, weights.body_length
    ]
    cdef double total = 0, all_pairs = 0, floor = weights.folded
    cdef float saturation = weights.saturation, other, scattered = weights.scattered
    cdef float coverage_power = weights.coverage_power, phrase_power = weights.phrase_power
    cdef float coverage, in_headline, nearness = weights.nearness, phrase, newness
    cdef Py_ssize_t slots = sure.shape[0], size = aligned.shape[0], doc, slot, field, counted = 0
    cdef bint any_sure = False
    all_parts, kept = np.zeros((7, size), np.float32), np.zeros((5, size), np.float32)
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
        for doc in range(size):
            occurrence[field * size + doc] = <float>weight[field] / (
                <float>(1 - length_share[field]) + <float>length_share[field] * lengths[field, doc]
            )
    for slot in range(slots):
        if sure[slot] > 0:
            _saturate(
                &parts[0, 0], &keyed[0, slot, 0], slots * size, occurrence,
                sure[slot] * by_key[slot], saturation, size
            )
        _saturate(
            &parts[1, 0], &folded[0, slot, 0], slots * size, occurrence,
            (floor + (1 - floor) * (1 - sure[slot])) * by_fold[slot], saturation, size
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
    return all_parts


# Each of these goes through all documents for one slot, so that a processor takes several at once.


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
