/*
 * A range from a magazine costs one lock with interrupts off, and so does its return; one from the
 * tree costs a node of a slab cache too, the walk, an insert, and on its return a search and an
 * erase. Tree nodes are also linked to their neighbours, so that one step of the walk is one load;
 * the kernel's red-black tree needs more. That makes this the harder baseline.
 */
#include "iova.h"

#include <stdlib.h>
#include <string.h>

static inline struct iova_node *owner(struct tree_node *node) {
  return (struct iova_node *) node;
}

static void link_below(struct iova_node *node, struct iova_node *above) {
  node->above = above;
  node->below = above->below;
  above->below = node;
  if (node->below) {
    node->below->above = node;
  }
}

static void unlink_node(struct iova_node *node) {
  node->above->below = node->below;
  if (node->below) {
    node->below->above = node->above;
  }
}

static __attribute__((noinline)) uint64_t tree_alloc(struct iova_space *space, uint64_t pages) {
  uint64_t align = pages <= 1 ? 1 : 1ull << (64 - __builtin_clzll(pages - 1));
  struct iova_node *node = slab_alloc(&space->nodes);
  unsigned long flags = lock_irqsave(&space->lock);
  struct iova_node *at = space->cached;
  struct iova_node *above = at;
  uint64_t start;
  do {
    above = at;
    start = (at->tree.key - pages) & ~(align - 1);
    at = at->below;
  } while (at && start <= at->high);
  node->tree.key = start;
  node->high = start + pages - 1;
  tree_insert(&space->tree, &node->tree);
  link_below(node, above);
  space->cached = node;
  unlock_irqrestore(&space->lock, flags);
  return start;
}

static __attribute__((noinline)) void tree_free(struct iova_space *space, uint64_t start) {
  unsigned long flags = lock_irqsave(&space->lock);
  struct iova_node *node = owner(tree_find(&space->tree, start));
  if (node) {
    if (node->tree.key >= space->cached->tree.key) {
      space->cached = node->above;
    }
    tree_erase(&space->tree, &node->tree);
    unlink_node(node);
  }
  unlock_irqrestore(&space->lock, flags);
  if (node) {
    slab_free(&space->nodes, node);
  }
}

static void swap_magazines(struct iova_cpu_cache *cpu) {
  struct magazine *loaded = cpu->loaded;
  cpu->loaded = cpu->previous;
  cpu->previous = loaded;
}

static struct magazine *depot_take(struct iova_cache *cache) {
  unsigned long flags = lock_irqsave(&cache->depot_lock);
  struct magazine *full = cache->depot;
  if (full) {
    cache->depot = full->next;
    cache->depot_size--;
    full->size = MAGAZINE_SIZE;
  }
  unlock_irqrestore(&cache->depot_lock, flags);
  return full;
}

/* The depot has no limit; the kernel's is trimmed later, in the background. */
static void depot_give(struct iova_cache *cache, struct magazine *full) {
  unsigned long flags = lock_irqsave(&cache->depot_lock);
  full->next = cache->depot;
  cache->depot = full;
  cache->depot_size++;
  unlock_irqrestore(&cache->depot_lock, flags);
}

static uint64_t cache_get(
    struct iova_space *space, struct iova_cache *cache, uint64_t limit) {
  struct iova_cpu_cache *cpu = cache->cpus;
  uint64_t start = 0;
  unsigned long flags = lock_irqsave(&cpu->lock);
  if (!cpu->loaded->size) {
    struct magazine *full;
    if (cpu->previous->size) {
      swap_magazines(cpu);
    } else if ((full = depot_take(cache))) {
      slab_free(&space->magazines, cpu->loaded);
      cpu->loaded = full;
    }
  }
  struct magazine *magazine = cpu->loaded;
  for (uint64_t at = magazine->size; at-- > 0;) {
    if (magazine->starts[at] <= limit) {
      start = magazine->starts[at];
      magazine->starts[at] = magazine->starts[--magazine->size];
      break;
    }
  }
  unlock_irqrestore(&cpu->lock, flags);
  return start;
}

static void cache_put(struct iova_space *space, struct iova_cache *cache, uint64_t start) {
  struct iova_cpu_cache *cpu = cache->cpus;
  unsigned long flags = lock_irqsave(&cpu->lock);
  if (cpu->loaded->size == MAGAZINE_SIZE) {
    if (cpu->previous->size < MAGAZINE_SIZE) {
      swap_magazines(cpu);
    } else {
      depot_give(cache, cpu->loaded);
      cpu->loaded = slab_alloc(&space->magazines);
      cpu->loaded->size = 0;
    }
  }
  cpu->loaded->starts[cpu->loaded->size++] = start;
  unlock_irqrestore(&cpu->lock, flags);
}

static inline uint32_t order_of(uint64_t pages) {
  return pages <= 1 ? 0 : 64 - (uint32_t) __builtin_clzll(pages - 1);
}

__attribute__((noinline)) uint64_t iova_alloc(struct iova_space *space, uint64_t pages) {
  uint32_t order = order_of(pages);
  if (order < CACHED_ORDERS) {
    uint64_t start = cache_get(space, &space->caches[order], space->limit);
    return start ? start : tree_alloc(space, 1ull << order);
  }
  return tree_alloc(space, pages);
}

__attribute__((noinline)) void iova_free(struct iova_space *space, uint64_t start, uint64_t pages) {
  uint32_t order = order_of(pages);
  if (order < CACHED_ORDERS) {
    cache_put(space, &space->caches[order], start);
  } else {
    tree_free(space, start);
  }
}

void iova_init(struct iova_space *space, uint64_t limit) {
  memset(space, 0, sizeof *space);
  space->limit = limit;
  space->tree.random = 12345;
  space->anchor.tree.key = limit + 1;
  space->anchor.high = UINT64_MAX;
  tree_insert(&space->tree, &space->anchor.tree);
  space->cached = &space->anchor;
  slab_init(&space->nodes, sizeof(struct iova_node));
  slab_init(&space->magazines, sizeof(struct magazine));
  for (uint32_t order = 0; order < CACHED_ORDERS; order++) {
    struct iova_cpu_cache *cpu = calloc(1, sizeof *cpu);
    cpu->loaded = calloc(1, sizeof(struct magazine));
    cpu->previous = calloc(1, sizeof(struct magazine));
    space->caches[order].cpus = cpu;
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
