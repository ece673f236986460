# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""How likely each accent of each syllable of a query is, in compiled code.

The twin in NumPy, which explains the model and gives the same to within rounding, is
:class:`index.language.restoration.Restorer` without this optional module. NumPy needs some twenty
calls for each syllable, on tables of a few numbers.

What triples leave depends on the first two syllables alone, and what is said where no triple speaks
on the last two. So no table of three syllables is needed: those of two are multiplied by the one,
summed, and multiplied by the other, and the few triples are added one by one.

Whatever a file says is checked before it is a subscript: a damaged one is an IndexError, no crash.
Python's lock is kept: it is some fifteen microseconds.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdint cimport int64_t as i64, uint16_t as u16, uint32_t as u32, uint8_t as u8
from libc.string cimport memcpy, memset

cdef extern from *:
    const unsigned int MADE_FROM_SOURCE  # by setup.py

MADE_FROM = MADE_FROM_SOURCE

cdef enum:  # as index.analysis has them where it writes the arrays
    MOST_VARIANTS = 32
    GROUP = 32  # edges: groups between two of `begins`
    EXACT_SIZES = 192
    SIZE_STEP = 16
    SECOND_SHIFT = 6  # codes of pairs
    FIRST_SHIFT = 11
    KIND_BITS = 6  # codes of triples
    GAP_SHIFT = 10
    STEP = 63
    KINDS = 64
    THIRD_BITS = 3


cdef struct Slot:
    i64 form  # -1: unknown
    i64 key  # number of the first key that may be meant
    i64 variant  # which variant that is: 0, or the one that was typed with marks
    Py_ssize_t size  # how many may be meant


cdef struct Pair:
    Slot* left
    Slot* right
    i64 codes, end  # where their variants stand among the pairs
    i64 row, row_end  # and what follows on them among the triples
    # Tables of shape (variants of left, variants of right), and the length of each.
    Py_ssize_t size
    double* lower  # P(right | left) where no triple speaks
    double* joint  # how likely both are, by what stands before them
    double* back  # and by what stands behind


cdef int damaged() except -1:
    raise IndexError("entries lie beyond their array: the language model is damaged")


