/*
 * Mapping through an IOMMU in the kernel's shape: a scatterlist is built, one IOVA range taken for
 * it, each physically contiguous stretch mapped by a call that chooses page sizes and descends the
 * table from its root, and the device addresses written back into the list. Own code; four levels
 * of 512 entries, leaves of 4 KiB, 2 MiB and 1 GiB.
 */
#include "iova.h"
#include "sg_kernel_shape.h"

#include <stdlib.h>
#include <string.h>

#define LEVELS 4
#define FANOUT 512u
#define PTE_VALID 1ull
#define PTE_TABLE 2ull
#define SIZES ((1ull << 12) | (1ull << 21) | (1ull << 30))

struct table_page {
  uint64_t entries[FANOUT];
};

struct page_table;

struct table_ops {
  int (*map)(
      struct page_table *, uint64_t iova, uint64_t address, uint64_t size, uint64_t count,
      uint64_t *mapped);
  uint64_t (*unmap)(struct page_table *, uint64_t iova, uint64_t size, uint64_t count);
};

struct page_table {
  const struct table_ops *ops;
  struct table_page *root;
  struct table_page *free_pages;
};

struct iommu {
  struct page_table table;
  struct iova_space iovas;
};

static struct table_page *take_page(struct page_table *table) {
  struct table_page *page = table->free_pages;
  if (page) {
    table->free_pages = (struct table_page *) page->entries[0];
  } else {
    page = aligned_alloc(4096, sizeof *page);
  }
  memset(page, 0, sizeof *page);
  return page;
}

static void give_page(struct page_table *table, struct table_page *page) {
  page->entries[0] = (uint64_t) table->free_pages;
  table->free_pages = page;
}

static inline uint32_t shift_of(int level) {
  return 12 + 9 * (LEVELS - 1 - level);
}

static inline int is_table(uint64_t entry, int level) {
  return level < LEVELS - 1 && (entry & (PTE_VALID | PTE_TABLE)) == (PTE_VALID | PTE_TABLE);
}

static void free_below(struct page_table *table, uint64_t entry, int level) {
  struct table_page *page = (struct table_page *) (entry & ~4095ull);
  if (level < LEVELS - 1) {
    for (uint32_t at = 0; at < FANOUT; at++) {
      if (is_table(page->entries[at], level)) {
        free_below(table, page->entries[at], level + 1);
      }
    }
  }
  give_page(table, page);
}

/* An empty table in the way of a large leaf is reclaimed; anything else there is in use. */
static int write_leaves(
    struct page_table *table, uint64_t *entries, uint64_t address, int level, uint64_t count) {
  uint64_t step = 1ull << shift_of(level);
  for (uint64_t at = 0; at < count; at++) {
    if (is_table(entries[at], level)) {
      free_below(table, entries[at], level + 1);
    } else if (entries[at] & PTE_VALID) {
      return -1;
    }
    uint64_t kind = level == LEVELS - 1 ? PTE_TABLE : 0;
    __atomic_store_n(
        &entries[at], (address + at * step) | 0x7c0 | PTE_VALID | kind, __ATOMIC_RELAXED);
  }
  return 0;
}

