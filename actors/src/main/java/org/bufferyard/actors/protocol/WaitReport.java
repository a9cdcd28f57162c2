package org.bufferyard.actors.protocol;

import java.util.List;

/**
 * What one owner knows of who waits for whom.
 *
 * @param source the owner that says so
 */
public record WaitReport(String source, List<Edge> edges) {
  /** Why one waits for another. */
  public enum Kind {
    TOKEN,
    FENCE,
    /** An answer, or the end of what the answer is held back for. */
    MESSAGE
  }

  /**
   * One waits for another.
   *
   * @param waiter a submission, a client, a buffer, a move: by its name
   * @param about the buffer or reservation that it happens at, in words
   */
  public record Edge(String waiter, String awaited, Kind kind, String about) {}
}
