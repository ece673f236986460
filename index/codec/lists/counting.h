/* Bits and bytes counted many at a time, for the compiled modules of this package. */

#include <stdint.h>
#include <string.h>
#if defined(_MSC_VER)
#include <intrin.h>
#define prefetch(address) _mm_prefetch((const char *)(address), _MM_HINT_T0)
static inline int lowest_bit(uint64_t word) {
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
    int64_t at, count = 0; \
    for (at = 0; at < size; at++) count += bits_of(words[at]); \
    return count;

static inline int64_t count_each(const uint64_t *words, int64_t size) {
    COUNT_BITS_OF_EACH
}

#if defined(__GNUC__) && defined(__x86_64__)
/* Nearly every processor of this kind counts bits by itself. What is compiled for all of them
   calls a function for each word, which takes ten times as long. */
__attribute__((target("popcnt")))
static inline int64_t count_quickly(const uint64_t *words, int64_t size) {
    COUNT_BITS_OF_EACH
}
static inline int64_t count_bits(const uint64_t *words, int64_t size) {
    return (__builtin_cpu_supports("popcnt") ? count_quickly : count_each)(words, size);
}
#else
#define count_bits count_each
#endif

/* The sum of fewer than 32 bytes; what is beyond them is not read. */
static inline int64_t sum_bytes(const uint8_t *bytes, int64_t size) {
    const uint64_t even = 0x00FF00FF00FF00FFu;
    uint64_t sums = 0;
    int64_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t eight;
        memcpy(&eight, bytes + at, 8);
        sums += (eight & even) + (eight >> 8 & even);
    }
    sums = sums * 0x0001000100010001u >> 48;
    for (; at < size; at++) sums += bytes[at];
    return (int64_t)sums;
}

/* Gaps of one list are added up eight bytes at a time, as long as the sum stays below a bound
   and there is no escape among them. Returns how many units were passed; adds to *number. */
static inline int64_t skip_bytes(
    const uint8_t *units, int64_t size, int64_t *number, int64_t bound
) {
    const uint64_t even = 0x00FF00FF00FF00FFu, ones = 0x0101010101010101u;
    int64_t at = 0;
    while (at + 8 <= size) {
        uint64_t eight, sums;
        memcpy(&eight, units + at, 8);
        if ((~eight - ones) & eight & ones << 7) break; /* some byte is 255, or one after it */
        sums = (eight & even) + (eight >> 8 & even);
        sums = sums * 0x0001000100010001u >> 48;
        if (*number + (int64_t)sums >= bound) break;
        *number += (int64_t)sums;
        at += 8;
    }
    return at;
}

static inline int64_t skip_pairs(
    const uint16_t *units, int64_t size, int64_t *number, int64_t bound
) {
    const uint64_t even = 0x0000FFFF0000FFFFu, ones = 0x0001000100010001u;
    int64_t at = 0;
    while (at + 4 <= size) {
        uint64_t four, sums;
        memcpy(&four, units + at, 8);
        if ((~four - ones) & four & ones << 15) break;
        sums = (four & even) + (four >> 16 & even);
        sums = (sums >> 32) + (sums & 0xFFFFFFFFu);
        if (*number + (int64_t)sums >= bound) break;
        *number += (int64_t)sums;
        at += 4;
    }
    return at;
}
