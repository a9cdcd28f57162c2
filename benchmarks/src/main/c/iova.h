/*
 * An allocator of IO virtual addresses in the shape of the kernel's: for each CPU magazines for
 * ranges of up to 32 pages, below them a balanced tree walked downwards from the last allocation.
 * Own code.
 */
#ifndef IOVA_H
#define IOVA_H

#include "kernel_work.h"
#include "search_tree.h"

#define CACHED_ORDERS 6
#define MAGAZINE_SIZE 127

struct iova_node {
  struct tree_node tree;
  struct iova_node *below, *above;
  uint64_t high;
};

struct magazine {
  union {
    uint64_t size;
    /* In the depot, where every magazine is full. */
    struct magazine *next;
  };
  uint64_t starts[MAGAZINE_SIZE];
};

/* Of one CPU. */
struct iova_cpu_cache {
  struct spinlock lock;
  struct magazine *loaded, *previous;
};

struct iova_cache {
  struct spinlock depot_lock;
  struct magazine *depot;
  uint64_t depot_size;
  struct iova_cpu_cache *cpus;
};

struct iova_space {
  struct spinlock lock;
  struct search_tree tree;
  struct iova_node *cached;
  struct iova_node anchor;
  struct slab_cache nodes;
  struct slab_cache magazines;
  uint64_t limit;
  struct iova_cache caches[CACHED_ORDERS];
};

void iova_init(struct iova_space *space, uint64_t limit);
/* The first page of a range aligned to its size, or zero. */
uint64_t iova_alloc(struct iova_space *space, uint64_t pages);
void iova_free(struct iova_space *space, uint64_t start, uint64_t pages);

#endif
