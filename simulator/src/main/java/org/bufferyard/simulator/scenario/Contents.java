package org.bufferyard.simulator.scenario;

/** What regions store: real bytes, or one 64-bit tag per page, 512 times smaller. */
public enum Contents {
  BYTES,
  TAGS
}
