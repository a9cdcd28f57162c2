/*
 * A scatterlist in the shape the kernel gives it: entries of 32 bytes in chunks of 128, the last
 * entry of a full chunk pointing to the next. Written from the documented rules; no kernel code.
 */
#ifndef SG_KERNEL_SHAPE_H
#define SG_KERNEL_SHAPE_H

#include <stdint.h>

#define PAGE_BYTES 4096u
#define CHUNK_ENTRIES 128u

/* page_link: frame number << 2, or a chunk's address; bit 0 chain, bit 1 last. */
struct sg_entry {
  uint64_t page_link;
  uint32_t offset;
  uint32_t length;
  uint64_t dma_address;
  uint32_t dma_length;
  uint32_t dma_flags;
};

struct sg_list {
  struct sg_entry *first;
  uint32_t nents;
  /* Segments after mapping. */
  uint32_t mapped;
};

#define LINK_CHAIN 1u
#define LINK_LAST 2u

static inline struct sg_entry *sg_following(struct sg_entry *entry) {
  if (entry->page_link & LINK_LAST) {
    return 0;
  }
  entry++;
  if (entry->page_link & LINK_CHAIN) {
    entry = (struct sg_entry *) (entry->page_link & ~3ull);
  }
  return entry;
}

static inline uint64_t sg_frame(const struct sg_entry *entry) {
  return entry->page_link >> 2;
}

int sg_list_build(struct sg_list *list, const uint64_t *frames, uint64_t pages, uint32_t max_bytes);
void sg_list_free(struct sg_list *list);

#endif
