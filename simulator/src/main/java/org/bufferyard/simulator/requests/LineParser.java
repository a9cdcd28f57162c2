package org.bufferyard.simulator.requests;

import org.bufferyard.simulator.trace.TraceException;

/** The text formats with one access a line: lirs, address, adapt-size. */
final class LineParser implements RecordParser {
  private static final int DECIMAL_DIGITS_MAX = 19;
  private static final int HEX_DIGITS_MAX = 16;
  private static final long SIZE_BYTES_MAX = 1L << 44;

  private final RequestFormat format;
  private final DecodedFile source;
  private final ByteWindow window;
  private final ObjectIds objects;
  private int at;

  LineParser(RequestFormat format, DecodedFile source, ReadLimits limits, ObjectIds objects) {
    this.format = format;
    this.source = source;
    this.window = new ByteWindow(source, limits.lineBytesMax());
    this.objects = objects;
  }

  @Override
  public boolean next(Entries entries) {
    if (!window.nextLine()) {
      return false;
    }
    at = 0;
    skipBlanks();
    if (at < window.lineLength()) {
      switch (format) {
        case LIRS -> lirs(entries);
        case ADDRESS -> address(entries);
        default -> adaptSize(entries);
      }
    }
    return true;
  }

  private void lirs(Entries entries) {
    if (window.lineByte(at) == '*' && rest(at + 1)) {
      return;
    }
    long block = decimal("block", Long.MAX_VALUE);
    wantEnd("block");
    entries.request(known(objects.add(block, 1), block));
  }

  private void address(Entries entries) {
    byte kind = window.lineByte(at);
    if (kind != 'l' && kind != 's') {
      throw fault("access", word(), "not l or s");
    }
    at++;
    skipBlanks();
    long address = hexadecimal();
    entries.request(known(objects.add(address, 1), address));
  }

  private void adaptSize(Entries entries) {
    long time = decimal("time", Long.MAX_VALUE);
    assert time >= 0 : time;
    long key = decimal("key", Long.MAX_VALUE);
    long size = decimal("bytes", SIZE_BYTES_MAX);
    wantEnd("bytes");
    if (size == 0) {
      throw fault("bytes", "0", "not from 1 to " + SIZE_BYTES_MAX);
    }
    entries.request(known(objects.add(key, size), key));
  }

  private int known(int id, long key) {
    if (id == ObjectIds.FULL) {
      throw fault("object", String.valueOf(key), "more than " + objects.count() + " objects");
    }
    return id;
  }

  /** Plain digits only: what other number parsers admit besides is an error in a trace. */
  private long decimal(String field, long max) {
    int from = at;
    long value = 0;
    boolean whole = true;
    while (at < window.lineLength() && !blank(window.lineByte(at))) {
      int digit = window.lineByte(at) - '0';
      whole &= digit >= 0 && digit <= 9 && value <= (Long.MAX_VALUE - digit) / 10;
      value = whole ? value * 10 + digit : 0;
      at++;
    }
    if (!whole || at == from || at - from > DECIMAL_DIGITS_MAX || value > max) {
      at = from;
      throw fault(field, word(), "not a whole number from 0 to " + max);
    }
    skipBlanks();
    return value;
  }

  private long hexadecimal() {
    int from = at;
    boolean whole = startsWith0x();
    at += whole ? 2 : 0;
    int digitsFrom = at;
    long value = 0;
    while (whole && at < window.lineLength() && !blank(window.lineByte(at))) {
      int digit = Character.digit(window.lineByte(at), 16);
      whole = digit >= 0;
      value = value << 4 | digit;
      at++;
    }
    if (!whole || at == digitsFrom || at - digitsFrom > HEX_DIGITS_MAX) {
      at = from;
      throw fault("address", word(), "not 0x and 1 to " + HEX_DIGITS_MAX + " hexadecimal digits");
    }
    return value;
  }

  private boolean startsWith0x() {
    return at + 1 < window.lineLength()
        && window.lineByte(at) == '0'
        && window.lineByte(at + 1) == 'x';
  }

  private void wantEnd(String field) {
    if (!rest(at)) {
      throw fault("after " + field, word(), "one field too many");
    }
  }

  /** Whether only blanks are left from {@code from} on. */
  private boolean rest(int from) {
    for (int i = from; i < window.lineLength(); i++) {
      if (!blank(window.lineByte(i))) {
        return false;
      }
    }
    return true;
  }

  private void skipBlanks() {
    while (at < window.lineLength() && blank(window.lineByte(at))) {
      at++;
    }
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }

  /** What stands at the cursor, up to a blank. */
  private String word() {
    int to = at;
    while (to < window.lineLength() && !blank(window.lineByte(to))) {
      to++;
    }
    return window.text(at, to);
  }

  private TraceException fault(String field, String value, String rule) {
    return TraceException.atLine(window.file(), window.line(), field, value, rule);
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
