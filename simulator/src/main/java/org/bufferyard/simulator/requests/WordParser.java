package org.bufferyard.simulator.requests;

import java.nio.ByteOrder;
import org.bufferyard.simulator.trace.TraceException;

/** The binary formats with records of fixed length: cache2k, corda, oracle-general. */
final class WordParser implements RecordParser {
  static final int ORACLE_RECORD_BYTES = 24;
  private static final long UNSIGNED = 0xffff_ffffL;

  private final RequestFormat format;
  private final DecodedFile source;
  private final ByteWindow window;
  private final ObjectIds objects;

  WordParser(RequestFormat format, DecodedFile source, ReadLimits limits, ObjectIds objects) {
    this.format = format;
    this.source = source;
    this.window = new ByteWindow(source, limits.lineBytesMax());
    this.objects = objects;
  }

  @Override
  public boolean next(Entries entries) {
    return switch (format) {
      case CACHE2K -> {
        boolean more = window.nextRecord(Integer.BYTES);
        if (more) {
          unit(entries, window.intAt(0, ByteOrder.BIG_ENDIAN));
        }
        yield more;
      }
      case CORDA -> {
        boolean more = window.nextRecord(Long.BYTES);
        if (more) {
          unit(entries, window.longAt(0, ByteOrder.BIG_ENDIAN));
        }
        yield more;
      }
      default -> {
        boolean more = window.nextRecord(ORACLE_RECORD_BYTES);
        if (more) {
          oracleGeneral(entries);
        }
        yield more;
      }
    };
  }

  private void unit(Entries entries, long key) {
    entries.request(known(objects.add(key, 1), key));
  }

  private void oracleGeneral(Entries entries) {
    long key = window.longAt(4, ByteOrder.LITTLE_ENDIAN);
    long size = window.intAt(12, ByteOrder.LITTLE_ENDIAN) & UNSIGNED;
    if (size == 0) {
      throw fault("bytes", size, "not from 1 to " + UNSIGNED);
    }
    int id = known(objects.add(key, size), key);
    if (objects.size(id) != size) {
      String rule =
          "object " + Long.toUnsignedString(key) + " had " + objects.size(id) + " bytes before";
      throw fault("bytes", size, rule);
    }
    entries.request(id);
  }

  private int known(int id, long key) {
    if (id == ObjectIds.FULL) {
      throw fault("object", key, "more than " + objects.count() + " objects");
    }
    return id;
  }

  private TraceException fault(String field, long value, String rule) {
    return TraceException.atByte(window.file(), window.recordOffset(), field, value, rule);
  }

  @Override
  public long rawBytes() {
    return source.rawBytes();
  }

  @Override
  public void close() {
    source.close();
  }
}
