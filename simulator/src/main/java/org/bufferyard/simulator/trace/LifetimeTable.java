package org.bufferyard.simulator.trace;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A minimalloc CSV: one buffer per line, with columns {@code id}, {@code lower}, {@code upper} and
 * {@code size} in any order; a buffer is live in {@code [lower, upper)} of an abstract time. Lines
 * are in no order of time, so the table is held whole and therefore bounded.
 */
final class LifetimeTable {
  static final int ROWS_MAX = 200_000;
  static final int LINE_CHARS_MAX = 64 << 10;
  static final int ID_CHARS_MAX = 64;
  static final long TIME_MAX = 1L << 46;
  static final long SIZE_BYTES_MAX = 1L << 44;
  private static final int NUMBER_DIGITS_MAX = 18;
  private static final List<String> COLUMNS = List.of("id", "lower", "upper", "size");

  record Row(String id, long lower, long upper, long sizeBytes) {}

  private final String file;
  private final int[] columnAt = new int[COLUMNS.size()];
  private final TreeMap<String, Long> lineOfId = new TreeMap<>();
  private final List<Row> rows = new ArrayList<>();
  private long line = 1;

  private LifetimeTable(String file) {
    this.file = file;
  }

  /** Whether a first line is a header of this format. */
  static boolean isHeader(String firstLine) {
    List<String> names = List.of(firstLine.strip().split(",", -1));
    return names.contains("id") && names.contains("lower") && names.contains("upper");
  }

  /** The rows in file order, at least one; leaves {@code channel} open. */
  static List<Row> read(String file, FileChannel channel) {
    LifetimeTable table = new LifetimeTable(file);
    try {
      channel.position(0);
      table.readAll(Channels.newInputStream(channel));
    } catch (CsvParseException malformed) {
      throw table.malformed(malformed);
    } catch (IOException failed) {
      throw table.unreadable(failed);
    } catch (UncheckedIOException failed) {
      throw table.unreadable(failed.getCause());
    }
    return table.rows;
  }

  /** Closing the parser would close the channel, which the caller owns. */
  @SuppressWarnings("resource")
  private void readAll(InputStream in) {
    Iterator<CsvRecord> records =
        CsvReader.builder()
            .detectBomHeader(false)
            .skipEmptyLines(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .maxBufferSize(LINE_CHARS_MAX)
            .ofCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))
            .iterator();
    readHeader(records);
    while (records.hasNext()) {
      CsvRecord record = records.next();
      line = record.getStartingLineNumber();
      addRow(record);
    }
    if (rows.isEmpty()) {
      throw TraceException.ofFile(file, "line " + line + ": a header and no buffer");
    }
  }

  private void readHeader(Iterator<CsvRecord> records) {
    List<String> names = records.hasNext() ? records.next().getFields() : List.of();
    for (int i = 0; i < columnAt.length; i++) {
      columnAt[i] = names.indexOf(COLUMNS.get(i));
    }
    for (String name : names) {
      if (!COLUMNS.contains(name)) {
        throw fault("column", name, "unknown; known: " + String.join(",", COLUMNS));
      }
    }
    if (names.size() != COLUMNS.size() || names.stream().distinct().count() != names.size()) {
      throw fault("header", String.join(",", names), "not " + String.join(",", COLUMNS));
    }
  }

  private void addRow(CsvRecord row) {
    if (row.getFieldCount() != COLUMNS.size()) {
      throw fault("fields", String.valueOf(row.getFieldCount()), "not " + COLUMNS.size());
    }
    if (rows.size() == ROWS_MAX) {
      throw fault("buffers", String.valueOf(ROWS_MAX + 1), "more than " + ROWS_MAX);
    }
    String id = row.getField(columnAt[0]);
    if (id.isEmpty() || id.length() > ID_CHARS_MAX) {
      throw fault("id", id, "not 1 to " + ID_CHARS_MAX + " characters");
    }
    Long earlier = lineOfId.put(id, line);
    if (earlier != null) {
      throw fault("id", id, "also on line " + earlier);
    }
    long lower = number(row, 1, 0, TIME_MAX);
    long upper = number(row, 2, 0, TIME_MAX);
    if (upper <= lower) {
      throw fault("upper", String.valueOf(upper), "not above lower, " + lower);
    }
    rows.add(new Row(id, lower, upper, number(row, 3, 1, SIZE_BYTES_MAX)));
  }

  /** Plain digits only: what other number parsers admit besides is an error in a trace. */
  private long number(CsvRecord row, int column, long min, long max) {
    String text = row.getField(columnAt[column]);
    boolean digits = !text.isEmpty() && text.length() <= NUMBER_DIGITS_MAX;
    long value = 0;
    for (int i = 0; digits && i < text.length(); i++) {
      char c = text.charAt(i);
      digits = c >= '0' && c <= '9';
      value = value * 10 + (c - '0');
    }
    if (!digits || value < min || value > max) {
      throw fault(COLUMNS.get(column), text, "not a whole number from " + min + " to " + max);
    }
    return value;
  }

  private TraceException fault(String field, String value, String rule) {
    return TraceException.atLine(file, line, field, value, rule);
  }

  private TraceException malformed(CsvParseException malformed) {
    String reason = TraceException.echo(String.valueOf(malformed.getMessage()));
    return TraceException.ofFile(
        file, "after line " + line + ": not CSV with lines of at most 64 KiB: " + reason);
  }

  private TraceException unreadable(@Nullable IOException failed) {
    return failed instanceof CharacterCodingException
        ? TraceException.ofFile(file, "after line " + line + ": is not UTF-8 text")
        : TraceException.ofFile(file, "cannot be read: " + failed);
  }
}
