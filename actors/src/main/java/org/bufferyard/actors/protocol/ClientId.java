package org.bufferyard.actors.protocol;

/** Names a client: a process-like user of the yard. */
public record ClientId(int value) {
  /** The yard itself, where no client caused something. */
  public static final ClientId YARD = new ClientId(-1);

  @Override
  public String toString() {
    return "client-" + value;
  }
}
