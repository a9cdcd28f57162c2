package org.bufferyard.actors.environment;

/** When a buffer that was evicted returns to where it is wanted most. */
public enum BringBack {
  /** At its next map, evicting others if needed. */
  ALWAYS,
  /** At its next map, while the token bucket of moved bytes lasts; model of amdgpu's moverate. */
  BUDGET,
  /** Only into room that is free. */
  NEVER
}
