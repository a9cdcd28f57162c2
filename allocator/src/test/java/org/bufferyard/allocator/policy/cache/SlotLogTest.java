package org.bufferyard.allocator.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Residents;
import org.junit.jupiter.api.Test;

/** The log beside a list, with more ids than it was made for, so that it is squeezed and grows. */
class SlotLogTest {
  @Test
  void changes_random_keepTheOrderOfAList() {
    for (int seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SlotLog log = new SlotLog(new PolicyContext(10, 0, Residents.UNITS, random.split()));
      List<Integer> list = new ArrayList<>();
      int ids = 2 + random.nextInt(200);
      for (int step = 0; step < 1500; step++) {
        Integer id = random.nextInt(ids);
        boolean held = list.remove(id);
        int what = random.nextInt(6);
        if (held && what == 0) {
          log.remove(id);
        } else if (held && what == 1) {
          log.remove(id);
          log.addOldest(id);
          list.addFirst(id);
        } else if (held) {
          log.makeNewest(id);
          list.add(id);
        } else {
          log.addNewest(id);
          list.add(id);
        }
      }
      assertThat(walked(log)).as("seed %d", seed).isEqualTo(list);
    }
  }

  private static List<Integer> walked(SlotLog log) {
    List<Integer> ids = new ArrayList<>();
    Demand demand = new Demand(Residents.UNITS).reset(EvictionPolicy.NONE, 1, 0);
    log.startWalk();
    for (int id = log.walk(demand); id != EvictionPolicy.NONE; id = log.walk(demand)) {
      ids.add(id);
    }
    return ids;
  }
}
