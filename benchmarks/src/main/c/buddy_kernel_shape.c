/*
 * A buddy allocator in the shape of the graphics drivers': a tree of block objects from a slab
 * cache, split on the way down (both halves go into the tree of free blocks of their order, the one
 * wanted leaves it again) and merged with free buddies on the way up. A request is checked, served
 * from the largest orders that fit, and answered with a list of blocks; a list is what is freed. As
 * with the kernel's, the caller holds its own lock: none is charged here. Memory is never cleared,
 * so that the tree of cleared blocks, which is looked at, stays empty. Own code.
 */
#include "kernel_work.h"
#include "search_tree.h"

#include <stdlib.h>

#define ORDERS 32
#define CHUNK_SHIFT 12

enum { BLOCK_TAKEN = 1, BLOCK_FREE = 2, BLOCK_SPLIT = 3 };
enum { DIRTY = 0, CLEARED = 1 };

struct link {
  struct link *next, *previous;
};

struct block {
  /* Key of the tree node: offset in bytes. */
  struct tree_node free_node;
  struct link link;
  struct block *parent, *left, *right;
  void *owner;
  uint32_t order;
  uint16_t state;
  uint16_t cleared;
};

struct buddy {
  struct search_tree free[2][ORDERS];
  struct slab_cache objects;
  uint64_t bytes;
  uint64_t available;
  uint64_t available_cleared;
  uint32_t max_order;
};

struct request {
  uint64_t start, end, bytes, min_block;
  uint32_t flags;
};

static inline void list_init(struct link *list) {
  list->next = list->previous = list;
}

static inline void list_add_last(struct link *list, struct link *link) {
  link->previous = list->previous;
  link->next = list;
  list->previous->next = link;
  list->previous = link;
}

static inline void list_move_all(struct link *from, struct link *to) {
  if (from->next != from) {
    from->next->previous = to->previous;
    to->previous->next = from->next;
    from->previous->next = to;
    to->previous = from->previous;
    list_init(from);
  }
}

static inline struct block *block_of(struct link *link) {
  return (struct block *) ((char *) link - offsetof(struct block, link));
}

static inline uint64_t bytes_of(uint32_t order) {
  return 1ull << (order + CHUNK_SHIFT);
}

static struct block *new_block(
    struct buddy *buddy, struct block *parent, uint64_t offset, uint32_t order) {
  struct block *block = slab_alloc_zeroed(&buddy->objects);
  block->free_node.key = offset;
  block->order = order;
  block->parent = parent;
  return block;
}

static void mark_free(struct buddy *buddy, struct block *block) {
  block->state = BLOCK_FREE;
  tree_insert(&buddy->free[block->cleared][block->order], &block->free_node);
}

static void unmark_free(struct buddy *buddy, struct block *block) {
  tree_erase(&buddy->free[block->cleared][block->order], &block->free_node);
}

static void split(struct buddy *buddy, struct block *block) {
  uint32_t below = block->order - 1;
  uint64_t offset = block->free_node.key;
  block->left = new_block(buddy, block, offset, below);
  block->right = new_block(buddy, block, offset + bytes_of(below), below);
  block->left->cleared = block->right->cleared = block->cleared;
  unmark_free(buddy, block);
  block->state = BLOCK_SPLIT;
  block->cleared = DIRTY;
  mark_free(buddy, block->left);
  mark_free(buddy, block->right);
}

/* The highest free block of the least order that serves, split down to the order wanted. */
static __attribute__((noinline)) struct block *take(
    struct buddy *buddy, uint32_t order, uint32_t kind) {
  struct tree_node *node = 0;
  uint32_t at = order;
  for (; at <= buddy->max_order && !node; at++) {
    node = tree_last(&buddy->free[kind][at]);
  }
  for (at = node ? at : order; at <= buddy->max_order && !node; at++) {
    node = tree_last(&buddy->free[!kind][at]);
  }
  struct block *block = (struct block *) node;
  while (block && block->order != order) {
    split(buddy, block);
    block = block->right;
  }
  return block;
}

static inline uint32_t order_at_most(uint64_t chunks) {
  return 63 - (uint32_t) __builtin_clzll(chunks);
}