static int map_level(
    struct page_table *table, struct table_page *page, int level, uint64_t iova, uint64_t address,
    uint64_t size, uint64_t count, uint64_t *mapped) {
  uint64_t index = iova >> shift_of(level) & (FANOUT - 1);
  uint64_t *entry = &page->entries[index];
  if (size == 1ull << shift_of(level)) {
    uint64_t here = count < FANOUT - index ? count : FANOUT - index;
    if (write_leaves(table, entry, address, level, here)) {
      return -1;
    }
    *mapped += here * size;
    return 0;
  }
  if (level == LEVELS - 1) {
    return -1;
  }
  uint64_t next = __atomic_load_n(entry, __ATOMIC_RELAXED);
  if (!next) {
    next = (uint64_t) take_page(table) | PTE_VALID | PTE_TABLE;
    uint64_t none = 0;
    __atomic_compare_exchange_n(entry, &none, next, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
  } else if (!is_table(next, level)) {
    return -1;
  }
  return map_level(
      table, (struct table_page *) (next & ~4095ull), level + 1, iova, address, size, count, mapped);
}

static int map_pages(
    struct page_table *table, uint64_t iova, uint64_t address, uint64_t size, uint64_t count,
    uint64_t *mapped) {
  if (iova >> 48 || address >> 52) {
    return -1;
  }
  return map_level(table, table->root, 0, iova, address, size, count, mapped);
}

static uint64_t unmap_level(
    struct page_table *table, struct table_page *page, int level, uint64_t iova, uint64_t size,
    uint64_t count) {
  uint64_t index = iova >> shift_of(level) & (FANOUT - 1);
  uint64_t *entry = &page->entries[index];
  uint64_t value = __atomic_load_n(entry, __ATOMIC_RELAXED);
  if (!value) {
    return 0;
  }
  if (size == 1ull << shift_of(level)) {
    uint64_t here = count < FANOUT - index ? count : FANOUT - index;
    uint64_t at = 0;
    for (; at < here; at++) {
      value = __atomic_load_n(&entry[at], __ATOMIC_RELAXED);
      if (!value) {
        break;
      }
      __atomic_store_n(&entry[at], 0, __ATOMIC_RELAXED);
      if (is_table(value, level)) {
        free_below(table, value, level + 1);
      }
    }
    return at * size;
  }
  if (!is_table(value, level)) {
    return 0;
  }
  return unmap_level(
      table, (struct table_page *) (value & ~4095ull), level + 1, iova, size, count);
}

static uint64_t unmap_pages(
    struct page_table *table, uint64_t iova, uint64_t size, uint64_t count) {
  return iova >> 48 ? 0 : unmap_level(table, table->root, 0, iova, size, count);
}

static const struct table_ops OPS = {map_pages, unmap_pages};

/* The largest page that addresses and length allow, and how many of it before a larger one. */
static uint64_t page_size(uint64_t iova, uint64_t address, uint64_t bytes, uint64_t *count) {
  uint64_t merge = iova | address;
  uint64_t sizes = SIZES & ((2ull << (63 - __builtin_clzll(bytes))) - 1);
  if (merge) {
    sizes &= (2ull << __builtin_ctzll(merge)) - 1;
  }
  uint64_t size = 1ull << (63 - __builtin_clzll(sizes));
  uint64_t larger = SIZES & ~((size << 1) - 1);
  *count = bytes / size;
  if (larger) {
    uint64_t next = larger & -larger;
    if (((iova ^ address) & (next - 1)) == 0) {
      uint64_t up_to = next - (merge & (next - 1));
      if (up_to + next <= bytes) {
        *count = up_to / size;
      }
    }
  }
  return size;
}

__attribute__((noinline)) static int map_stretch(
    struct iommu *iommu, uint64_t iova, uint64_t address, uint64_t bytes) {
  if ((iova | address | bytes) & (PAGE_BYTES - 1)) {
    return -1;
  }
  while (bytes) {
    uint64_t count;
    uint64_t mapped = 0;
    uint64_t size = page_size(iova, address, bytes, &count);
    if (iommu->table.ops->map(&iommu->table, iova, address, size, count, &mapped)) {
      return -1;
    }
    iova += mapped;
    address += mapped;
    bytes -= mapped;
  }
  return 0;
}

__attribute__((noinline)) static uint64_t unmap_stretch(
    struct iommu *iommu, uint64_t iova, uint64_t bytes) {
  uint64_t done = 0;
  while (done < bytes) {
    uint64_t count;
    uint64_t size = page_size(iova + done, iova + done, bytes - done, &count);
    uint64_t removed = iommu->table.ops->unmap(&iommu->table, iova + done, size, count);
    if (!removed) {
      break;
    }
    done += removed;
  }
  return done;
}

/* Physically contiguous neighbours are mapped by one call. */
static int map_entries(struct iommu *iommu, uint64_t iova, struct sg_entry *entry) {
  uint64_t start = 0;
  uint64_t bytes = 0;
  uint64_t done = 0;
  for (; entry; entry = sg_following(entry)) {
    uint64_t address = sg_frame(entry) * PAGE_BYTES + entry->offset;
    if (bytes && start + bytes != address) {
      if (map_stretch(iommu, iova + done, start, bytes)) {
        return -1;
      }
      done += bytes;
      bytes = 0;
    }
    start = bytes ? start : address;
    bytes += entry->length;
  }
  return map_stretch(iommu, iova + done, start, bytes);
}

/* Merges the list into as few device segments as its limit allows; their number. */
static uint32_t finish_list(struct sg_list *list, uint64_t iova, uint64_t max_bytes) {
  struct sg_entry *to = list->first;
  uint32_t segments = 0;
  uint64_t in_segment = 0;
  for (struct sg_entry *entry = list->first; entry; entry = sg_following(entry)) {
    uint32_t bytes = entry->length;
    if (!segments || in_segment + bytes > max_bytes) {
      to = segments ? sg_following(to) : to;
      to->dma_address = iova;
      to->dma_length = 0;
      in_segment = 0;
      segments++;
    }
    to->dma_length += bytes;
    in_segment += bytes;
    iova += bytes;
  }
  return segments;
}

static uint64_t map_list(struct iommu *iommu, struct sg_list *list, uint64_t *bytes) {
  uint64_t total = 0;
  for (struct sg_entry *entry = list->first; entry; entry = sg_following(entry)) {
    entry->dma_address = entry->offset;
    entry->dma_length = entry->length;
    total += (entry->offset + entry->length + PAGE_BYTES - 1) & ~(uint64_t) (PAGE_BYTES - 1);
  }
  uint64_t iova = iova_alloc(&iommu->iovas, total / PAGE_BYTES) * PAGE_BYTES;
  if (!iova || map_entries(iommu, iova, list->first)) {
    return 0;
  }
  finish_list(list, iova, UINT32_MAX);
  *bytes = total;
  return iova;
}

uint64_t iommu_create(
    void *unused, void *unused_too, uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
  struct iommu *iommu = calloc(1, sizeof *iommu);
  (void) unused, (void) unused_too, (void) a, (void) b, (void) c, (void) d;
  iommu->table.ops = &OPS;
  iommu->table.root = take_page(&iommu->table);
  iova_init(&iommu->iovas, (1ull << 36) - 1);
  return (uint64_t) iommu;
}

/* Build, map, unmap and free, ops buffers in rotation; sums the device segments. */
uint64_t iommu_pipeline_ops(
    struct iommu *iommu, const uint64_t *frames, uint64_t ops, uint64_t buffers, uint64_t pages,
    uint64_t max_bytes) {
  uint64_t sum = 0;
  uint64_t buffer = 0;
  struct sg_list list;
  for (uint64_t op = 0; op < ops; op++) {
    uint64_t bytes = 0;
    sg_list_build(&list, frames + buffer * pages, pages, (uint32_t) max_bytes);
    uint64_t iova = map_list(iommu, &list, &bytes);
    sum += unmap_stretch(iommu, iova, bytes) / PAGE_BYTES;
    iova_free(&iommu->iovas, iova / PAGE_BYTES, bytes / PAGE_BYTES);
    sg_list_free(&list);
    buffer = buffer + 1 == buffers ? 0 : buffer + 1;
  }
  return sum;
}

/* Maps ops buffers one behind the other: a call a page, as scattered frames arrive, or one a buffer. */
uint64_t iommu_map_ops(
    struct iommu *iommu, const uint64_t *frames, uint64_t ops, uint64_t buffers, uint64_t pages,
    uint64_t whole) {
  uint64_t refused = 0;
  uint64_t buffer = 0;
  uint64_t iova = 1ull << 40;
  for (uint64_t op = 0; op < ops; op++) {
    const uint64_t *from = frames + buffer * pages;
    if (whole) {
      refused += map_stretch(iommu, iova, from[0] * PAGE_BYTES, pages * PAGE_BYTES) != 0;
    } else {
      for (uint64_t page = 0; page < pages; page++) {
        refused +=
            map_stretch(iommu, iova + page * PAGE_BYTES, from[page] * PAGE_BYTES, PAGE_BYTES) != 0;
      }
    }
    iova += pages * PAGE_BYTES;
    buffer = buffer + 1 == buffers ? 0 : buffer + 1;
  }
  return refused;
}

/* Unmaps what iommu_map_ops mapped, buffer by buffer; the pages removed. */
uint64_t iommu_unmap_ops(
    struct iommu *iommu, void *unused, uint64_t ops, uint64_t pages, uint64_t c, uint64_t d) {
  uint64_t removed = 0;
  (void) unused, (void) c, (void) d;
  for (uint64_t op = 0; op < ops; op++) {
    uint64_t iova = (1ull << 40) + op * pages * PAGE_BYTES;
    removed += unmap_stretch(iommu, iova, pages * PAGE_BYTES) / PAGE_BYTES;
  }
  return removed;
}
