/*
 * Every magazine access and every tree access takes its lock, never contended here: one owner. The
 * tree is a treap whose nodes are also linked to their neighbours, so that one step of the walk is
 * one load; the kernel's red-black tree needs more. That makes this the harder baseline.
 */
#include "iova.h"

#include <stdlib.h>
#include <string.h>

static inline void lock(int *word) {
  while (__atomic_exchange_n(word, 1, __ATOMIC_ACQUIRE)) {
  }
}

static inline void unlock(int *word) {
  __atomic_store_n(word, 0, __ATOMIC_RELEASE);
}

static void replace_child(struct iova_space *space, struct iova_node *old, struct iova_node *new) {
  struct iova_node *parent = old->parent;
  if (!parent) {
    space->root = new;
  } else if (parent->left == old) {
    parent->left = new;
  } else {
    parent->right = new;
  }
  if (new) {
    new->parent = parent;
  }
}

static void rotate_up(struct iova_space *space, struct iova_node *node) {
  struct iova_node *parent = node->parent;
  replace_child(space, parent, node);
  if (parent->left == node) {
    parent->left = node->right;
    if (node->right) {
      node->right->parent = parent;
    }
    node->right = parent;
  } else {
    parent->right = node->left;
    if (node->left) {
      node->left->parent = parent;
    }
    node->left = parent;
  }
  parent->parent = node;
}

static void insert(struct iova_space *space, struct iova_node *node, struct iova_node *above) {
  struct iova_node **link = &space->root;
  struct iova_node *parent = 0;
  while (*link) {
    parent = *link;
    link = node->low < parent->low ? &parent->left : &parent->right;
  }
  *link = node;
  node->parent = parent;
  node->left = node->right = 0;
  space->random = space->random * 1664525u + 1013904223u;
  node->priority = space->random;
  while (node->parent && node->parent->priority > node->priority) {
    rotate_up(space, node);
  }
  node->above = above;
  node->below = above->below;
  above->below = node;
  if (node->below) {
    node->below->above = node;
  }
}

static void erase(struct iova_space *space, struct iova_node *node) {
  while (node->left && node->right) {
    struct iova_node *up = node->left->priority < node->right->priority ? node->left : node->right;
    rotate_up(space, up);
  }
  replace_child(space, node, node->left ? node->left : node->right);
  if (node->above) {
    node->above->below = node->below;
  }
  if (node->below) {
    node->below->above = node->above;
  }
}

static uint64_t tree_alloc(struct iova_space *space, uint64_t pages) {
  uint64_t align = pages <= 1 ? 1 : 1ull << (64 - __builtin_clzll(pages - 1));
  struct iova_node *node = space->free_nodes;
  if (node) {
    space->free_nodes = node->above;
  } else {
    node = malloc(sizeof *node);
  }
  lock(&space->lock);
  struct iova_node *at = space->cached;
  struct iova_node *above = at;
  uint64_t start;
  do {
    above = at;
    start = (at->low - pages) & ~(align - 1);
    at = at->below;
  } while (at && start <= at->high);
  node->low = start;
  node->high = start + pages - 1;
  insert(space, node, above);
  space->cached = node;
  unlock(&space->lock);
  return start;
}

static void tree_free(struct iova_space *space, uint64_t start) {
  lock(&space->lock);
  struct iova_node *node = space->root;
  while (node && node->low != start) {
    node = start < node->low ? node->left : node->right;
  }
  if (node) {
    if (node->low >= space->cached->low) {
      space->cached = node->above;
    }
    erase(space, node);
    node->above = space->free_nodes;
    space->free_nodes = node;
  }
  unlock(&space->lock);
}

static void swap_magazines(struct iova_cache *cache) {
  struct magazine *loaded = cache->loaded;
  cache->loaded = cache->previous;
  cache->previous = loaded;
}

static uint64_t cache_get(struct iova_cache *cache, uint64_t limit) {
  uint64_t start = 0;
  lock(&cache->lock);
  if (!cache->loaded->size) {
    if (cache->previous->size) {
      swap_magazines(cache);
    } else if (cache->depot_size) {
      free(cache->loaded);
      cache->loaded = cache->depot[--cache->depot_size];
    }
  }
  struct magazine *magazine = cache->loaded;
  for (uint64_t at = magazine->size; at-- > 0;) {
    if (magazine->starts[at] <= limit) {
      start = magazine->starts[at];
      magazine->starts[at] = magazine->starts[--magazine->size];
      break;
    }
  }
  unlock(&cache->lock);
  return start;
}

