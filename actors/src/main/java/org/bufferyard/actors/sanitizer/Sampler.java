package org.bufferyard.actors.sanitizer;

import akka.actor.ActorPath;
import akka.actor.typed.ActorRef;
import java.util.Locale;
import java.util.Map;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Handle;

/** What the sampler is told. */
public final class Sampler {
  public sealed interface Command {}

  /** About one buffer, numbered by it from 1 without a gap. */
  sealed interface Seen extends Command {
    BufferId buffer();

    long number();
  }

  record Made(BufferId buffer, long number, ActorPath self, Handle first, long pages)
      implements Seen {}

  record Handles(BufferId buffer, long number, long atNanos, Buffer.Command command)
      implements Seen {}

  record Tells(BufferId buffer, long number, long atNanos, ActorPath to, Object message)
      implements Seen {}

  /** How it is going. */
  public record TellReport(ActorRef<Report> replyTo) implements Command {}

  /**
   * What was watched.
   *
   * @param watched buffers so far
   * @param messages of theirs that were seen
   * @param dropped messages of theirs that found the queue full
   * @param blind buffers that are not checked any more, for want of those
   * @param findings by rule, how often it did not hold
   */
  public record Report(
      Sampling sampling,
      long watched,
      long messages,
      long dropped,
      long blind,
      Map<Rule, Long> findings) {
    /** In one line. */
    public String line() {
      return String.format(
          Locale.ROOT,
          "sanitizer %s: %,d messages of %,d buffers, %,d lost, %s",
          sampling,
          messages,
          watched,
          dropped,
          findings.isEmpty() ? "every rule held" : "found " + findings);
    }
  }

  private Sampler() {}
}
