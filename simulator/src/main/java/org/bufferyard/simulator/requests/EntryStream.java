package org.bufferyard.simulator.requests;

import java.nio.file.Path;
import java.util.Arrays;
import org.bufferyard.simulator.trace.Trace;

/** The entries of a trace from its first to its last, in pieces. Not thread-safe. */
final class EntryStream implements AutoCloseable {
  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  private final RecordParser parser;
  private final Entries waiting = new Entries();
  private long count;
  private long hash;

  private EntryStream(RecordParser parser) {
    this.parser = parser;
  }

  /** Opens {@code path} in a format; its objects get ids in {@code objects}. */
  static EntryStream open(Path path, RequestFormat format, ReadLimits limits, ObjectIds objects) {
    DecodedFile source = DecodedFile.open(path, limits);
    return new EntryStream(
        switch (format) {
          case LIRS, ADDRESS, ADAPT_SIZE -> new LineParser(format, source, limits, objects);
          case CACHE2K, CORDA, ORACLE_GENERAL -> new WordParser(format, source, limits, objects);
          case MOONCAKE -> new MooncakeParser(source, limits, objects);
          case CSV -> new CsvParser(source, limits, objects);
          case RMV -> CaptureParser.open(path, source, Trace.Format.RMV, objects);
          case MINIMALLOC -> CaptureParser.open(path, source, Trace.Format.MINIMALLOC, objects);
        });
  }

  /** The first decoded bytes of a file, at most {@code length}. */
  static byte[] head(Path path, int length, ReadLimits limits) {
    byte[] head = new byte[length];
    int size = 0;
    try (DecodedFile source = DecodedFile.open(path, limits)) {
      for (int read = 0; read >= 0 && size < length; ) {
        size += read;
        read = source.read(head, size, length - size);
      }
    }
    return Arrays.copyOf(head, size);
  }

  /** Fills {@code into} from 0; the number of entries, 0 at the end only. */
  int fill(int[] into) {
    int filled = 0;
    boolean more = true;
    while (filled < into.length && more) {
      if (waiting.isEmpty()) {
        more = parser.next(waiting);
      }
      filled += waiting.take(into, filled, into.length - filled);
    }
    for (int at = 0; at < filled; at++) {
      hash = (hash + into[at]) * HASH_FACTOR;
    }
    count += filled;
    return filled;
  }

  /** Of all entries so far, in order. */
  long hash() {
    return hash;
  }

  long count() {
    return count;
  }

  long rawBytes() {
    return parser.rawBytes();
  }

  @Override
  public void close() {
    parser.close();
  }
}
