package org.bufferyard.allocator.policy.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Between two victims of one demand buffers are used and leave, as in a yard at work. */
class OpenDemandTest {
  private static final int IDS = 24;
  private static final List<Hint> HINTS = List.of(Hint.values());

  static Stream<String> online() {
    return Policies.all().stream().filter(p -> !p.offline()).map(PolicyProvider::name);
  }

  @ParameterizedTest
  @MethodSource("online")
  void victim_othersUsedAndGoneMeanwhile_isResidentAndNew(String name) {
    PolicyProvider provider =
        Policies.all().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    for (int seed = 0; seed < 400; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Residents residents = new Kinds();
      PolicyContext context = new PolicyContext(IDS, 4, residents, random.split());
      Region region = new Region(provider.create(context), new Demand(residents), random);
      for (int round = 0; round < 6; round++) {
        region.fill();
        region.demand("seed " + seed);
      }
    }
  }

  /** Two groups, two owners, all priorities. */
  private static final class Kinds implements Residents {
    @Override
    public long pages(int id) {
      return 1;
    }

    @Override
    public int priority(int id) {
      return id % PRIORITIES;
    }

    @Override
    public int owner(int id) {
      return id % 2;
    }

    @Override
    public int group(int id) {
      return id % 3 - 1;
    }
  }

  private static final class Region {
    private final EvictionPolicy policy;
    private final Demand demand;
    private final SplittableRandom random;
    private final TreeSet<Integer> resident = new TreeSet<>();
    private long now;

    Region(EvictionPolicy policy, Demand demand, SplittableRandom random) {
      this.policy = policy;
      this.demand = demand;
      this.random = random;
    }

    void fill() {
      for (int arrival = random.nextInt(2 * IDS); arrival > 0; arrival--) {
        int id = random.nextInt(IDS);
        if (resident.add(id)) {
          policy.admitted(id, ++now);
        } else {
          policy.used(id, ++now);
        }
      }
    }

    void demand(String trace) {
      policy.begin(demand.reset(EvictionPolicy.NONE, IDS, ++now).mandatory());
      TreeSet<Integer> refused = new TreeSet<>();
      for (int left = random.nextInt(IDS); left > 0; left--) {
        int victim = policy.victim(demand);
        if (victim == EvictionPolicy.NONE) {
          return;
        }
        assertThat(resident).as(trace).contains(victim);
        assertThat(refused).as(trace).doesNotContain(victim);
        if (random.nextInt(3) == 0) {
          demand.exclude(victim);
          refused.add(victim);
        } else {
          leave(victim, Removal.EVICTED);
        }
        meanwhile();
      }
    }

    private void meanwhile() {
      List<Integer> here = new ArrayList<>(resident);
      if (here.isEmpty()) {
        return;
      }
      int id = here.get(random.nextInt(here.size()));
      switch (random.nextInt(6)) {
        case 0 -> policy.used(id, ++now);
        case 1 -> leave(id, Removal.FREED);
        case 2 -> policy.changed(id, ++now);
        case 3 -> policy.hinted(id, HINTS.get(random.nextInt(HINTS.size())), ++now);
        case 4 -> {
          policy.pinned(id);
          policy.unpinned(id, ++now);
        }
        default -> {}
      }
    }

    private void leave(int id, Removal reason) {
      policy.removed(id, reason, ++now);
      resident.remove(id);
    }
  }
}
