package org.bufferyard.simulator.requests;

/** Reads one open trace, record by record. Not thread-safe. */
interface RecordParser extends AutoCloseable {
  /** Adds what the next record says to {@code entries}; false at the end. */
  boolean next(Entries entries);

  /** Bytes of the file read so far. */
  long rawBytes();

  @Override
  void close();
}
