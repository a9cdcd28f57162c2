package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;
import java.util.List;

/** The question who waits for whom, and its answer. */
public final class Waits {
  public sealed interface Command {}

  /** An owner that can be asked for its waits. */
  public interface Source {
    void ask(ActorRef<WaitReport> replyTo);
  }

  /**
   * Asks all buffers of the yard, migration, and {@code more}: devices, shared reservations.
   * Answered once, after {@link #LIMIT_NANOS} of model time at the latest.
   */
  public record TakeSnapshot(List<Source> more, ActorRef<Snapshot> replyTo) implements Command {}

  /** Owners that have not reported by then are left out, and counted. */
  public static final long LIMIT_NANOS = 1_000_000_000L;

  /** Snapshots under way at once; one more is answered at once with nothing asked. */
  public static final int SNAPSHOTS_MAX = 16;

  /**
   * What was reported.
   *
   * @param asked owners asked
   * @param answered of these
   */
  public record Snapshot(List<WaitReport.Edge> edges, int asked, int answered) {
    /** Nobody is left out. */
    public boolean complete() {
      return asked > 0 && asked == answered;
    }
  }

  private Waits() {}
}
