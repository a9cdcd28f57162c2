/*
 * A buddy allocator in the shape of the graphics drivers': a tree of block objects, split on the way
 * down, merged on the way up, free blocks in one list an order, objects from a free list. Own code.
 */
#include <stdint.h>
#include <stdlib.h>

#define ORDERS 40

struct block {
  struct block *parent, *left, *right;
  struct block *next, *previous;
  uint64_t offset;
  uint32_t order;
  uint32_t state;
};

enum { BLOCK_FREE = 1, BLOCK_SPLIT = 2, BLOCK_TAKEN = 3 };

struct buddy {
  struct block lists[ORDERS];
  struct block *spare;
  uint64_t available;
  uint32_t max_order;
};

static struct block *new_block(
    struct buddy *buddy, struct block *parent, uint64_t offset, uint32_t order) {
  struct block *block = buddy->spare;
  if (block) {
    buddy->spare = block->next;
  } else {
    block = malloc(sizeof *block);
  }
  block->parent = parent;
  block->left = block->right = 0;
  block->offset = offset;
  block->order = order;
  return block;
}

static void drop_block(struct buddy *buddy, struct block *block) {
  block->next = buddy->spare;
  buddy->spare = block;
}

static void link_free(struct buddy *buddy, struct block *block) {
  struct block *list = &buddy->lists[block->order];
  block->state = BLOCK_FREE;
  block->next = list->next;
  block->previous = list;
  list->next->previous = block;
  list->next = block;
}

static void unlink_free(struct block *block) {
  block->next->previous = block->previous;
  block->previous->next = block->next;
}

__attribute__((noinline)) static struct block *take(struct buddy *buddy, uint32_t order) {
  uint32_t at = order;
  while (at <= buddy->max_order && buddy->lists[at].next == &buddy->lists[at]) {
    at++;
  }
  if (at > buddy->max_order) {
    return 0;
  }
  struct block *block = buddy->lists[at].next;
  unlink_free(block);
  while (block->order != order) {
    uint32_t below = block->order - 1;
    block->left = new_block(buddy, block, block->offset, below);
    block->right = new_block(buddy, block, block->offset + (1ull << below), below);
    link_free(buddy, block->right);
    block->state = BLOCK_SPLIT;
    block = block->left;
  }
  block->state = BLOCK_TAKEN;
  buddy->available -= 1ull << order;
  return block;
}

__attribute__((noinline)) static void give(struct buddy *buddy, struct block *block) {
  buddy->available += 1ull << block->order;
  struct block *parent = block->parent;
  while (parent) {
    struct block *other = parent->left == block ? parent->right : parent->left;
    if (other->state != BLOCK_FREE) {
      break;
    }
    unlink_free(other);
    drop_block(buddy, block);
    drop_block(buddy, other);
    block = parent;
    parent = block->parent;
  }
  link_free(buddy, block);
}

uint64_t buddy_create(
    void *unused, void *unused_too, uint64_t order, uint64_t b, uint64_t c, uint64_t d) {
  struct buddy *buddy = calloc(1, sizeof *buddy);
  (void) unused, (void) unused_too, (void) b, (void) c, (void) d;
  buddy->max_order = (uint32_t) order;
  buddy->available = 1ull << order;
  for (uint32_t at = 0; at < ORDERS; at++) {
    buddy->lists[at].next = buddy->lists[at].previous = &buddy->lists[at];
  }
  link_free(buddy, new_block(buddy, 0, 0, (uint32_t) order));
  return (uint64_t) buddy;
}

/* Takes count blocks of one order, then gives them back, until ops pairs are done. */
uint64_t buddy_burst_ops(
    struct buddy *buddy, struct block **held, uint64_t ops, uint64_t count, uint64_t order,
    uint64_t unused) {
  uint64_t sum = 0;
  (void) unused;
  for (uint64_t done = 0; done < ops; done += count) {
    for (uint64_t at = 0; at < count; at++) {
      held[at] = take(buddy, (uint32_t) order);
      sum += held[at]->offset;
    }
    for (uint64_t at = 0; at < count; at++) {
      give(buddy, held[at]);
    }
  }
  return sum;
}

/* Replaces the live blocks in the order given; places start empty (null). */
uint64_t buddy_churn_ops(
    struct buddy *buddy, struct block **held, uint64_t ops, uint64_t order, uint64_t order_address,
    uint64_t unused) {
  const uint32_t *places = (const uint32_t *) order_address;
  uint64_t sum = 0;
  (void) unused;
  for (uint64_t op = 0; op < ops; op++) {
    uint32_t place = places[op & 65535];
    if (held[place]) {
      give(buddy, held[place]);
    }
    held[place] = take(buddy, (uint32_t) order);
    sum += held[place]->offset;
  }
  return sum;
}
