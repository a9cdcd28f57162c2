package org.bufferyard.actors.protocol;

import java.util.List;
import java.util.StringJoiner;

/** What a handle permits, as bits. Rights are only ever handed on downwards. */
public final class Rights {
  /** To attach, to map for devices that read, and with {@link #CPU} to read by the CPU. */
  public static final int READ = 1;

  public static final int PIN = 1 << 1;

  /** The CPU's accesses, in the directions that {@link #READ} and {@link #WRITE} permit. */
  public static final int CPU = 1 << 2;

  public static final int EXPORT = 1 << 3;
  public static final int REVOKE = 1 << 4;

  /** To map for devices that write, and with {@link #CPU} to write by the CPU. */
  public static final int WRITE = 1 << 5;

  /** To map for whatever direction. */
  public static final int MAP = READ | WRITE;

  public static final int ALL = MAP | PIN | CPU | EXPORT | REVOKE;

  private static final List<String> NAMES =
      List.of("read", "pin", "cpu", "re-export", "revoke", "write");

  /** In words, as {@code read+pin}; none is {@code nothing}. */
  public static String names(int rights) {
    StringJoiner names = new StringJoiner("+").setEmptyValue("nothing");
    for (int bit = 0; bit < NAMES.size(); bit++) {
      if ((rights & 1 << bit) != 0) {
        names.add(NAMES.get(bit));
      }
    }
    return (rights & ~ALL) == 0 ? names.toString() : names + "+" + (rights & ~ALL);
  }

  private Rights() {}
}
