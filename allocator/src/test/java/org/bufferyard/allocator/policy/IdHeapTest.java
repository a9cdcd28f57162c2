package org.bufferyard.allocator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IdHeapTest {
  private record Rank(double key, long stamp) implements Comparable<Rank> {
    @Override
    public int compareTo(Rank other) {
      int byKey = Double.compare(key, other.key);
      return byKey != 0 ? byKey : Long.compare(stamp, other.stamp);
    }
  }

  @Test
  void anyOperation_againstATreeMap_sameFirst() {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      IdHeap heap = new IdHeap(0);
      TreeMap<Integer, Rank> ranks = new TreeMap<>();
      TreeSet<Integer> parked = new TreeSet<>();
      for (int step = 0; step < 3000; step++) {
        int id = random.nextInt(60);
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            Rank rank = new Rank(random.nextInt(20), step);
            heap.set(id, rank.key(), rank.stamp());
            ranks.put(id, rank);
          }
          case 2 -> {
            if (ranks.remove(id) != null) {
              heap.remove(id);
              parked.remove(id);
            }
          }
          case 3 -> {
            if (heap.first() >= 0) {
              parked.add(heap.first());
              heap.parkFirst();
            }
          }
          default -> {
            if (random.nextInt(20) == 0) {
              heap.unpark();
              parked.clear();
            }
          }
        }
        String where = "seed=" + seed + " step=" + step;
        assertThat(heap.first()).as(where).isEqualTo(first(ranks, parked));
        assertThat(heap.size()).as(where).isEqualTo(ranks.size());
        assertThat(heap.contains(id)).as(where).isEqualTo(ranks.containsKey(id));
      }
    }
  }

  private static int first(Map<Integer, Rank> ranks, Set<Integer> parked) {
    int first = EvictionPolicy.NONE;
    Rank least = new Rank(Double.POSITIVE_INFINITY, 0);
    for (var entry : ranks.entrySet()) {
      if (!parked.contains(entry.getKey()) && entry.getValue().compareTo(least) < 0) {
        least = entry.getValue();
        first = entry.getKey();
      }
    }
    return first;
  }
}
