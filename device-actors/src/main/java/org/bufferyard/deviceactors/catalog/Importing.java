package org.bufferyard.deviceactors.catalog;

/** How a kind imports. */
enum Importing {
  /** Answers an invalidate and maps again. */
  DYNAMIC,
  /** Pins what it maps, while it has it mapped. */
  STATIC
}
