package org.bufferyard.simulator.requests;

/**
 * What a reader refuses to go beyond.
 *
 * @param decodedBytesMax of a compressed file
 * @param ratioMax decoded bytes for each byte of a compressed file
 * @param ratioFreeBytes decoded bytes before the ratio counts
 * @param decoderKibMax memory that a file may make its decoder use
 * @param lineBytesMax of a line of text
 * @param objectsMax different objects: their table is indexed by 32 bits and half full at most
 * @param keptEntriesMax entries kept in memory for policies that know the future
 * @param keptAnywayMax entries kept in memory where nobody needs them: they save reading again
 */
record ReadLimits(
    long decodedBytesMax,
    long ratioMax,
    long ratioFreeBytes,
    int decoderKibMax,
    int lineBytesMax,
    int objectsMax,
    int keptEntriesMax,
    int keptAnywayMax) {
  /**
   * Ten times the ratio of the best compressed trace known to us, a loop; a terabyte is more than a
   * day's work for any policy.
   */
  static final ReadLimits STANDARD =
      new ReadLimits(
          1L << 40,
          2_000,
          64L << 20,
          256 << 10,
          64 << 10,
          500_000_000,
          Integer.MAX_VALUE - 64,
          1 << 24);
}
