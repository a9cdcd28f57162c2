/*
 * The builder of the kernel's shape. One pass over the page array counts the segments; a second one
 * fills them, taking the next chunk when the one before is used up. As the documents describe it, a
 * table owns its chunks: each is allocated, zeroed, given its end mark and chained for every list,
 * and freed with it. A full chunk is a page and comes from a list of free pages, as a processor's
 * own page list serves it; a shorter one comes from the allocator of the C library, whose free
 * lists by size stand for the slab's. No system call is charged to C.
 */
#include "sg_kernel_shape.h"

#include <stdlib.h>
#include <string.h>

struct free_page {
  struct free_page *next;
};

static struct free_page *free_pages;

static struct sg_entry *take_page(void) {
  struct free_page *page = free_pages;
  if (!page) {
    return aligned_alloc(PAGE_BYTES, PAGE_BYTES);
  }
  free_pages = page->next;
  return (struct sg_entry *) page;
}

static void give_page(struct sg_entry *entries) {
  struct free_page *page = (struct free_page *) entries;
  page->next = free_pages;
  free_pages = page;
}

/* A chunk of empty entries, the last one marked. */
static struct sg_entry *take_chunk(uint32_t entries) {
  size_t bytes = entries * sizeof(struct sg_entry);
  struct sg_entry *chunk = entries == CHUNK_ENTRIES ? take_page() : malloc(bytes);
  if (chunk) {
    memset(chunk, 0, bytes);
    chunk[entries - 1].page_link = LINK_LAST;
  }
  return chunk;
}

static void give_chunk(struct sg_entry *chunk, uint32_t entries) {
  if (entries == CHUNK_ENTRIES) {
    give_page(chunk);
  } else {
    free(chunk);
  }
}

/* The entry after before, which needs room for needed more: in its chunk, or in one chained to it. */
static struct sg_entry *next_entry(struct sg_list *list, struct sg_entry *before, uint32_t needed) {
  struct sg_entry *place = 0;
  if (before) {
    place = before + 1;
    if (!(place->page_link & LINK_LAST) || needed == 1) {
      return place;
    }
  }
  struct sg_entry *chunk = take_chunk(needed < CHUNK_ENTRIES ? needed : CHUNK_ENTRIES);
  if (!chunk) {
    return 0;
  }
  if (place) {
    place->page_link = (uint64_t) chunk | LINK_CHAIN;
  } else {
    list->first = chunk;
  }
  return chunk;
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
  uint32_t left = count_segments(frames, pages, limit);
  struct sg_entry *entry = 0;
  uint64_t page = 0;
  list->first = 0;
  list->nents = left;
  for (; page < pages; left--) {
    uint32_t bytes = PAGE_BYTES;
    uint64_t end = page + 1;
    while (end < pages && bytes < limit && frames[end] == frames[end - 1] + 1) {
      bytes += PAGE_BYTES;
      end++;
    }
    entry = next_entry(list, entry, left);
    if (!entry) {
      sg_list_free(list);
      return -1;
    }
    entry->page_link = (entry->page_link & 3) | frames[page] << 2;
    entry->offset = 0;
    entry->length = bytes;
    page = end;
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
