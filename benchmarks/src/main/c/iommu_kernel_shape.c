/*
 * Mapping through an IOMMU in the kernel's shape: a scatterlist is built, one IOVA range taken for
 * it, each physically contiguous stretch mapped by a call that chooses page sizes, makes the entry's
 * attributes, descends the table from its root and ends with a store barrier, and the device
 * addresses are written back into the list. On the way back the list is walked for its range, every
 * leaf removed is reported to the driver, which gathers the range to invalidate, and one
 * synchronisation follows; its cost in hardware is not charged. Tables stay where they are until a
 * whole one is unmapped. Own code; four levels of 512 entries, leaves of 4 KiB, 2 MiB and 1 GiB.
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

#define MAY_READ 1u
#define MAY_WRITE 2u
#define MAY_CACHE 4u
#define MAY_NOT_EXECUTE 8u

struct page_table;

/* The range whose translations must be dropped, and the page size of its entries. */
struct gather {
  uint64_t first, last, page_size;
};

struct table_ops {
  int (*map)(
      struct page_table *, uint64_t iova, uint64_t address, uint64_t size, uint64_t count,
      uint32_t access, uint64_t *mapped);
  uint64_t (*unmap)(
      struct page_table *, uint64_t iova, uint64_t size, uint64_t count, struct gather *);
};

/* What the driver of the hardware is told of. */
struct flush_ops {
  void (*add_page)(void *driver, struct gather *, uint64_t iova, uint64_t size);
  void (*walk_changed)(void *driver, uint64_t iova, uint64_t size, uint64_t granule);
  void (*sync)(void *driver, struct gather *);
};

struct page_table {
  const struct table_ops *ops;
  const struct flush_ops *flush;
  void *driver;
  struct table_page *root;
  struct table_page *free_pages;
};

/* Counts what hardware would do. */
struct driver {
  uint64_t syncs, walks;
};

struct iommu {
  struct driver driver;
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

static void gather_add(void *driver, struct gather *gather, uint64_t iova, uint64_t size) {
  uint64_t last = iova + size - 1;
  int disjoint = gather->last && (gather->page_size != size || last + 1 < gather->first
                                  || iova > gather->last + 1);
  if (disjoint) {
    ((struct driver *) driver)->syncs++;
    *gather = (struct gather) {UINT64_MAX, 0, 0};
  }
  gather->page_size = size;
  gather->first = iova < gather->first ? iova : gather->first;
  gather->last = last > gather->last ? last : gather->last;
}

static void walk_changed(void *driver, uint64_t iova, uint64_t size, uint64_t granule) {
  (void) iova, (void) size, (void) granule;
  ((struct driver *) driver)->walks++;
}

static void sync_gathered(void *driver, struct gather *gather) {
  ((struct driver *) driver)->syncs += gather->last != 0;
}

static const struct flush_ops FLUSH = {gather_add, walk_changed, sync_gathered};

/* Attributes of an entry: not global, access, memory type, shareability, execution. */
static uint64_t attributes(uint32_t access) {
  uint64_t bits = 1ull << 11 | 1ull << 6;
  if (!(access & MAY_WRITE) && (access & MAY_READ)) {
    bits |= 1ull << 7;
  }
  if (access & MAY_CACHE) {
    bits |= 1ull << 2 | 3ull << 8;
  } else {
    bits |= 2ull << 8;
  }
  if (access & MAY_NOT_EXECUTE) {
    bits |= 1ull << 54;
  }
  return bits;
}

/* An empty table in the way of a large leaf is reclaimed; anything else there is in use. */
static int write_leaves(
    struct page_table *table, uint64_t *entries, uint64_t address, int level, uint64_t count,
    uint64_t bits) {
  uint64_t step = 1ull << shift_of(level);
  for (uint64_t at = 0; at < count; at++) {
    if (is_table(entries[at], level)) {
      free_below(table, entries[at], level + 1);
    } else if (entries[at] & PTE_VALID) {
      return -1;
    }
    uint64_t kind = level == LEVELS - 1 ? PTE_TABLE : 0;
    __atomic_store_n(
        &entries[at], (address + at * step) | bits | PTE_VALID | kind, __ATOMIC_RELAXED);
  }
  return 0;
}

static int map_level(
    struct page_table *table, struct table_page *page, int level, uint64_t iova, uint64_t address,
    uint64_t size, uint64_t count, uint64_t bits, uint64_t *mapped) {
  uint64_t index = iova >> shift_of(level) & (FANOUT - 1);
  uint64_t *entry = &page->entries[index];
  if (size == 1ull << shift_of(level)) {
    uint64_t here = count < FANOUT - index ? count : FANOUT - index;
    if (write_leaves(table, entry, address, level, here, bits)) {
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
      table, (struct table_page *) (next & ~4095ull), level + 1, iova, address, size, count, bits,
      mapped);
}

static int map_pages(
    struct page_table *table, uint64_t iova, uint64_t address, uint64_t size, uint64_t count,
    uint32_t access, uint64_t *mapped) {
  if (iova >> 48 || address >> 52 || !(access & (MAY_READ | MAY_WRITE))) {
    return -1;
  }
  int status = map_level(
      table, table->root, 0, iova, address, size, count, attributes(access), mapped);
  write_barrier();
  return status;
}

static uint64_t unmap_level(
    struct page_table *table, struct table_page *page, int level, uint64_t iova, uint64_t size,
    uint64_t count, struct gather *gather) {
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
        table->flush->walk_changed(table->driver, iova + at * size, size, PAGE_BYTES);
        free_below(table, value, level + 1);
      } else {
        table->flush->add_page(table->driver, gather, iova + at * size, size);
      }
    }
    return at * size;
  }
  if (!is_table(value, level)) {
    return 0;
  }
  return unmap_level(
      table, (struct table_page *) (value & ~4095ull), level + 1, iova, size, count, gather);
}