static int cache_put(struct iova_cache *cache, uint64_t start) {
  int kept = 0;
  lock(&cache->lock);
  if (cache->loaded->size == MAGAZINE_SIZE) {
    if (cache->previous->size < MAGAZINE_SIZE) {
      swap_magazines(cache);
    } else if (cache->depot_size < DEPOT_SIZE) {
      cache->depot[cache->depot_size++] = cache->loaded;
      cache->loaded = calloc(1, sizeof *cache->loaded);
    }
  }
  if (cache->loaded->size < MAGAZINE_SIZE) {
    cache->loaded->starts[cache->loaded->size++] = start;
    kept = 1;
  }
  unlock(&cache->lock);
  return kept;
}

static inline uint32_t order_of(uint64_t pages) {
  return pages <= 1 ? 0 : 64 - (uint32_t) __builtin_clzll(pages - 1);
}

__attribute__((noinline)) uint64_t iova_alloc(struct iova_space *space, uint64_t pages) {
  uint32_t order = order_of(pages);
  if (order < CACHED_ORDERS) {
    uint64_t start = cache_get(&space->caches[order], space->limit);
    return start ? start : tree_alloc(space, 1ull << order);
  }
  return tree_alloc(space, pages);
}

__attribute__((noinline)) void iova_free(struct iova_space *space, uint64_t start, uint64_t pages) {
  uint32_t order = order_of(pages);
  if (order >= CACHED_ORDERS || !cache_put(&space->caches[order], start)) {
    tree_free(space, start);
  }
}

void iova_init(struct iova_space *space, uint64_t limit) {
  memset(space, 0, sizeof *space);
  space->limit = limit;
  space->random = 12345;
  space->anchor.low = limit + 1;
  space->anchor.high = UINT64_MAX;
  space->root = &space->anchor;
  space->cached = &space->anchor;
  for (uint32_t order = 0; order < CACHED_ORDERS; order++) {
    space->caches[order].loaded = calloc(1, sizeof(struct magazine));
    space->caches[order].previous = calloc(1, sizeof(struct magazine));
  }
}

uint64_t iova_create(
    void *unused, void *unused_too, uint64_t page_bits, uint64_t b, uint64_t c, uint64_t d) {
  struct iova_space *space = malloc(sizeof *space);
  (void) unused, (void) unused_too, (void) b, (void) c, (void) d;
  iova_init(space, (1ull << page_bits) - 1);
  return (uint64_t) space;
}

/* Allocates count ranges of the sizes given, then frees them; repeated until ops pairs are done. */
uint64_t iova_burst_ops(
    struct iova_space *space, const uint64_t *sizes, uint64_t ops, uint64_t count,
    uint64_t scratch, uint64_t unused) {
  uint64_t *starts = (uint64_t *) scratch;
  uint64_t sum = 0;
  (void) unused;
  for (uint64_t done = 0; done < ops; done += count) {
    for (uint64_t at = 0; at < count; at++) {
      starts[at] = iova_alloc(space, sizes[at]);
      sum += starts[at];
    }
    for (uint64_t at = 0; at < count; at++) {
      iova_free(space, starts[at], sizes[at]);
    }
  }
  return sum;
}

/*
 * Keeps live ranges and replaces them in the order given: order[i] is the place, sizes[i] the size
 * of the range that takes it. Places start empty (zero) in scratch; held holds their sizes.
 */
uint64_t iova_churn_ops(
    struct iova_space *space, const uint64_t *sizes, uint64_t ops, uint64_t live,
    uint64_t scratch, uint64_t order_address) {
  uint64_t *starts = (uint64_t *) scratch;
  uint64_t *held = starts + live;
  const uint32_t *order = (const uint32_t *) order_address;
  uint64_t sum = 0;
  for (uint64_t op = 0; op < ops; op++) {
    uint64_t at = op & 65535;
    uint64_t place = order[at];
    if (starts[place]) {
      iova_free(space, starts[place], held[place]);
    }
    starts[place] = iova_alloc(space, sizes[at]);
    held[place] = sizes[at];
    sum += starts[place];
  }
  return sum;
}
