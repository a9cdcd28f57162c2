package org.bufferyard.simulator.requests;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a trace of requests is written down. */
public enum RequestFormat {
  /** Text: a decimal block number a line; lines of {@code *} are ignored. */
  LIRS("lirs"),
  /** Text: {@code l|s 0xADDRESS N}; the address is the object. */
  ADDRESS("address"),
  /** Binary: a big-endian 32-bit word an access. */
  CACHE2K("cache2k"),
  /** Binary: a big-endian 64-bit word an access. */
  CORDA("corda"),
  /** Text: {@code time key bytes}; a key with another size is another object. */
  ADAPT_SIZE("adapt-size"),
  /** JSON lines: each of {@code hash_ids} is a request, of size 1. */
  MOONCAKE("mooncake"),
  /** Binary, little-endian: time (4 bytes), object (8), bytes (4), time of next access (8). */
  ORACLE_GENERAL("oracle-general"),
  /**
   * CSV: {@code key} or {@code key,bytes}; a first line that begins with the word key is skipped.
   */
  CSV("csv"),
  /** A capture of AMD's Radeon Memory Visualizer: buffers touched and freed. */
  RMV("rmv"),
  /** Buffer lifetimes of an accelerator: touched at birth and death, then freed. */
  MINIMALLOC("minimalloc");

  private final String label;

  RequestFormat(String label) {
    this.label = label;
  }

  /** What a user types. */
  public String label() {
    return label;
  }

  public static Optional<RequestFormat> named(String label) {
    return Stream.of(values()).filter(format -> format.label.equals(label)).findFirst();
  }

  public static List<String> labels() {
    return Stream.of(values()).map(RequestFormat::label).toList();
  }
}
