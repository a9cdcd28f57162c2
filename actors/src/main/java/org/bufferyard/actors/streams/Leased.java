package org.bufferyard.actors.streams;

import org.bufferyard.actors.lease.Mapping;

/**
 * An element beside the lease of its buffer. Whoever receives it closes it.
 *
 * @param element what the lease was asked for
 */
public record Leased<T>(T element, Mapping mapping) implements AutoCloseable {
  @Override
  public void close() {
    mapping.close();
  }
}
