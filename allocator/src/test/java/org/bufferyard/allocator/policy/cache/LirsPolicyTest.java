package org.bufferyard.allocator.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;
import org.junit.jupiter.api.Test;

/** LIRS beside its rules written down with ordered sets: the same victims whatever happens. */
class LirsPolicyTest {
  @Test
  void victim_randomRequestsOfOneSize_asTheRules() {
    for (int seed = 0; seed < 300; seed++) {
      new Both(seed, Residents.UNITS, 3 + seed % 40).steps(600, 60);
    }
  }

  @Test
  void victim_randomRequestsOfManySizes_asTheRules() {
    for (int seed = 0; seed < 300; seed++) {
      new Both(seed, id -> 1 + id % 5L, 10 + seed % 60).steps(600, 60);
    }
  }

  /** One percent of a larger region is more than the least share of HIR. */
  @Test
  void victim_largeRegion_asTheRules() {
    new Both(1, Residents.UNITS, 650).steps(12_000, 2_000);
  }

  /** So many once-used buffers above an LIR one that the stack reaches its limit. */
  @Test
  void victim_stackAtItsLimit_asTheRules() {
    Both both = new Both(1, Residents.UNITS, 3);
    for (int id = 0; id < 7_600; id++) {
      both.request(id);
    }
    for (int id = 0; id < 200; id++) {
      both.request(id);
    }
  }

  /** The policy and the rules, told the same. */
  private static final class Both {
    private final SplittableRandom random;
    private final Residents sizes;
    private final EvictionPolicy policy;
    private final Rules rules;
    private final Demand demand;
    private final TreeSet<Integer> resident = new TreeSet<>();
    private final String trace;
    private long capacity;
    private long used;

    Both(int seed, Residents sizes, long capacity) {
      random = new SplittableRandom(seed);
      trace = "seed " + seed;
      this.sizes = sizes;
      this.capacity = capacity;
      policy = new LirsPolicy(new PolicyContext(capacity, 4, sizes, random.split()));
      rules = new Rules(sizes, capacity);
      demand = new Demand(sizes);
    }

    void steps(int steps, int ids) {
      for (int step = 0; step < steps; step++) {
        int id = random.nextInt(1 + random.nextInt(ids));
        int what = random.nextInt(60);
        if (what == 0 && resident.contains(id)) {
          leave(id, Removal.FREED);
        } else if (what == 1 && !resident.contains(id)) {
          policy.forgotten(id);
          rules.forgotten(id);
        } else if (what == 2) {
          capacity = Math.max(5, capacity + random.nextInt(5) - 2);
          policy.resized(capacity);
          rules.resized(capacity);
        } else {
          request(id);
        }
      }
    }

    void request(int id) {
      if (resident.contains(id)) {
        policy.used(id, 0);
        rules.used(id);
        return;
      }
      policy.begin(demand.reset(id, sizes.pages(id), 0));
      List<Integer> refused = new ArrayList<>();
      while (used + sizes.pages(id) > capacity && refused.size() < resident.size()) {
        int victim = policy.victim(demand);
        assertThat(victim).as(trace).isEqualTo(rules.victim(refused));
        if (random.nextInt(8) == 0) {
          demand.exclude(victim);
          refused.add(victim);
        } else {
          leave(victim, Removal.EVICTED);
        }
      }
      if (used + sizes.pages(id) <= capacity) {
        policy.admitted(id, 0);
        rules.admitted(id);
        resident.add(id);
        used += sizes.pages(id);
      } else {
        assertThat(policy.victim(demand)).isEqualTo(EvictionPolicy.NONE);
      }
    }

    private void leave(int id, Removal reason) {
      policy.removed(id, reason, 0);
      rules.removed(id, reason);
      resident.remove(id);
      used -= sizes.pages(id);
    }
  }

  /** Oldest first in both orders. */
  private static final class Rules {
    private final Residents sizes;
    private final LinkedHashSet<Integer> stack = new LinkedHashSet<>();
    private final LinkedHashSet<Integer> queue = new LinkedHashSet<>();
    private final TreeSet<Integer> lir = new TreeSet<>();
    private long most;
    private long limit;
    private int last = EvictionPolicy.NONE;

    Rules(Residents sizes, long capacity) {
      this.sizes = sizes;
      resized(capacity);
    }

    void resized(long capacity) {
      most = capacity - Math.max(2, capacity / 100);
      limit = 2500 * capacity;
    }

    private long lirPages() {
      return lir.stream().mapToLong(sizes::pages).sum();
    }

    void admitted(int id) {
      if (lirPages() + sizes.pages(id) <= most) {
        lir.add(id);
      }
      top(id);
    }

    void used(int id) {
      if (id != last) {
        queue.remove(id);
        top(id);
      }
    }

    private void top(int id) {
      last = id;
      boolean known = stack.remove(id);
      stack.add(id);
      if (lir.contains(id)) {
        prune();
        return;
      }
      if (known) {
        lir.add(id);
        while (lirPages() > most) {
          prune();
          int oldest = stack.removeFirst();
          lir.remove(oldest);
          queue.add(oldest);
        }
      } else {
        queue.add(id);
      }
      prune();
    }

    private void prune() {
      while (!stack.isEmpty() && !lir.contains(stack.getFirst())) {
        stack.removeFirst();
      }
      if (stack.size() > limit) {
        stack.remove(stack.stream().filter(id -> !lir.contains(id)).findFirst().orElseThrow());
      }
    }

    void removed(int id, Removal reason) {
      if (last == id) {
        last = EvictionPolicy.NONE;
      }
      if (lir.remove(id)) {
        stack.remove(id);
      } else {
        queue.remove(id);
        if (reason != Removal.EVICTED) {
          stack.remove(id);
        }
      }
      prune();
    }

    void forgotten(int id) {
      stack.remove(id);
    }

    int victim(List<Integer> refused) {
      return Stream.concat(queue.stream(), stack.stream().filter(lir::contains))
          .filter(id -> !refused.contains(id))
          .findFirst()
          .orElse(EvictionPolicy.NONE);
    }
  }
}
