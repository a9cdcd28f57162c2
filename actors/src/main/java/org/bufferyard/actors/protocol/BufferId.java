package org.bufferyard.actors.protocol;

/** Names a buffer for its whole life; never reused within a yard. Carries no authority. */
public record BufferId(long value) implements Comparable<BufferId> {
  @Override
  public int compareTo(BufferId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return "buffer-" + value;
  }
}
