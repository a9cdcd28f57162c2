package org.bufferyard.actors.environment;

/** When a buffer that was evicted returns to where it is wanted most. */
public enum BringBack {
  /** At its next map, evicting others if needed. */
  ALWAYS,
  /** At its next map, while the token bucket of moved bytes lasts; model of amdgpu's moverate. */
  BUDGET,
  /** Only into room that is free. */
  NEVER,
  /** Once it was mapped {@link #HOT_MAPS} times since it was evicted, evicting others if needed. */
  HOTNESS;

  /** Who is wanted but once or twice costs more to bring back than it gives. */
  public static final int HOT_MAPS = 3;
}
