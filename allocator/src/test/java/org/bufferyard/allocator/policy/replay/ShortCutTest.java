package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Future;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy's short cut for equal sizes leaves it as the round in steps does. */
class ShortCutTest {
  private static final int CAPACITY = 12;

  /** Wider than the columns that were asked for, which therefore grow. */
  private static final int OBJECTS = 60;

  private static EvictionPolicy made(PolicyProvider provider) {
    Future future =
        provider.offline() ? Requests.ofUnits(new int[OBJECTS], 1).future() : Future.UNKNOWN;
    return provider.create(
        new PolicyContext(CAPACITY, 4, Residents.UNITS, new SplittableRandom(1), future));
  }

  @Test
  void replace_policiesWithAShortCut_areThese() {
    List<String> names = new ArrayList<>();
    for (PolicyProvider provider : Policies.all()) {
      EvictionPolicy policy = made(provider);
      policy.admitted(1, 0);
      if (policy.replace(2, 1) != EvictionPolicy.NO_SHORT_CUT) {
        names.add(provider.name());
      }
    }
    assertThat(names).containsExactlyInAnyOrder("lru", "fifo", "sieve");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lru", "fifo", "sieve"})
  void replace_amongAllElseThatHappens_namesTheVictimsOfTheLongWay(String name) {
    for (int seed = 0; seed < 200; seed++) {
      Twins twins = new Twins(made(Goldens.policy(name)), made(Goldens.policy(name)));
      SplittableRandom random = new SplittableRandom(seed);
      for (int step = 0; step < 400; step++) {
        twins.step(random.nextInt(12), random.nextInt(1 + random.nextInt(OBJECTS)), step);
      }
      assertThat(twins.replaced).isGreaterThan(50);
    }
  }

  /** Two of a kind that are told the same; one makes room in steps. */
  private static final class Twins {
    private final EvictionPolicy stepping;
    private final EvictionPolicy cutting;
    private final Demand demand = new Demand(Residents.UNITS);
    private final boolean[] resident = new boolean[OBJECTS];
    private int count;
    private int replaced;

    Twins(EvictionPolicy stepping, EvictionPolicy cutting) {
      this.stepping = stepping;
      this.cutting = cutting;
    }

    void step(int what, int id, long now) {
      if (!resident[id]) {
        arrive(id, now);
      } else if (what == 0) {
        stepping.removed(id, Removal.FREED, now);
        cutting.removed(id, Removal.FREED, now);
        resident[id] = false;
        count--;
      } else if (what == 1) {
        stepping.hinted(id, Hint.DONT_NEED, now);
        cutting.hinted(id, Hint.DONT_NEED, now);
      } else if (what == 2) {
        stepping.pinned(id);
        cutting.pinned(id);
        stepping.unpinned(id, now);
        cutting.unpinned(id, now);
      } else {
        stepping.used(id, now);
        cutting.used(id, now);
      }
    }

    private void arrive(int id, long now) {
      if (count < CAPACITY) {
        stepping.admitted(id, now);
        cutting.admitted(id, now);
        count++;
      } else {
        stepping.begin(demand.reset(id, 1, now));
        int victim = stepping.victim(demand);
        stepping.removed(victim, Removal.EVICTED, now);
        stepping.admitted(id, now);
        assertThat(cutting.replace(id, now)).isEqualTo(victim);
        resident[victim] = false;
        replaced++;
      }
      resident[id] = true;
    }
  }
}
