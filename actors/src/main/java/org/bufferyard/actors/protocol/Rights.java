package org.bufferyard.actors.protocol;

import java.util.List;
import java.util.StringJoiner;

/** What a handle permits, as bits. Rights are only ever handed on downwards. */
public final class Rights {
  public static final int MAP = 1;
  public static final int PIN = 1 << 1;
  public static final int CPU = 1 << 2;
  public static final int EXPORT = 1 << 3;
  public static final int REVOKE = 1 << 4;
  public static final int ALL = MAP | PIN | CPU | EXPORT | REVOKE;

  private static final List<String> NAMES = List.of("map", "pin", "cpu", "re-export", "revoke");

  /** In words, as {@code map+pin}; none is {@code nothing}. */
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
