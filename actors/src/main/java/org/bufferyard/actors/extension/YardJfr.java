package org.bufferyard.actors.extension;

import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.bufferyard.actors.protocol.YardEvent;

/** What a flight recording shows of a yard; nothing is made while none runs. */
final class YardJfr {
  /** A buffer has moved to be used, or because its owner said so. */
  @Name("org.bufferyard.Move")
  @Label("Buffer moved")
  @Category("Bufferyard")
  @StackTrace(false)
  static final class Move extends Moving {}

  /** A buffer has moved out of the way of others. */
  @Name("org.bufferyard.Evict")
  @Label("Buffer evicted")
  @Category("Bufferyard")
  @StackTrace(false)
  static final class Evict extends Moving {}

  /** What both say. */
  abstract static class Moving extends Event {
    @Label("Yard")
    String yard = "";

    @Label("Buffer")
    long buffer;

    @Label("From region")
    int from;

    @Label("To region")
    int to;

    @Label("Size")
    @DataAmount
    long sizeBytes;

    @Label("Cause")
    String cause = "";

    @Label("Came back soon after it was evicted")
    boolean pingPong;
  }

  /** An importer has not let go of a buffer that has to move. */
  @Name("org.bufferyard.Stall")
  @Label("Importer late to let go")
  @Category("Bufferyard")
  @StackTrace(false)
  static final class Stall extends Event {
    @Label("Yard")
    String yard = "";

    @Label("Buffer")
    long buffer;

    @Label("Importer")
    int importer;

    @Label("Forced out")
    boolean forced;
  }

  /** An invariant does not hold; the yard ends. */
  @Name("org.bufferyard.Fault")
  @Label("Yard fault")
  @Category("Bufferyard")
  @StackTrace(false)
  static final class Fault extends Event {
    @Label("Yard")
    String yard = "";

    @Label("Buffer")
    long buffer;

    @Label("Rule")
    String rule = "";

    @Label("What is wrong")
    String text = "";
  }

  static void record(String yard, YardEvent event) {
    switch (event) {
      case YardEvent.Moved moved -> move(yard, moved);
      case YardEvent.Laggard laggard -> stall(yard, laggard);
      case YardEvent.Violation violation -> fault(yard, violation);
    }
  }

  private static void move(String yard, YardEvent.Moved moved) {
    Moving event = moved.cause() == YardEvent.Cause.EVICTION ? new Evict() : new Move();
    if (event.isEnabled()) {
      event.yard = yard;
      event.buffer = moved.buffer().value();
      event.from = moved.from();
      event.to = moved.to();
      event.sizeBytes = moved.sizeBytes();
      event.cause = moved.cause().name().toLowerCase(Locale.ROOT);
      event.pingPong = moved.pingPong();
      event.commit();
    }
  }

  private static void stall(String yard, YardEvent.Laggard laggard) {
    Stall event = new Stall();
    if (event.isEnabled()) {
      event.yard = yard;
      event.buffer = laggard.buffer().value();
      event.importer = laggard.device().value();
      event.forced = laggard.forced();
      event.commit();
    }
  }

  private static void fault(String yard, YardEvent.Violation violation) {
    Fault event = new Fault();
    if (event.isEnabled()) {
      event.yard = yard;
      event.buffer = violation.buffer().value();
      event.rule = violation.rule();
      event.text = violation.text();
      event.commit();
    }
  }

  private YardJfr() {}
}
