#include "kernel_work.h"

#include <stdlib.h>
#include <string.h>

#define SLAB_BYTES 4096
#define FLAGS_INTERRUPTS 0x200ul

/* One owner on one CPU: what would be per-CPU variables is one of each, found by a plain address. */
static volatile uint32_t preemption;
static volatile uint32_t interrupts_off;
static volatile uint32_t reschedule;

static inline unsigned long read_flags(void) {
#ifdef __x86_64__
  unsigned long flags;
  __asm__ volatile("pushfq; popq %0" : "=r"(flags) : : "memory");
  return flags;
#else
  return FLAGS_INTERRUPTS;
#endif
}

__attribute__((noinline)) unsigned long lock_irqsave(struct spinlock *lock) {
  unsigned long flags = read_flags();
  interrupts_off = 1;
  preemption++;
  uint32_t open = 0;
  while (!__atomic_compare_exchange_n(
      &lock->word, &open, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    open = 0;
  }
  return flags;
}

__attribute__((noinline)) void unlock_irqrestore(struct spinlock *lock, unsigned long flags) {
  __atomic_store_n(&lock->word, 0, __ATOMIC_RELEASE);
  if (flags & FLAGS_INTERRUPTS) {
    interrupts_off = 0;
  }
  if (--preemption == 0 && reschedule) {
    abort();
  }
}

void slab_init(struct slab_cache *cache, size_t object_bytes) {
  cache->free = 0;
  cache->transaction = 0;
  cache->object_bytes = (object_bytes + 15) & ~(size_t) 15;
  cache->link_offset = cache->object_bytes / 2 & ~(size_t) 7;
}

static inline void **link_of(struct slab_cache *cache, void *object) {
  return (void **) ((char *) object + cache->link_offset);
}

/* Exchanges list head and transaction together, if neither has changed. */
static inline int exchange(
    struct slab_cache *cache, void *old_free, uint64_t old_transaction, void *new_free) {
  uint64_t new_transaction = old_transaction + 1;
#ifdef __x86_64__
  unsigned char done;
  __asm__ volatile("cmpxchg16b %1; sete %0"
                   : "=q"(done), "+m"(cache->both), "+a"(old_free), "+d"(old_transaction)
                   : "b"(new_free), "c"(new_transaction)
                   : "cc", "memory");
  return done;
#else
  cache->free = new_free;
  cache->transaction = new_transaction;
  return 1;
#endif
}

/* A new slab of objects, linked in order of address. */
static __attribute__((noinline)) void refill(struct slab_cache *cache) {
  char *slab = aligned_alloc(SLAB_BYTES, SLAB_BYTES);
  size_t count = SLAB_BYTES / cache->object_bytes;
  for (size_t at = count; at-- > 0;) {
    char *object = slab + at * cache->object_bytes;
    *link_of(cache, object) = cache->free;
    cache->free = object;
  }
}

__attribute__((noinline)) void *slab_alloc(struct slab_cache *cache) {
  while (1) {
    void *object = __atomic_load_n(&cache->free, __ATOMIC_RELAXED);
    uint64_t transaction = cache->transaction;
    if (!object) {
      refill(cache);
      continue;
    }
    void *next = *link_of(cache, object);
    if (exchange(cache, object, transaction, next)) {
      __builtin_prefetch(next);
      return object;
    }
  }
}

__attribute__((noinline)) void *slab_alloc_zeroed(struct slab_cache *cache) {
  return memset(slab_alloc(cache), 0, cache->object_bytes);
}

__attribute__((noinline)) void slab_free(struct slab_cache *cache, void *object) {
  void *first;
  uint64_t transaction;
  do {
    first = __atomic_load_n(&cache->free, __ATOMIC_RELAXED);
    transaction = cache->transaction;
    *link_of(cache, object) = first;
  } while (!exchange(cache, first, transaction, object));
}