static void give(struct buddy *buddy, struct block *block) {
  struct block *parent = block->parent;
  while (parent) {
    struct block *other = parent->left == block ? parent->right : parent->left;
    if (other->state != BLOCK_FREE || other->cleared != block->cleared) {
      break;
    }
    parent->cleared = block->cleared;
    unmark_free(buddy, other);
    slab_free(&buddy->objects, block);
    slab_free(&buddy->objects, other);
    block = parent;
    parent = block->parent;
  }
  mark_free(buddy, block);
}

static __attribute__((noinline)) void free_list(struct buddy *buddy, struct link *list) {
  for (struct link *at = list->next; at != list;) {
    struct block *block = block_of(at);
    at = at->next;
    if (block->state != BLOCK_TAKEN) {
      abort();
    }
    block->cleared = DIRTY;
    buddy->available += bytes_of(block->order);
    give(buddy, block);
  }
  list_init(list);
}

/* Appends blocks that hold the request to the list; refuses what is malformed or not there. */
static __attribute__((noinline)) int alloc_blocks(
    struct buddy *buddy, const struct request *request, struct link *list) {
  uint64_t chunk_mask = bytes_of(0) - 1;
  if (request->bytes < bytes_of(0) || request->min_block < bytes_of(0)
      || (request->min_block & (request->min_block - 1))
      || ((request->start | request->end | request->bytes) & chunk_mask)
      || request->end > buddy->bytes || request->start + request->bytes > request->end) {
    return -22;
  }
  struct link taken;
  list_init(&taken);
  uint64_t chunks = request->bytes >> CHUNK_SHIFT;
  uint32_t order = order_at_most(chunks);
  uint32_t min_order = order_at_most(request->min_block >> CHUNK_SHIFT);
  while (chunks) {
    uint32_t fits = order_at_most(chunks);
    order = fits < order ? fits : order;
    struct block *block = take(buddy, order, request->flags & 1);
    if (!block) {
      if (order == min_order) {
        free_list(buddy, &taken);
        return -28;
      }
      order--;
      continue;
    }
    unmark_free(buddy, block);
    block->state = BLOCK_TAKEN;
    buddy->available -= bytes_of(order);
    buddy->available_cleared -= block->cleared ? bytes_of(order) : 0;
    list_add_last(&taken, &block->link);
    chunks -= 1ull << order;
  }
  list_move_all(&taken, list);
  return 0;
}

uint64_t buddy_create(
    void *unused, void *unused_too, uint64_t order, uint64_t b, uint64_t c, uint64_t d) {
  struct buddy *buddy = aligned_alloc(64, (sizeof *buddy + 63) & ~63ul);
  (void) unused, (void) unused_too, (void) b, (void) c, (void) d;
  *buddy = (struct buddy) {.max_order = (uint32_t) order, .bytes = bytes_of((uint32_t) order)};
  buddy->available = buddy->bytes;
  slab_init(&buddy->objects, sizeof(struct block));
  mark_free(buddy, new_block(buddy, 0, 0, (uint32_t) order));
  return (uint64_t) buddy;
}

static uint64_t alloc_one(struct buddy *buddy, uint32_t order, struct link *list) {
  struct request request = {0, buddy->bytes, bytes_of(order), bytes_of(order), 0};
  list_init(list);
  if (alloc_blocks(buddy, &request, list)) {
    abort();
  }
  return block_of(list->next)->free_node.key;
}

/* Takes count blocks of one order, each a list, then gives them back, until ops pairs are done. */
uint64_t buddy_burst_ops(
    struct buddy *buddy, struct link *held, uint64_t ops, uint64_t count, uint64_t order,
    uint64_t unused) {
  uint64_t sum = 0;
  (void) unused;
  for (uint64_t done = 0; done < ops; done += count) {
    for (uint64_t at = 0; at < count; at++) {
      sum += alloc_one(buddy, (uint32_t) order, &held[at]);
    }
    for (uint64_t at = 0; at < count; at++) {
      free_list(buddy, &held[at]);
    }
  }
  return sum;
}

/* Replaces the live blocks in the order given; places start empty (null). */
uint64_t buddy_churn_ops(
    struct buddy *buddy, struct link *held, uint64_t ops, uint64_t order, uint64_t order_address,
    uint64_t unused) {
  const uint32_t *places = (const uint32_t *) order_address;
  uint64_t sum = 0;
  (void) unused;
  for (uint64_t op = 0; op < ops; op++) {
    uint32_t place = places[op & 65535];
    if (held[place].next) {
      free_list(buddy, &held[place]);
    }
    sum += alloc_one(buddy, (uint32_t) order, &held[place]);
  }
  return sum;
}
