package org.bufferyard.actors.memory;

import org.bufferyard.actors.protocol.Contents;

/** What a page holds, as one 64-bit content tag. Real bytes hold the tag in every word. */
public final class PageTags {
  /** A page nobody wrote since it was allocated. */
  public static final long ZERO = 0;

  /** A freed page: 0x6b in every byte, as the kernel's slab poison. */
  public static final long POISON = 0x6b6b6b6b6b6b6b6bL;

  /** Read back where the words of one page differ: a write was under way, or half lost. */
  public static final long TORN = 0xdeadbeef0badf00dL;

  /** The tag of page {@code page} of a buffer as written by the write stamped {@code stamp}. */
  public static long of(long buffer, long page, long stamp) {
    if (stamp == Contents.NEVER_WRITTEN) {
      return ZERO;
    }
    long mixed = buffer * 0x9E3779B97F4A7C15L + page * 0xC2B2AE3D27D4EB4FL + stamp;
    mixed = (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
    mixed ^= mixed >>> 32;
    return mixed == ZERO || mixed == POISON || mixed == TORN ? 1 : mixed;
  }

  private PageTags() {}
}
