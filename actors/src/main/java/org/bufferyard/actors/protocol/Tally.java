package org.bufferyard.actors.protocol;

import java.util.EnumMap;
import java.util.Map;
import org.bufferyard.allocator.Errno;

/**
 * One requester's books: what it asked and how it was answered. Not thread-safe; owned by the
 * requesting actor.
 */
public final class Tally {
  private final EnumMap<RequestKind, Long> requests = new EnumMap<>(RequestKind.class);
  private final EnumMap<Errno, Long> refused = new EnumMap<>(Errno.class);
  private final EnumMap<RequestKind, Long> replies = new EnumMap<>(RequestKind.class);
  private long backOffs;
  private long handled;

  public void requested(RequestKind kind) {
    requests.merge(kind, 1L, Long::sum);
  }

  public void answered(RequestKind kind) {
    replies.merge(kind, 1L, Long::sum);
  }

  public void refused(RequestKind kind, Errno errno) {
    replies.merge(kind, 1L, Long::sum);
    refused.merge(errno, 1L, Long::sum);
  }

  /** Answered that it is not its turn yet: nothing is refused, it asks again. */
  public void backedOff(RequestKind kind) {
    replies.merge(kind, 1L, Long::sum);
    backOffs++;
  }

  /** One message handled, of whatever kind. */
  public void handled() {
    handled++;
  }

  public Counts counts() {
    return new Counts(
        new EnumMap<>(requests), new EnumMap<>(refused), new EnumMap<>(replies), backOffs, handled);
  }

  /**
   * A copy of the books; the maps lack what never came.
   *
   * @param backOffs requests for a token that were told to try again
   */
  public record Counts(
      Map<RequestKind, Long> requests,
      Map<Errno, Long> refused,
      Map<RequestKind, Long> replies,
      long backOffs,
      long handled) {
    public static Counts none() {
      return new Tally().counts();
    }

    public Counts plus(Counts other) {
      return new Counts(
          sum(requests, other.requests, new EnumMap<>(RequestKind.class)),
          sum(refused, other.refused, new EnumMap<>(Errno.class)),
          sum(replies, other.replies, new EnumMap<>(RequestKind.class)),
          backOffs + other.backOffs,
          handled + other.handled);
    }

    private static <K extends Enum<K>> Map<K, Long> sum(
        Map<K, Long> left, Map<K, Long> right, EnumMap<K, Long> into) {
      into.putAll(left);
      right.forEach((key, count) -> into.merge(key, count, Long::sum));
      return into;
    }
  }
}
