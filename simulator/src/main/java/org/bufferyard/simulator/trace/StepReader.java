package org.bufferyard.simulator.trace;

import java.nio.file.Path;
import java.util.List;
import org.bufferyard.simulator.workload.Step;

/**
 * The steps of a capture's workload one after the other, for a caller that is no stream. Fails with
 * {@link TraceException}. Not thread-safe.
 */
public final class StepReader implements AutoCloseable {
  private final EventReader events;
  private final Conversion conversion;

  private StepReader(EventReader events, Conversion conversion) {
    this.events = events;
    this.conversion = conversion;
  }

  /** Opens {@code path}, which holds a trace in that format; faults name {@code file}. */
  public static StepReader open(Path path, String file, Trace.Format format) {
    return new StepReader(Trace.whole(path, file, format), new Conversion(file));
  }

  public boolean hasNext() {
    return events.hasNext();
  }

  /** The steps of the next event, often none. */
  public List<Step> next() {
    return conversion.on(events.next());
  }

  @Override
  public void close() {
    events.close();
  }
}