static uint64_t unmap_pages(
    struct page_table *table, uint64_t iova, uint64_t size, uint64_t count,
    struct gather *gather) {
  return iova >> 48 ? 0 : unmap_level(table, table->root, 0, iova, size, count, gather);
}

static const struct table_ops OPS = {map_pages, unmap_pages};

#define ACCESS (MAY_READ | MAY_WRITE | MAY_CACHE)

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
    if (iommu->table.ops->map(&iommu->table, iova, address, size, count, ACCESS, &mapped)) {
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
  struct gather gather = {UINT64_MAX, 0, 0};
  while (done < bytes) {
    uint64_t count;
    uint64_t size = page_size(iova + done, iova + done, bytes - done, &count);
    uint64_t removed = iommu->table.ops->unmap(&iommu->table, iova + done, size, count, &gather);
    if (!removed) {
      break;
    }
    done += removed;
  }
  iommu->table.flush->sync(iommu->table.driver, &gather);
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

static __attribute__((noinline)) uint64_t map_list(struct iommu *iommu, struct sg_list *list) {
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
  list->mapped = finish_list(list, iova, UINT32_MAX);
  return iova;
}

/* Finds the range by walking the segments that map_list wrote; returns the pages removed. */
static __attribute__((noinline)) uint64_t unmap_list(struct iommu *iommu, struct sg_list *list) {
  uint64_t iova = list->first->dma_address & ~(uint64_t) (PAGE_BYTES - 1);
  uint64_t end = iova;
  uint32_t left = list->mapped;
  for (struct sg_entry *entry = list->first; entry && left; entry = sg_following(entry), left--) {
    end = entry->dma_address + entry->dma_length;
  }
  uint64_t bytes = (end - iova + PAGE_BYTES - 1) & ~(uint64_t) (PAGE_BYTES - 1);
  uint64_t removed = unmap_stretch(iommu, iova, bytes) / PAGE_BYTES;
  iova_free(&iommu->iovas, iova / PAGE_BYTES, bytes / PAGE_BYTES);
  return removed;
}

uint64_t iommu_create(
    void *unused, void *unused_too, uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
  struct iommu *iommu = calloc(1, sizeof *iommu);
  (void) unused, (void) unused_too, (void) a, (void) b, (void) c, (void) d;
  iommu->table.ops = &OPS;
  iommu->table.flush = &FLUSH;
  iommu->table.driver = &iommu->driver;
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
    sg_list_build(&list, frames + buffer * pages, pages, (uint32_t) max_bytes);
    sum += map_list(iommu, &list) & 1;
    sum += unmap_list(iommu, &list);
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
