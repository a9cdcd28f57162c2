package org.bufferyard.simulator.requests;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells a format by the first decoded bytes. Text says what it is; bare binary words do not, so
 * there the words are looked at: those of cache2k are small numbers or share a few leading bytes,
 * 64-bit ones are either small, with leading zeros, or hashes, whose leading bytes are all over.
 */
final class FormatGuess {
  static final int HEAD_BYTES = 16 << 10;

  private static final String RMV_MAGIC = "AMD_RDF ";
  private static final Pattern NUMBER = Pattern.compile("[ \t]*(?:\\*|[0-9]+)[ \t]*");
  private static final Pattern ADDRESS = Pattern.compile("[ \t]*[ls][ \t]+0x\\p{XDigit}+.*");
  private static final Pattern ADAPT_SIZE = Pattern.compile("[ \t]*[0-9]+[ \t]+[0-9]+[ \t]+[0-9]+");
  private static final Pattern CSV =
      Pattern.compile("(?i)\"?key\"?|\"?key\"?[ \t]*,.*|[^,]+,[ \t]*\"?[0-9]+\"?[ \t]*");
  private static final int RECORDS_MIN = 2;
  private static final int LEADING_BYTES_MAX = 48;

  private final byte[] head;
  private final String name;

  private FormatGuess(byte[] head, String name) {
    this.head = head;
    this.name = name;
  }

  /** The format of a file that begins with {@code head} and is called {@code name}. */
  static Optional<RequestFormat> of(byte[] head, String name) {
    return Optional.ofNullable(new FormatGuess(head, name).guess());
  }

  private @Nullable RequestFormat guess() {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith(RMV_MAGIC)) {
      return RequestFormat.RMV;
    }
    return isText() ? ofText(firstLine(text)) : ofWords();
  }

  private boolean isText() {
    for (byte b : head) {
      boolean blank = b == '\n' || b == '\r' || b == '\t';
      if (b >= 0 && b < ' ' && !blank) {
        return false;
      }
    }
    return utf8();
  }

  /** A character may be cut at the end of the head. */
  private boolean utf8() {
    String decoded = new String(head, StandardCharsets.UTF_8);
    int bad = decoded.indexOf('\ufffd');
    return bad < 0 || bad >= decoded.length() - 3;
  }

  private static String firstLine(String text) {
    return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
  }

  private @Nullable RequestFormat ofText(String line) {
    if (line.startsWith("{") && line.contains('"' + MooncakeParser.FIELD + '"')) {
      return RequestFormat.MOONCAKE;
    }
    String columns = "," + line.strip() + ",";
    if (columns.contains(",lower,") && columns.contains(",upper,")) {
      return RequestFormat.MINIMALLOC;
    }
    if (ADDRESS.matcher(line).matches()) {
      return RequestFormat.ADDRESS;
    }
    if (ADAPT_SIZE.matcher(line.stripTrailing()).matches()) {
      return RequestFormat.ADAPT_SIZE;
    }
    if (CSV.matcher(line).matches() || name.contains(".csv")) {
      return RequestFormat.CSV;
    }
    return NUMBER.matcher(line).matches() ? RequestFormat.LIRS : null;
  }

  private @Nullable RequestFormat ofWords() {
    if (oracleGeneral()) {
      return RequestFormat.ORACLE_GENERAL;
    }
    int words = head.length / Integer.BYTES;
    if (words < 2 * RECORDS_MIN) {
      return null;
    }
    boolean[] leading = new boolean[256];
    int different = 0;
    boolean highHalvesZero = words % 2 == 0;
    for (int word = 0; word < words; word++) {
      int first = head[Integer.BYTES * word] & 0xff;
      different += leading[first] ? 0 : 1;
      leading[first] = true;
      int value = ByteBuffer.wrap(head).getInt(Integer.BYTES * word);
      highHalvesZero &= word % 2 != 0 || value == 0;
    }
    boolean hashes = different > Math.min(LEADING_BYTES_MAX, words / 4);
    return highHalvesZero || hashes ? RequestFormat.CORDA : RequestFormat.CACHE2K;
  }

  /** Times that never fall, sizes, and next accesses that lie ahead or never come. */
  private boolean oracleGeneral() {
    ByteBuffer records = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int count = head.length / WordParser.ORACLE_RECORD_BYTES;
    long before = 0;
    for (int record = 0; record < count; record++) {
      int at = record * WordParser.ORACLE_RECORD_BYTES;
      long time = records.getInt(at) & 0xffff_ffffL;
      long next = records.getLong(at + 16);
      boolean ahead = next > record || next == -1 || next == -2;
      if (time < before
          || records.getInt(at + 12) == 0
          || !ahead
          || (next >= 1L << 44 && next != Long.MAX_VALUE)) {
        return false;
      }
      before = time;
    }
    return count >= RECORDS_MIN || (count == 1 && head.length == WordParser.ORACLE_RECORD_BYTES);
  }
}
