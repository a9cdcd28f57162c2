package org.bufferyard.simulator.requests;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.bufferyard.simulator.trace.TraceException;

/**
 * CSV with one access a line: {@code key} or {@code key,bytes}, the same number of fields all the
 * way. A key of digits alone is a number of up to 64 bits, any other a name.
 */
final class CsvParser implements RecordParser {
  private static final String HEADER = "key";
  private static final long SIZE_BYTES_MAX = 1L << 44;
  private static final int SIZE_DIGITS_MAX = 18;

  private final DecodedFile source;
  private final ReadLimits limits;
  private final ObjectIds objects;
  private final Iterator<CsvRecord> records;
  private long line = 1;
  private int fields;

  CsvParser(DecodedFile source, ReadLimits limits, ObjectIds objects) {
    this.source = source;
    this.limits = limits;
    this.objects = objects;
    this.records = records(source, limits);
  }

  /** Closing the parser would close no more than {@link #close} does. */
  @SuppressWarnings("resource")
  private static Iterator<CsvRecord> records(DecodedFile source, ReadLimits limits) {
    return CsvReader.builder()
        .detectBomHeader(false)
        .skipEmptyLines(true)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .maxBufferSize(limits.lineBytesMax())
        .ofCsvRecord(
            new InputStreamReader(new SourceStream(source), StandardCharsets.UTF_8.newDecoder()))
        .iterator();
  }

  /** Bytes for a reader of characters. */
  private static final class SourceStream extends InputStream {
    private final DecodedFile source;
    private final byte[] one = new byte[1];

    SourceStream(DecodedFile source) {
      this.source = source;
    }

    @Override
    public int read() {
      return source.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      return source.read(into, from, length);
    }
  }

  @Override
  public boolean next(Entries entries) {
    try {
      if (!records.hasNext()) {
        return false;
      }
      CsvRecord record = records.next();
      line = record.getStartingLineNumber();
      if (fields > 0 || !record.getField(0).strip().equalsIgnoreCase(HEADER)) {
        access(record, entries);
      }
      fields = record.getFieldCount();
      return true;
    } catch (CsvParseException malformed) {
      if (malformed.getCause() instanceof UncheckedIOException text) {
        throw unreadable(text);
      }
      throw TraceException.ofFile(
          source.file(),
          "after line "
              + line
              + ": not CSV with lines of at most "
              + limits.lineBytesMax()
              + " bytes: "
              + TraceException.echo(String.valueOf(malformed.getMessage())));
    } catch (UncheckedIOException text) {
      throw unreadable(text);
    }
  }

  private TraceException unreadable(UncheckedIOException failed) {
    String what =
        failed.getCause() instanceof CharacterCodingException
            ? "is not UTF-8 text"
            : "cannot be read: " + failed.getCause();
    return TraceException.ofFile(source.file(), "after line " + line + ": " + what);
  }

  private void access(CsvRecord record, Entries entries) {
    int count = record.getFieldCount();
    if (count > 2 || (fields > 0 && count != fields)) {
      String wanted = fields > 0 ? String.valueOf(fields) : "key or key,bytes";
      throw fault("fields", String.valueOf(count), "not " + wanted);
    }
    String key = record.getField(0).strip();
    if (key.isEmpty()) {
      throw fault("key", key, "empty");
    }
    long size = count < 2 ? 1 : size(record.getField(1).strip());
    int id = digits(key) ? objects.add(number(key), size) : objects.add(key, size);
    if (id == ObjectIds.FULL) {
      throw fault("object", key, "more than " + objects.count() + " objects");
    }
    if (objects.size(id) != size) {
      String rule = "object " + TraceException.echo(key) + " had " + objects.size(id) + " before";
      throw fault("bytes", String.valueOf(size), rule);
    }
    entries.request(id);
  }

  private long number(String key) {
    try {
      return Long.parseUnsignedLong(key);
    } catch (NumberFormatException tooLarge) {
      throw fault("key", key, "not a whole number of 64 bits");
    }
  }

  private long size(String text) {
    long size = digits(text) && text.length() <= SIZE_DIGITS_MAX ? Long.parseLong(text) : 0;
    if (size < 1 || size > SIZE_BYTES_MAX) {
      throw fault("bytes", text, "not a whole number from 1 to " + SIZE_BYTES_MAX);
    }
    return size;
  }

  private static boolean digits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private TraceException fault(String field, String value, String rule) {
    return TraceException.atLine(source.file(), line, field, value, rule);
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
