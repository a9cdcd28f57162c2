package org.bufferyard.simulator.trace;

import java.util.NoSuchElementException;

/** The events of another reader up to a time, and the end at that time. */
final class CutReader implements EventReader {
  private final EventReader whole;
  private final long endNanos;
  private boolean ended;

  CutReader(EventReader whole, long endNanos) {
    this.whole = whole;
    this.endNanos = endNanos;
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public TraceEvent next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    TraceEvent event = whole.next();
    if (event.timeNanos() > endNanos) {
      ended = true;
      return new TraceEvent.End(endNanos);
    }
    ended = event instanceof TraceEvent.End;
    return event;
  }

  @Override
  public void close() {
    whole.close();
  }
}
