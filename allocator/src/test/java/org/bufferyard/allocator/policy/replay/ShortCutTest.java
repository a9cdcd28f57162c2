package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.policy.EvictionPolicy.NONE;

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
  void serve_policiesWithAShortCut_areThese() {
    List<String> names = new ArrayList<>();
    for (PolicyProvider provider : Policies.all()) {
      EvictionPolicy policy = made(provider);
      policy.admitted(1, 0);
      if (policy.serve(new int[] {2}, 0, 1, new boolean[3]) != EvictionPolicy.NO_SHORT_CUT) {
        names.add(provider.name());
      }
    }
    assertThat(names).containsExactlyInAnyOrder("lru", "fifo", "sieve");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lru", "fifo", "sieve"})
  void serve_amongAllElseThatHappens_namesTheVictimsOfTheLongWay(String name) {
    for (int seed = 0; seed < 200; seed++) {
      Twins twins = new Twins(made(Goldens.policy(name)), made(Goldens.policy(name)));
      SplittableRandom random = new SplittableRandom(seed);
      for (int step = 0; step < 400; step++) {
        twins.step(random.nextInt(12), random.nextInt(1 + random.nextInt(OBJECTS)), step);
      }
      assertThat(twins.replaced).isGreaterThan(50);
    }
  }

  /** Entries in pieces, among them what is freed, and stretches longer than the log's room. */
  @ParameterizedTest
  @ValueSource(strings = {"lru", "fifo", "sieve"})
  void replay_withAndWithoutTheShortCut_countAlike(String name) {
    for (int seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int objects = 2 + random.nextInt(300);
      long capacity = 1L + random.nextInt(objects);
      Residents weight = seed % 3 == 0 ? id -> 1L + id % 7 : Residents.UNITS;
      CacheReplay cutting = start(weight, objects, capacity, Goldens.policy(name));
      CacheReplay stepping = start(weight, objects, capacity, new LongWay(Goldens.policy(name)));
      for (int piece = 0; piece < 5; piece++) {
        int[] entries = new int[random.nextInt(3000)];
        int freedOf = 1 + random.nextInt(400);
        for (int at = 0; at < entries.length; at++) {
          int id = random.nextInt(1 + random.nextInt(objects));
          entries[at] = random.nextInt(freedOf) == 1 ? ~id : id;
        }
        cutting.replay(entries, 0, entries.length);
        stepping.replay(entries, 0, entries.length);
        assertThat(cutting.result()).as("seed %d", seed).isEqualTo(stepping.result());
      }
    }
  }

  private static CacheReplay start(
      Residents weight, int objects, long capacity, PolicyProvider provider) {
    return CacheReplay.start(
        Residents.UNITS,
        weight,
        objects,
        capacity,
        provider,
        new SplittableRandom(1),
        Future.UNKNOWN);
  }

  /** The policy of {@code provider} without its short cut. */
  private record LongWay(PolicyProvider provider) implements PolicyProvider {
    @Override
    public String name() {
      return provider.name();
    }

    @Override
    public String description() {
      return provider.description();
    }

    @Override
    public EvictionPolicy create(PolicyContext context) {
      EvictionPolicy policy = provider.create(context);
      return new EvictionPolicy() {
        @Override
        public void admitted(int id, long now) {
          policy.admitted(id, now);
        }

        @Override
        public void used(int id, long now) {
          policy.used(id, now);
        }

        @Override
        public void removed(int id, Removal reason, long now) {
          policy.removed(id, reason, now);
        }

        @Override
        public void begin(Demand demand) {
          policy.begin(demand);
        }

        @Override
        public int victim(Demand demand) {
          return policy.victim(demand);
        }
      };
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
        if (count < CAPACITY) {
          cutting.used(id, now);
        } else {
          serve(id, NONE);
        }
      }
    }

    /** {@code id} is not the first of its array. */
    private void serve(int id, int victim) {
      boolean[] after = resident.clone();
      if (victim != NONE) {
        after[victim] = false;
      }
      after[id] = true;
      int missed = cutting.serve(new int[] {-1, id, -1}, 1, 2, resident);
      assertThat(missed).isEqualTo(victim == NONE ? 0 : 1);
      assertThat(resident).isEqualTo(after);
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
        serve(id, victim);
        replaced++;
      }
      resident[id] = true;
    }
  }
}
