package org.bufferyard.actors.extension;

import java.util.List;
import org.bufferyard.allocator.policy.shadow.Shadows;

/**
 * What other policies would have done with the yard's memory, beside what its own did.
 *
 * @param uses of buffers, by leases, as importers tell them: in batches, in which a buffer counts
 *     once
 * @param misses of these, of buffers that were not in memory
 * @param shadows as the configuration's {@code shadows} names them; empty where none watch
 * @param leftOut uses that they did not follow, because too many buffers were alive
 */
public record YardShadows(
    String policy, long uses, long misses, List<Shadows.Tally> shadows, long leftOut) {
  public YardShadows {
    shadows = List.copyOf(shadows);
  }
}
