package org.bufferyard.simulator.trace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Comparator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * The token streams of an RMV capture, merged in order of time, at equal times in order of the
 * chunks. Memory is one buffer per stream.
 */
final class RmvReader implements EventReader {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** A day; more is a corrupted time. */
  static final long DURATION_NANOS_MAX = 24 * 3_600 * NANOS_PER_SECOND;

  private final String file;
  private final FileChannel channel;
  private final PriorityQueue<RmvTokens> streams =
      new PriorityQueue<>(
          Comparator.comparingLong(RmvTokens::ticks).thenComparingInt(RmvTokens::stream));
  private final long startTicks;
  private final long frequency;
  private long nowNanos;
  private boolean ended;

  /** Takes over {@code channel}. */
  RmvReader(String file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    for (RmvIndex.Stream stream : RmvIndex.read(file, channel, channel.size())) {
      queue(new RmvTokens(file, channel, stream));
    }
    RmvTokens first = streams.peek();
    this.startTicks = first == null ? 0 : first.ticks();
    this.frequency = first == null ? 1 : first.frequency();
    for (RmvTokens stream : streams) {
      checkFrequency(stream);
    }
  }

  private void queue(RmvTokens stream) {
    if (stream.advance()) {
      streams.add(stream);
    }
  }

  private void checkFrequency(RmvTokens stream) {
    if (stream.frequency() != frequency) {
      throw TraceException.ofFile(
          file,
          "stream "
              + stream.stream()
              + ": frequency "
              + stream.frequency()
              + ": another stream has "
              + frequency);
    }
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
    RmvTokens stream = streams.poll();
    if (stream == null) {
      ended = true;
      return new TraceEvent.End(nowNanos);
    }
    nowNanos = nanos(stream);
    TraceEvent event = stream.event(nowNanos);
    queue(stream);
    return event;
  }

  private long nanos(RmvTokens stream) {
    long ticks = stream.ticks() - startTicks;
    long seconds = ticks / frequency;
    long nanos = seconds * NANOS_PER_SECOND + ticks % frequency * NANOS_PER_SECOND / frequency;
    if (seconds > DURATION_NANOS_MAX / NANOS_PER_SECOND || nanos > DURATION_NANOS_MAX) {
      throw TraceException.ofFile(
          file,
          "byte " + stream.offset() + ": time " + seconds + " s after the first event: above 24 h");
    }
    return nanos;
  }

  @Override
  public void close() {
    TraceFormat.closeQuietly(channel);
  }
}
