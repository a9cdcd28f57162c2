package org.bufferyard.simulator.trace;

import java.util.Iterator;

/** Events of one open trace, in order; fails with {@link TraceException} only. */
interface EventReader extends Iterator<TraceEvent>, AutoCloseable {
  @Override
  void close();
}
