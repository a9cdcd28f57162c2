package org.bufferyard.actors.protocol;

/** What a handle permits, as bits. Rights are only ever handed on downwards. */
public final class Rights {
  public static final int MAP = 1;
  public static final int PIN = 1 << 1;
  public static final int CPU = 1 << 2;
  public static final int EXPORT = 1 << 3;
  public static final int REVOKE = 1 << 4;
  public static final int ALL = MAP | PIN | CPU | EXPORT | REVOKE;

  private Rights() {}
}
