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
  private long replies;
  private long handled;

  public void requested(RequestKind kind) {
    requests.merge(kind, 1L, Long::sum);
  }

  public void answered() {
    replies++;
  }

  public void refused(Errno errno) {
    replies++;
    refused.merge(errno, 1L, Long::sum);
  }

  /** One message handled, of whatever kind. */
  public void handled() {
    handled++;
  }

  public Counts counts() {
    return new Counts(new EnumMap<>(requests), new EnumMap<>(refused), replies, handled);
  }

  /** A copy of the books; {@code requests} and {@code refused} lack the kinds that never came. */
  public record Counts(
      Map<RequestKind, Long> requests, Map<Errno, Long> refused, long replies, long handled) {
    public static Counts none() {
      return new Tally().counts();
    }

    public Counts plus(Counts other) {
      EnumMap<RequestKind, Long> sumRequests = new EnumMap<>(RequestKind.class);
      sumRequests.putAll(requests);
      other.requests.forEach((kind, count) -> sumRequests.merge(kind, count, Long::sum));
      EnumMap<Errno, Long> sumRefused = new EnumMap<>(Errno.class);
      sumRefused.putAll(refused);
      other.refused.forEach((errno, count) -> sumRefused.merge(errno, count, Long::sum));
      return new Counts(sumRequests, sumRefused, replies + other.replies, handled + other.handled);
    }

    public long requested() {
      return requests.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