cdef int find_edges(
    const u8[::1] sizes, const u32[::1] begins, i64 group, i64 most, i64* begin, i64* end
) except -1:
    """The twin is :meth:`index.language.model.edges.Edges.of`."""
    cdef i64 at
    if group >= sizes.shape[0] or group // GROUP >= begins.shape[0]:
        damaged()
    end[0] = begins[group // GROUP]
    for at in range(group - group % GROUP, group + 1):
        begin[0] = end[0]
        end[0] += sizes[at]
        if sizes[at] > EXACT_SIZES:
            end[0] += (SIZE_STEP - 1) * (sizes[at] - EXACT_SIZES)
    if end[0] > most:
        damaged()
    return 0


cdef void scale(double* numbers, Py_ssize_t size) noexcept:
    """Bring numbers to a sum of 1."""
    cdef Py_ssize_t at
    cdef double total = 0
    for at in range(size):
        total += numbers[at]
    total = 1 / total
    for at in range(size):
        numbers[at] *= total


cdef class Readings:
    """Weighs the readings of runs of syllables by one model; immutable.

    Args:
        array: gives a table of the model's file, by its name.
        values: what codes stand for: counts of pairs, less a discount (16); the probability of a
            key by what is left over of it (256); shares left by pairs (256); probabilities of pairs
            (64); shares left by triples (16); probabilities of triples (16).
        unknown: the probability of a key that the model does not have.
        granted: what is added to the count of each key.
    """

    cdef const u32[::1] key_counts, row_first, pair_begins, triple_begins
    cdef const u8[::1] key_rest, key_backoff, pair_sizes, triple_sizes, pair_weights, kinds
    cdef const u16[::1] block_second, pair_codes, triple_codes
    cdef const double[::1] kept, singles, shares, pair_chances, pair_shares, triple_chances
    cdef double unknown, granted

    def __init__(self, array, values, double unknown, double granted):
        self.key_counts, self.key_rest = array("key_counts"), array("key_rest")
        self.key_backoff, self.row_first = array("key_backoff"), array("row_first")
        self.block_second = array("block_second")
        self.pair_sizes, self.pair_begins = array("block_pairs_sizes"), array("block_pairs_begins")
        self.triple_sizes = array("block_triples_sizes")
        self.triple_begins = array("block_triples_begins")
        self.pair_codes, self.pair_weights = array("pair_codes"), array("pair_weights")
        self.triple_codes, self.kinds = array("triple_codes"), array("triple_kinds")
        self.kept, self.singles, self.shares, self.pair_chances = values[:4]
        self.pair_shares, self.triple_chances = values[4:]
        self.unknown, self.granted = unknown, granted
        if (
            self.key_rest.shape[0] < self.key_counts.shape[0]
            or self.key_backoff.shape[0] < self.key_counts.shape[0]
            or self.pair_weights.shape[0] < self.pair_codes.shape[0]
            or self.kinds.shape[0] < KINDS
        ):
            damaged()

    def chances(self, syllables):
        """The twin is ``Restorer._chances``.

        Args:
            syllables: of each, as ``_Slot`` there has them, its form (-1: unknown), its first key,
                the number of its variants, and the one that was typed with marks or None; whether
                it was bare does not matter.

        Returns:
            For each syllable the probability of its variants; of one typed with marks, [1.0].
        """
        cdef Py_ssize_t size = len(syllables), pairs = max(1, size - 1), at, room = 0
        cdef Slot* slots = <Slot*>PyMem_Malloc((size + 1) * sizeof(Slot))
        cdef Pair* pair = <Pair*>PyMem_Malloc(pairs * sizeof(Pair))
        cdef double* tables = NULL
        cdef double* table
        try:
            if slots == NULL or pair == NULL:
                raise MemoryError
            if not size:
                return []
            for at in range(size):
                self.read(syllables[at], &slots[at])
            # What a syllable alone has beside it is one that says nothing.
            slots[size].form, slots[size].key, slots[size].variant, slots[size].size = -1, 0, 0, 1
            for at in range(pairs):
                room += 3 * slots[at].size * slots[at + 1].size
            table = tables = <double*>PyMem_Malloc(room * sizeof(double))
            if tables == NULL:
                raise MemoryError
            for at in range(pairs):
                pair[at].left, pair[at].right = &slots[at], &slots[at + 1]
                pair[at].size = slots[at].size * slots[at + 1].size
                pair[at].lower, pair[at].joint = table, table + pair[at].size
                pair[at].back = table + 2 * pair[at].size
                table += 3 * pair[at].size
                self.find(&pair[at])
            self.begin(pair)
            for at in range(1, pairs):
                self.go_on(&pair[at - 1], &pair[at])
            for at in range(pair[pairs - 1].size):
                pair[pairs - 1].back[at] = 1
            for at in range(pairs - 1, 0, -1):
                self.go_back(&pair[at - 1], &pair[at])
            return [sums(pair, True)] + [sums(&pair[at], False) for at in range(size - 1)]
        finally:
            PyMem_Free(slots)
            PyMem_Free(pair)
            PyMem_Free(tables)

    cdef int read(self, syllable, Slot* slot) except -1:
        form, first, size, typed, _ = syllable
        slot.form, slot.key, slot.variant, slot.size = form, first, 0, size
        if slot.form < 0:
            slot.size = 1
            return 0
        if slot.key < 0 or slot.key + slot.size > self.key_counts.shape[0]:
            damaged()
        if not 0 < slot.size <= MOST_VARIANTS:
            damaged()
        if typed is not None:
            slot.variant = typed
            if not 0 <= slot.variant < slot.size:
                damaged()
            slot.key += slot.variant
            slot.size = 1
        return 0

    cdef int find(self, Pair* pair) except -1:
        """Find the pairs of two forms and the triples that begin with them, if there are any."""
        cdef i64 low, middle, high, end
        pair.codes = pair.end = pair.row = pair.row_end = 0
        if pair.left.form < 0 or pair.right.form < 0:
            return 0
        if pair.left.form + 1 >= self.row_first.shape[0]:
            damaged()
        low, end = self.row_first[pair.left.form], self.row_first[pair.left.form + 1]
        if end > self.block_second.shape[0]:
            damaged()
        high = end
        while low < high:
            middle = (low + high) >> 1
            if self.block_second[middle] < pair.right.form:
                low = middle + 1
            else:
                high = middle
        if low < end and self.block_second[low] == pair.right.form:
            find_edges(
                self.pair_sizes, self.pair_begins, low, self.pair_codes.shape[0],
                &pair.codes, &pair.end
            )
            find_edges(
                self.triple_sizes, self.triple_begins, low, self.triple_codes.shape[0],
                &pair.row, &pair.row_end
            )
        return 0

    cdef Py_ssize_t place(self, const Pair* pair, i64 entry) noexcept:
        """Where a pair stands in the tables of its forms; -1 if other marks were typed."""
        cdef i64 first = (self.pair_codes[entry] >> FIRST_SHIFT) - pair.left.variant
        cdef i64 second = (self.pair_codes[entry] >> SECOND_SHIFT) % MOST_VARIANTS
        second -= pair.right.variant
        if 0 <= first < pair.left.size and 0 <= second < pair.right.size:
            return first * pair.right.size + second
        return -1

    cdef void rest(self, const Pair* pair, double* table) noexcept:
        """What is left for the right syllable where no pair speaks."""
        cdef Py_ssize_t left, right, columns = pair.right.size
        cdef double share = 1
        for left in range(pair.left.size):
            if pair.left.form >= 0:
                share = self.shares[self.key_backoff[pair.left.key + left]]
            for right in range(columns):
                table[left * columns + right] = (
                    self.unknown if pair.right.form < 0
                    else share * self.singles[self.key_rest[pair.right.key + right]]
                )

    cdef void begin(self, Pair* pair) noexcept:
        """How likely the first two syllables are, by counts."""
        cdef Py_ssize_t at, columns = pair.right.size
        cdef i64 entry
        cdef double count
        self.rest(pair, pair.joint)
        for entry in range(pair.codes, pair.end):
            at = self.place(pair, entry)
            if at >= 0:
                count = self.key_counts[pair.left.key + at // columns]
                pair.joint[at] += self.kept[self.pair_weights[entry] >> 4] / max(count, 1)
        for at in range(pair.size if pair.left.form >= 0 else 0):
            pair.joint[at] *= self.key_counts[pair.left.key + at // columns] + self.granted
        scale(pair.joint, pair.size)

    cdef int go_on(self, Pair* before, Pair* pair) except -1:
        """How likely two syllables are by all that stands before them."""
        cdef Py_ssize_t at, row, columns = pair.right.size
        cdef i64 entry
        cdef double through
        self.rest(pair, pair.lower)
        for entry in range(pair.codes, pair.end):
            at = self.place(pair, entry)
            if at >= 0:
                pair.lower[at] += self.pair_chances[self.pair_codes[entry] % (1 << SECOND_SHIFT)]
        memcpy(before.back, before.joint, before.size * sizeof(double))
        self.leave(before)
        for row in range(pair.left.size):
            through = 0
            for at in range(row, before.size, pair.left.size):
                through += before.back[at]
            for at in range(row * columns, (row + 1) * columns):
                pair.joint[at] = through * pair.lower[at]
        self.triples(before, pair, True)
        scale(pair.joint, pair.size)
        return 0

    cdef int go_back(self, Pair* before, Pair* pair) except -1:
        """How likely what stands behind two syllables is."""
        cdef Py_ssize_t at, row, columns = pair.right.size
        cdef double through
        for row in range(pair.left.size):
            through = 0
            for at in range(row * columns, (row + 1) * columns):
                through += pair.lower[at] * pair.back[at]
            for at in range(row, before.size, pair.left.size):
                before.back[at] = through
        self.leave(before)
        self.triples(before, pair, False)
        scale(before.back, before.size)
        return 0

    cdef void leave(self, Pair* pair) noexcept:
        """Multiply by the share that the triples of each pair leave."""
        cdef Py_ssize_t at
        cdef i64 entry
        for entry in range(pair.codes, pair.end):
            at = self.place(pair, entry)
            if at >= 0:
                pair.back[at] *= self.pair_shares[self.pair_weights[entry] & 15]

    cdef int triples(self, Pair* before, Pair* pair, bint forward) except -1:
        """Add what the triples of three syllables say, of the last two or of what is behind."""
        cdef i64 at, entry, form = 0
        cdef Py_ssize_t first, second
        cdef double chance
        cdef u16 code
        for at in range(before.row, before.row_end):
            code = self.triple_codes[at]
            if code >> GAP_SHIFT == STEP:
                form += STEP * (code % (1 << GAP_SHIFT))
                continue
            form += code >> GAP_SHIFT
            if form > pair.right.form:
                break
            if form < pair.right.form:
                continue
            entry = before.codes + (self.kinds[code % KINDS] >> THIRD_BITS)
            if entry >= before.end:
                damaged()
            first = self.place(before, entry)
            second = (self.kinds[code % KINDS] % (1 << THIRD_BITS)) - pair.right.variant
            if first < 0 or not 0 <= second < pair.right.size:
                continue
            second += first % before.right.size * pair.right.size
            chance = self.triple_chances[code >> KIND_BITS & 15]
            if forward:
                pair.joint[second] += before.joint[first] * chance
            else:
                before.back[first] += pair.back[second] * chance
        return 0


cdef list sums(const Pair* pair, bint of_left):
    """The probability of every variant of one of two syllables."""
    cdef Py_ssize_t at = 0, left, right
    cdef double[MOST_VARIANTS] chances
    memset(chances, 0, sizeof(chances))
    for left in range(pair.left.size):
        for right in range(pair.right.size):
            chances[left if of_left else right] += pair.joint[at] * pair.back[at]
            at += 1
    scale(chances, MOST_VARIANTS)
    return [chances[at] for at in range(pair.left.size if of_left else pair.right.size)]
