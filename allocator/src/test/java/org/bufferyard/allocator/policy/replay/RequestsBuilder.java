package org.bufferyard.allocator.policy.replay;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Maps keys to dense ids in the order of first request. */
final class RequestsBuilder {
  private record Key(long key, long size) {}

  private final Map<Key, Integer> known = new LinkedHashMap<>();
  private int[] ids = new int[1024];
  private long[] sizes = new long[1024];
  private int requests;

  void add(long key) {
    add(key, 1);
  }

  /** The same key with another size is another object. */
  void add(long key, long size) {
    int id = known.computeIfAbsent(new Key(key, size), k -> known.size());
    if (requests == ids.length) {
      ids = Arrays.copyOf(ids, 2 * requests);
    }
    ids[requests++] = id;
    if (id >= sizes.length) {
      sizes = Arrays.copyOf(sizes, 2 * id);
    }
    sizes[id] = size;
  }

  Requests build() {
    int objects = known.size();
    int[] sequence = Arrays.copyOf(ids, requests);
    for (int id = 0; id < objects; id++) {
      if (sizes[id] != 1) {
        return Requests.sized(sequence, Arrays.copyOf(sizes, objects));
      }
    }
    return Requests.ofUnits(sequence, objects);
  }
}
