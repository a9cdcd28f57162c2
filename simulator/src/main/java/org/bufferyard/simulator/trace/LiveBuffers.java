package org.bufferyard.simulator.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bufferyard.allocator.Pages;
import org.jspecify.annotations.Nullable;

/**
 * The live buffers of one trace, by address or by index of birth, and what they weigh. No two
 * ranges of addresses overlap. Not thread-safe; owned by one conversion.
 */
final class LiveBuffers {
  private final TreeMap<Long, LiveBuffer> byAddress = new TreeMap<>();
  private final TreeMap<Integer, LiveBuffer> byIndex = new TreeMap<>();
  private long bytes;
  private long peakBytes;

  long bytes() {
    return bytes;
  }

  long peakBytes() {
    return peakBytes;
  }

  /** Adds a buffer whose range is free. */
  void addAt(LiveBuffer buffer) {
    byAddress.put(buffer.address, buffer);
    weigh(buffer);
  }

  /** Adds a buffer that has no address. */
  void addIndexed(int index, LiveBuffer buffer) {
    byIndex.put(index, buffer);
    weigh(buffer);
  }

  private void weigh(LiveBuffer buffer) {
    bytes += Pages.toBytes(buffer.pages);
    peakBytes = Math.max(peakBytes, bytes);
  }

  void remove(LiveBuffer buffer) {
    byAddress.remove(buffer.address, buffer);
    bytes -= Pages.toBytes(buffer.pages);
  }

  @Nullable LiveBuffer startingAt(long address) {
    return byAddress.get(address);
  }

  @Nullable LiveBuffer takeIndexed(int index) {
    return byIndex.remove(index);
  }

  @Nullable LiveBuffer covering(long address) {
    Map.Entry<Long, LiveBuffer> below = byAddress.floorEntry(address);
    boolean inside =
        below != null && address - below.getKey() < Pages.toBytes(below.getValue().pages);
    return inside ? below.getValue() : null;
  }

  /** Those with a page in {@code [address, end)}, in order of address. */
  List<LiveBuffer> overlapping(long address, long end) {
    List<LiveBuffer> touched = new ArrayList<>();
    LiveBuffer below = covering(address);
    if (below != null && below.address < address) {
      touched.add(below);
    }
    if (address < end) {
      touched.addAll(byAddress.subMap(address, end).values());
    }
    return touched;
  }

  /** Those with an address first, in order of address or index. */
  List<LiveBuffer> all() {
    List<LiveBuffer> all = new ArrayList<>(byAddress.values());
    all.addAll(byIndex.values());
    return all;
  }
}
