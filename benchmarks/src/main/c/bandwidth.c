/* The limits of the machine: reading an array once, and copying memory. */
#include <stdint.h>
#include <string.h>

/* Reads all frames of all buffers, ops buffers in rotation; their sum. */
uint64_t read_ops(
    const uint64_t *frames, void *unused, uint64_t ops, uint64_t buffers, uint64_t pages,
    uint64_t unused_limit) {
  uint64_t sum = 0;
  uint64_t buffer = 0;
  (void) unused;
  (void) unused_limit;
  for (uint64_t op = 0; op < ops; op++) {
    const uint64_t *from = frames + buffer * pages;
    uint64_t low = 0;
    uint64_t high = 0;
    uint64_t page = 0;
    for (; page + 64 <= pages; page += 64) {
      for (uint64_t lane = 0; lane < 32; lane++) {
        low += from[page + lane];
        high += from[page + 32 + lane];
      }
    }
    for (; page < pages; page++) {
      low += from[page];
    }
    sum += low + high;
    buffer = buffer + 1 == buffers ? 0 : buffer + 1;
  }
  return sum;
}

/* Copies ops pieces of the same size from memory to the pool; sources by the order given. */
uint64_t copy_ops(
    char *memory, const uint64_t *order, uint64_t ops, uint64_t pieces, uint64_t bytes,
    uint64_t pool_pieces) {
  char *pool = memory + pieces * bytes;
  uint64_t sum = 0;
  for (uint64_t op = 0; op < ops; op++) {
    char *to = pool + (op % pool_pieces) * bytes;
    memcpy(to, memory + order[op % pieces] * bytes, bytes);
    sum += (unsigned char) to[op & 1023];
  }
  return sum;
}
