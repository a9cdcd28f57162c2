package org.bufferyard.actors.streams;

import org.bufferyard.actors.lease.MappingSet;

/**
 * An element beside the leases of all its buffers. Whoever receives it closes it.
 *
 * @param element what the leases were asked for
 */
public record LeasedSet<T>(T element, MappingSet leases) implements AutoCloseable {
  @Override
  public void close() {
    leases.close();
  }
}
