/*
 * What kernel code pays around a short critical section and for a small object, as far as user space
 * can pay it. Own code, written from what these services are documented to do.
 *
 * A lock that interrupts may take: the flags register is read, interrupts and preemption are turned
 * off, the lock word is taken by a compare-and-exchange, and all of it undone, in functions of their
 * own as in a kernel build. User code may not turn interrupts off: two plain stores stand for cli and
 * sti, and one counter for the preemption count. Nothing here waits: no lock is ever contended.
 *
 * A slab cache: a list of free objects for this CPU with a transaction number, both exchanged by one
 * double-width compare-and-exchange without a bus lock. Every free finds the current slab, which the
 * kernel's often does not: its slow path, another atomic operation, is not charged.
 */
#ifndef KERNEL_WORK_H
#define KERNEL_WORK_H

#include <stddef.h>
#include <stdint.h>

struct spinlock {
  uint32_t word;
};

/* Returns the flags to restore. */
unsigned long lock_irqsave(struct spinlock *lock);
void unlock_irqrestore(struct spinlock *lock, unsigned long flags);

struct slab_cache {
  union {
    struct {
      void *free;
      uint64_t transaction;
    };
    unsigned __int128 both;
  };
  size_t object_bytes;
  /* Where in a free object the link to the next one lies: in its middle. */
  size_t link_offset;
};

void slab_init(struct slab_cache *cache, size_t object_bytes);
void *slab_alloc(struct slab_cache *cache);
void *slab_alloc_zeroed(struct slab_cache *cache);
void slab_free(struct slab_cache *cache, void *object);

/* The kernel's store barrier before a device may walk what was written. */
static inline void write_barrier(void) {
#ifdef __x86_64__
  __builtin_ia32_sfence();
#else
  __atomic_thread_fence(__ATOMIC_RELEASE);
#endif
}

#endif
