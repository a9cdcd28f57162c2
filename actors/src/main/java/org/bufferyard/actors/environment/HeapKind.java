package org.bufferyard.actors.environment;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The heaps a region of memory may be, by the name that scenario files and listings use. Names are
 * stable, and say what the memory is rather than who allocates it, as dma-buf heaps are to be
 * named.
 */
public enum HeapKind {
  /** Ordinary pages from all over the region; gives no long runs. */
  SYSTEM(false, "ordinary pages, scattered; no long runs"),
  /** A pool kept for long runs; model of CMA. */
  CONTIGUOUS(true, "a pool kept for long runs, as CMA"),
  /** A fixed, reserved region, first fit; every buffer is one run. */
  CARVE_OUT(true, "reserved memory, first fit, one run a buffer"),
  /** Memory that the tiler shows as views; one run a buffer. */
  TILER(true, "memory for the tiler's views, one run a buffer"),
  /** A device's own memory, by buddies. */
  VRAM(true, "a device's own memory, by buddies");

  private final boolean contiguous;
  private final String summary;

  HeapKind(boolean contiguous, String summary) {
    this.contiguous = contiguous;
    this.summary = summary;
  }

  /** The stable name: lower case, words joined by a hyphen. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** It can give long runs of frames. */
  public boolean contiguous() {
    return contiguous;
  }

  public String summary() {
    return summary;
  }

  public static List<String> labels() {
    return Stream.of(values()).map(HeapKind::label).toList();
  }

  /** The heap called {@code label}, or null. */
  public static @Nullable HeapKind of(String label) {
    return Stream.of(values()).filter(heap -> heap.label().equals(label)).findFirst().orElse(null);
  }
}
