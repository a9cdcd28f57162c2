/*
 * The builder of the kernel's shape: one pass over the page array counts the segments, a second
 * one fills them. Chunks come from free lists, full ones from a list of pages and the last, partial
 * one from lists by power of two, as the page and slab allocators would serve them: no system call
 * is charged to C.
 */
#include "sg_kernel_shape.h"

#include <stdlib.h>
#include <string.h>

#define SIZE_CLASSES 8

struct free_chunk {
  struct free_chunk *next;
};

static struct free_chunk *free_chunks[SIZE_CLASSES];

static inline uint32_t size_class(uint32_t entries) {
  return entries <= 1 ? 0 : 32 - __builtin_clz(entries - 1);
}

static struct sg_entry *take_chunk(uint32_t entries) {
  uint32_t class = size_class(entries);
  struct free_chunk *chunk = free_chunks[class];
  if (chunk) {
    free_chunks[class] = chunk->next;
  } else {
    chunk = aligned_alloc(64, ((32u << class) + 63) & ~63u);
    if (!chunk) {
      return 0;
    }
  }
  memset(chunk, 0, entries * sizeof(struct sg_entry));
  return (struct sg_entry *) chunk;
}

static void give_chunk(struct sg_entry *entries, uint32_t count) {
  uint32_t class = size_class(count);
  struct free_chunk *chunk = (struct free_chunk *) entries;
  chunk->next = free_chunks[class];
  free_chunks[class] = chunk;
}

/* Chunks of 128 with 127 segments and a link each; the last one as long as needed. */
static int list_alloc(struct sg_list *list, uint32_t nents) {
  struct sg_entry *before = 0;
  uint32_t left = nents;
  list->nents = nents;
  list->first = 0;
  while (left) {
    uint32_t here = left > CHUNK_ENTRIES ? CHUNK_ENTRIES : left;
    uint32_t used = left > CHUNK_ENTRIES ? CHUNK_ENTRIES - 1 : left;
    struct sg_entry *chunk = take_chunk(here);
    if (!chunk) {
      return -1;
    }
    if (before) {
      before[CHUNK_ENTRIES - 1].page_link = (uint64_t) chunk | LINK_CHAIN;
    } else {
      list->first = chunk;
    }
    left -= used;
    if (!left) {
      chunk[used - 1].page_link |= LINK_LAST;
    }
    before = chunk;
  }
  return 0;
}

__attribute__((noinline)) void sg_list_free(struct sg_list *list) {
  struct sg_entry *chunk = list->first;
  uint32_t left = list->nents;
  while (chunk) {
    struct sg_entry *next = 0;
    uint32_t here = left;
    if (left > CHUNK_ENTRIES) {
      next = (struct sg_entry *) (chunk[CHUNK_ENTRIES - 1].page_link & ~3ull);
      here = CHUNK_ENTRIES;
      left -= CHUNK_ENTRIES - 1;
    }
    give_chunk(chunk, here);
    chunk = next;
  }
  list->first = 0;
}

static uint32_t count_segments(const uint64_t *frames, uint64_t pages, uint32_t max_bytes) {
  uint32_t segments = 1;
  uint32_t bytes = PAGE_BYTES;
  for (uint64_t page = 1; page < pages; page++) {
    if (bytes >= max_bytes || frames[page] != frames[page - 1] + 1) {
      segments++;
      bytes = 0;
    }
    bytes += PAGE_BYTES;
  }
  return segments;
}

__attribute__((noinline)) int sg_list_build(
    struct sg_list *list, const uint64_t *frames, uint64_t pages, uint32_t max_bytes) {
  uint32_t limit = max_bytes & ~(PAGE_BYTES - 1);
  if (list_alloc(list, count_segments(frames, pages, limit))) {
    return -1;
  }
  struct sg_entry *entry = list->first;
  uint64_t page = 0;
  while (page < pages) {
    uint32_t bytes = PAGE_BYTES;
    uint64_t end = page + 1;
    while (end < pages && bytes < limit && frames[end] == frames[end - 1] + 1) {
      bytes += PAGE_BYTES;
      end++;
    }
    entry->page_link = (entry->page_link & 3) | frames[page] << 2;
    entry->offset = 0;
    entry->length = bytes;
    page = end;
    entry = sg_following(entry);
  }
  return 0;
}

/* Builds and frees ops lists in rotation; the sum of their segment counts. */
uint64_t sg_kernel_ops(
    const uint64_t *frames, void *unused, uint64_t ops, uint64_t buffers, uint64_t pages,
    uint64_t max_bytes) {
  uint64_t sum = 0;
  uint64_t buffer = 0;
  struct sg_list list;
  (void) unused;
  for (uint64_t op = 0; op < ops; op++) {
    sg_list_build(&list, frames + buffer * pages, pages, (uint32_t) max_bytes);
    sum += list.nents;
    sg_list_free(&list);
    buffer = buffer + 1 == buffers ? 0 : buffer + 1;
  }
  return sum;
}

/* As sg_kernel_ops, and each list gets its device addresses as a direct mapping with a mask. */
uint64_t sg_direct_ops(
    const uint64_t *frames, void *unused, uint64_t ops, uint64_t buffers, uint64_t pages,
    uint64_t mask) {
  uint64_t sum = 0;
  uint64_t buffer = 0;
  struct sg_list list;
  (void) unused;
  for (uint64_t op = 0; op < ops; op++) {
    sg_list_build(&list, frames + buffer * pages, pages, UINT32_MAX);
    for (struct sg_entry *entry = list.first; entry; entry = sg_following(entry)) {
      uint64_t address = sg_frame(entry) * PAGE_BYTES + entry->offset;
      if ((address + entry->length - 1) & ~mask) {
        return 0;
      }
      entry->dma_address = address;
      entry->dma_length = entry->length;
    }
    sum += list.nents;
    sg_list_free(&list);
    buffer = buffer + 1 == buffers ? 0 : buffer + 1;
  }
  return sum;
}

/* A digest of every segment of every buffer, to compare with the other side's. */
uint64_t sg_kernel_digest(
    const uint64_t *frames, void *unused, uint64_t unused_ops, uint64_t buffers, uint64_t pages,
    uint64_t max_bytes) {
  uint64_t digest = 0;
  struct sg_list list;
  (void) unused;
  (void) unused_ops;
  for (uint64_t buffer = 0; buffer < buffers; buffer++) {
    sg_list_build(&list, frames + buffer * pages, pages, (uint32_t) max_bytes);
    for (struct sg_entry *entry = list.first; entry; entry = sg_following(entry)) {
      digest = digest * 31 + sg_frame(entry) * PAGE_BYTES;
      digest = digest * 31 + entry->length;
    }
    sg_list_free(&list);
  }
  return digest;
}
