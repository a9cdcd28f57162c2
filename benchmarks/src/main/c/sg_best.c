/*
 * The best builder in C we know how to write: one pass, structure of arrays, reused columns, no
 * allocation. With AVX-512 it compares sixteen frames a step and compresses out the starts of runs.
 */
#include <stdint.h>
#include <stdlib.h>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

#define SLACK 16

static uint64_t *addresses;
static uint32_t *lengths;
static uint32_t *starts;
static uint64_t capacity;

static int ensure(uint64_t pages) {
  if (pages + SLACK <= capacity) {
    return 0;
  }
  capacity = pages + SLACK;
  free(addresses);
  free(lengths);
  free(starts);
  addresses = malloc(capacity * sizeof *addresses);
  lengths = malloc(capacity * sizeof *lengths);
  starts = malloc((capacity + 1) * sizeof *starts);
  return addresses && lengths && starts ? 0 : -1;
}

/* Cuts run by run, backwards, so that the columns can be widened in place. */
static uint64_t cut(uint64_t runs, uint64_t max_pages) {
  uint64_t total = 0;
  for (uint64_t run = 0; run < runs; run++) {
    total += (lengths[run] + max_pages - 1) / max_pages;
  }
  uint64_t at = total;
  for (uint64_t run = runs; run-- > 0;) {
    uint64_t address = addresses[run];
    uint64_t pages = lengths[run];
    uint64_t pieces = (pages + max_pages - 1) / max_pages;
    at -= pieces;
    for (uint64_t piece = pieces; piece-- > 0;) {
      addresses[at + piece] = address + piece * max_pages * 4096;
      lengths[at + piece] =
          (uint32_t) ((piece + 1 == pieces ? pages - piece * max_pages : max_pages) * 4096);
    }
  }
  return total;
}

static uint64_t find_scalar(const uint64_t *frames, uint64_t page, uint64_t pages, uint64_t runs) {
  for (; page < pages; page++) {
    if (frames[page] != frames[page - 1] + 1) {
      addresses[runs] = frames[page] << 12;
      starts[runs++] = (uint32_t) page;
    }
  }
  return runs;
}

#ifdef __AVX512F__
static inline uint64_t keep(__m512i frames, __mmask8 breaks, uint64_t page, uint64_t runs) {
  __m512i shifted = _mm512_slli_epi64(frames, 12);
  __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  __m256i indices = _mm256_add_epi32(lanes, _mm256_set1_epi32((int) page));
  __m512i wide = _mm512_castsi256_si512(indices);
  _mm512_storeu_si512(addresses + runs, _mm512_maskz_compress_epi64(breaks, shifted));
  __m512i packed = _mm512_maskz_compress_epi32(breaks, wide);
  _mm256_storeu_si256((__m256i *) (starts + runs), _mm512_castsi512_si256(packed));
  return runs + (uint64_t) __builtin_popcount(breaks);
}

static uint64_t find(const uint64_t *frames, uint64_t pages) {
  const __m512i one = _mm512_set1_epi64(1);
  uint64_t runs = 1;
  uint64_t page = 1;
  addresses[0] = frames[0] << 12;
  starts[0] = 0;
  for (; page + 16 <= pages; page += 16) {
    __m512i low = _mm512_loadu_si512(frames + page);
    __m512i high = _mm512_loadu_si512(frames + page + 8);
    __m512i low_before = _mm512_loadu_si512(frames + page - 1);
    __m512i high_before = _mm512_loadu_si512(frames + page + 7);
    __mmask8 low_breaks = _mm512_cmpneq_epi64_mask(low, _mm512_add_epi64(low_before, one));
    __mmask8 high_breaks = _mm512_cmpneq_epi64_mask(high, _mm512_add_epi64(high_before, one));
    if (low_breaks | high_breaks) {
      runs = keep(low, low_breaks, page, runs);
      runs = keep(high, high_breaks, page + 8, runs);
    }
  }
  return find_scalar(frames, page, pages, runs);
}
#else
static uint64_t find(const uint64_t *frames, uint64_t pages) {
  addresses[0] = frames[0] << 12;
  starts[0] = 0;
  return find_scalar(frames, 1, pages, 1);
}
#endif

static uint64_t build(const uint64_t *frames, uint64_t pages, uint64_t max_pages) {
  uint64_t runs = find(frames, pages);
  uint32_t longest = 0;
  starts[runs] = (uint32_t) pages;
  for (uint64_t run = 0; run < runs; run++) {
    uint32_t length = starts[run + 1] - starts[run];
    longest = length > longest ? length : longest;
    lengths[run] = length;
  }
  if (longest > max_pages) {
    return cut(runs, max_pages);
  }
  for (uint64_t run = 0; run < runs; run++) {
    lengths[run] <<= 12;
  }
  return runs;
}

uint64_t sg_best_ops(
    const uint64_t *frames, void *unused, uint64_t ops, uint64_t buffers, uint64_t pages,
    uint64_t max_bytes) {
  uint64_t sum = 0;
  uint64_t buffer = 0;
  (void) unused;
  if (ensure(pages)) {
    return 0;
  }
  for (uint64_t op = 0; op < ops; op++) {
    sum += build(frames + buffer * pages, pages, max_bytes >> 12);
    buffer = buffer + 1 == buffers ? 0 : buffer + 1;
  }
  return sum;
}

uint64_t sg_best_digest(
    const uint64_t *frames, void *unused, uint64_t unused_ops, uint64_t buffers, uint64_t pages,
    uint64_t max_bytes) {
  uint64_t digest = 0;
  (void) unused;
  (void) unused_ops;
  if (ensure(pages)) {
    return 0;
  }
  for (uint64_t buffer = 0; buffer < buffers; buffer++) {
    uint64_t nents = build(frames + buffer * pages, pages, max_bytes >> 12);
    for (uint64_t segment = 0; segment < nents; segment++) {
      digest = digest * 31 + addresses[segment];
      digest = digest * 31 + lengths[segment];
    }
  }
  return digest;
}
