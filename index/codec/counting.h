/* Bits and bytes counted many at a time, for the compiled modules of this package. */

#include <string.h>
#if defined(_MSC_VER)
#include <intrin.h>
#define prefetch(address) _mm_prefetch((const char *)(address), _MM_HINT_T0)
static inline int lowest_bit(unsigned long long word) {
    unsigned long at;
    _BitScanForward64(&at, word);
    return (int)at;
}
#define bits_of __popcnt64
#else
#define bits_of __builtin_popcountll
#define lowest_bit __builtin_ctzll
#define prefetch(address) __builtin_prefetch(address)
#endif

#define COUNT_BITS_OF_EACH \
    long long at, count = 0; \
    for (at = 0; at < size; at++) count += bits_of(words[at]); \
    return count;

static inline long long count_each(const unsigned long long *words, long long size) {
    COUNT_BITS_OF_EACH
}

#if defined(__GNUC__) && defined(__x86_64__)
/* Nearly every processor of this kind counts bits by itself. What is compiled for all of them
   calls a function for each word, which takes ten times as long. */
__attribute__((target("popcnt")))
static inline long long count_quickly(const unsigned long long *words, long long size) {
    COUNT_BITS_OF_EACH
}
static inline long long count_bits(const unsigned long long *words, long long size) {
    return (__builtin_cpu_supports("popcnt") ? count_quickly : count_each)(words, size);
}
#else
#define count_bits count_each
#endif

/* The sum of fewer than 32 bytes; what is beyond them is not read. */
static inline long long sum_bytes(const unsigned char *bytes, long long size) {
    const unsigned long long even = 0x00FF00FF00FF00FFULL;
    unsigned long long sums = 0;
    long long at = 0;
    for (; at + 8 <= size; at += 8) {
        unsigned long long eight;
        memcpy(&eight, bytes + at, 8);
        sums += (eight & even) + (eight >> 8 & even);
    }
    sums = sums * 0x0001000100010001ULL >> 48;
    for (; at < size; at++) sums += bytes[at];
    return (long long)sums;
}

/* Gaps of one list are added up eight bytes at a time, as long as the sum stays below a bound
   and there is no escape among them. Returns how many units were passed; adds to *number. */
static inline long long skip_bytes(
    const unsigned char *units, long long size, long long *number, long long bound
) {
    const unsigned long long even = 0x00FF00FF00FF00FFULL, ones = 0x0101010101010101ULL;
    long long at = 0;
    while (at + 8 <= size) {
        unsigned long long eight, sums;
        memcpy(&eight, units + at, 8);
        if ((~eight - ones) & eight & ones << 7) break; /* some byte is 255, or one after it */
        sums = (eight & even) + (eight >> 8 & even);
        sums = sums * 0x0001000100010001ULL >> 48;
        if (*number + (long long)sums >= bound) break;
        *number += (long long)sums;
        at += 8;
    }
    return at;
}

static inline long long skip_pairs(
    const unsigned short *units, long long size, long long *number, long long bound
) {
    const unsigned long long even = 0x0000FFFF0000FFFFULL, ones = 0x0001000100010001ULL;
    long long at = 0;
    while (at + 4 <= size) {
        unsigned long long four, sums;
        memcpy(&four, units + at, 8);
        if ((~four - ones) & four & ones << 15) break;
        sums = (four & even) + (four >> 16 & even);
        sums = (sums >> 32) + (sums & 0xFFFFFFFFULL);
        if (*number + (long long)sums >= bound) break;
        *number += (long long)sums;
        at += 4;
    }
    return at;
}
