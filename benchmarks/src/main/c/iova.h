/*
 * An allocator of IO virtual addresses in the shape of the kernel's: magazines for ranges of up to
 * 32 pages, below them a balanced tree walked downwards from the last allocation. Own code.
 */
#ifndef IOVA_H
#define IOVA_H

#include <stdint.h>

#define CACHED_ORDERS 6
#define MAGAZINE_SIZE 127
#define DEPOT_SIZE 32

struct iova_node {
  struct iova_node *parent, *left, *right;
  struct iova_node *below, *above;
  uint64_t low, high;
  uint32_t priority;
};

struct magazine {
  uint64_t size;
  uint64_t starts[MAGAZINE_SIZE];
};

struct iova_cache {
  int lock;
  struct magazine *loaded, *previous;
  struct magazine *depot[DEPOT_SIZE];
  uint32_t depot_size;
};

struct iova_space {
  int lock;
  struct iova_node *root, *cached;
  struct iova_node *free_nodes;
  struct iova_node anchor;
  uint64_t limit;
  uint32_t random;
  struct iova_cache caches[CACHED_ORDERS];
};

void iova_init(struct iova_space *space, uint64_t limit);
/* The first page of a range aligned to its size, or zero. */
uint64_t iova_alloc(struct iova_space *space, uint64_t pages);
void iova_free(struct iova_space *space, uint64_t start, uint64_t pages);

#endif
