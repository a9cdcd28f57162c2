package org.bufferyard.allocator.policy.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;
import org.bufferyard.allocator.policy.Standing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every online policy owes its region, whatever its order. */
class EvictionPolicyContractTest {
  private static final int IDS = 40;
  private static final int STEPS = 3000;
  private static final List<Standing> STANDINGS = List.of(Standing.values());
  private static final List<Hint> HINTS = List.of(Hint.values());
  private static final List<Removal> REMOVALS = List.of(Removal.values());

  static Stream<String> online() {
    return Policies.all().stream().filter(p -> !p.offline()).map(PolicyProvider::name);
  }

  private static EvictionPolicy make(String name, PolicyContext context) {
    return Policies.all().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow()
        .create(context);
  }

  /** A region's owner that does everything it may, in a random order, and checks each answer. */
  private static final class Yard implements Residents {
    final SplittableRandom random;
    final EvictionPolicy policy;
    final Demand demand = new Demand(this);
    final TreeSet<Integer> resident = new TreeSet<>();
    final TreeSet<Integer> away = new TreeSet<>();
    final Standing[] standings = new Standing[IDS];
    final int[] priorities = new int[IDS];
    final List<Integer> choices = new ArrayList<>();
    long now;

    Yard(String name, long seed) {
      random = new SplittableRandom(seed);
      policy = make(name, new PolicyContext(25, 0, this, random.split()));
      Arrays.fill(standings, Standing.EVICTABLE);
    }

    @Override
    public long pages(int id) {
      return 1L + id % 3;
    }

    @Override
    public int priority(int id) {
      return priorities[id];
    }

    @Override
    public int owner(int id) {
      return id % 4;
    }

    @Override
    public int group(int id) {
      return id % 5 - 1;
    }

    @Override
    public boolean discardable(int id) {
      return priorities[id] == 0;
    }

    @Override
    public boolean shared(int id) {
      return priorities[id] == 3;
    }

    private <T> T any(List<T> values) {
      return values.get(random.nextInt(values.size()));
    }

    void step() {
      now += random.nextInt(3) * 1_000_000L;
      int id = random.nextInt(IDS);
      switch (random.nextInt(14)) {
        case 0, 1, 2, 3 -> {
          if (resident.contains(id)) {
            policy.used(id, now);
          } else {
            admit(id);
          }
        }
        case 4 -> leave(id);
        case 5 -> setStanding(id, any(STANDINGS));
        case 6, 7 -> setStanding(id, Standing.EVICTABLE);
        case 8 -> demandAll();
        case 9 -> {
          if (resident.contains(id)) {
            policy.hinted(id, any(HINTS), now);
          }
        }
        case 10 -> {
          priorities[id] = random.nextInt(Residents.PRIORITIES);
          if (resident.contains(id)) {
            policy.changed(id, now);
          }
        }
        case 11 -> bringBack();
        case 12 -> {
          if (away.contains(id)) {
            policy.usedElsewhere(id, now);
          }
        }
        default -> policy.tick(now);
      }
    }

    private void setStanding(int id, Standing next) {
      if (resident.contains(id)) {
        if (next == Standing.PINNED && standings[id] != Standing.PINNED) {
          policy.pinned(id);
        } else if (next != Standing.PINNED && standings[id] == Standing.PINNED) {
          policy.unpinned(id, now);
        }
        standings[id] = next;
      }
    }

    private void admit(int id) {
      demand.reset(id, pages(id), now).filter(other -> standings[other]);
      if (policy.admission(demand) != Admission.ADMIT) {
        return;
      }
      policy.begin(demand);
      if (resident.size() > 15 && !evictOne(id)) {
        return;
      }
      for (int more = policy.surplus(demand); more >= 0; more = policy.surplus(demand)) {
        check(more);
        remove(more, Removal.EVICTED);
      }
      arrive(id);
    }

    private void arrive(int id) {
      policy.admitted(id, now);
      resident.add(id);
      away.remove(id);
      standings[id] = Standing.EVICTABLE;
    }

    /** What comes back was away, is accepted, and is offered once. */
    private void bringBack() {
      demand.reset(EvictionPolicy.NONE, 4, now);
      TreeSet<Integer> offered = new TreeSet<>();
      for (int id = policy.bringBack(demand); id >= 0; id = policy.bringBack(demand)) {
        assertThat(away).contains(id);
        assertThat(offered.add(id)).as("brought back once: " + id).isTrue();
        if (random.nextBoolean()) {
          arrive(id);
        } else {
          demand.exclude(id);
        }
      }
    }

    private boolean evictOne(int incoming) {
      int victim = policy.victim(demand);
      choices.add(victim);
      if (victim < 0) {
        assertThat(victim).isIn(EvictionPolicy.NONE, EvictionPolicy.SPILL);
        return false;
      }
      check(victim);
      assertThat(victim).isNotEqualTo(incoming);
      remove(victim, Removal.EVICTED);
      return true;
    }

    private void check(int victim) {
      assertThat(resident).contains(victim);
      assertThat(standings[victim]).isEqualTo(Standing.EVICTABLE);
    }

    private void remove(int id, Removal reason) {
      policy.removed(id, reason, now);
      resident.remove(id);
      standings[id] = Standing.EVICTABLE;
      if (reason != Removal.FREED) {
        away.add(id);
      }
    }

    private void leave(int id) {
      if (resident.contains(id)) {
        remove(id, any(REMOVALS));
      } else if (away.remove(id)) {
        policy.forgotten(id);
      }
    }

    /** Excludes or evicts until nothing is left: every evictable resident was offered just once. */
    private void demandAll() {
      demand.reset(EvictionPolicy.NONE, 1000, now).filter(other -> standings[other]);
      policy.begin(demand);
      TreeSet<Integer> expected = new TreeSet<>();
      resident.stream().filter(r -> standings[r] == Standing.EVICTABLE).forEach(expected::add);
      TreeSet<Integer> offered = new TreeSet<>();
      boolean busyResident = resident.stream().anyMatch(r -> standings[r] == Standing.BUSY);
      for (int v = policy.victim(demand); v >= 0; v = policy.victim(demand)) {
        choices.add(v);
        check(v);
        assertThat(offered.add(v)).as("offered once: " + v).isTrue();
        if (random.nextBoolean()) {
          demand.exclude(v);
        } else {
          remove(v, Removal.EVICTED);
        }
      }
      assertThat(offered).isEqualTo(expected);
      if (busyResident) {
        assertThat(demand.verdict()).isNotEqualTo(Demand.Verdict.FAIL);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("online")
  void victim_anyHistory_isResidentAndEvictableAndNoneIsMissed(String name) {
    for (long seed = 1; seed <= 4; seed++) {
      Yard yard = new Yard(name, seed);
      for (int step = 0; step < STEPS; step++) {
        try {
          yard.step();
        } catch (AssertionError | RuntimeException failure) {
          throw new AssertionError(name + " seed=" + seed + " step=" + step, failure);
        }
      }
      assertThat(yard.choices).as(name + " seed=" + seed).hasSizeGreaterThan(100);
    }
  }

  @ParameterizedTest
  @MethodSource("online")
  void victim_sameSeed_sameChoices(String name) {
    Yard one = new Yard(name, 7);
    Yard other = new Yard(name, 7);
    for (int step = 0; step < STEPS; step++) {
      one.step();
      other.step();
    }
    assertThat(one.choices).isEqualTo(other.choices);
  }

  @ParameterizedTest
  @MethodSource("online")
  void victim_nothingResident_isNone(String name) {
    Yard yard = new Yard(name, 1);
    yard.demand.reset(EvictionPolicy.NONE, 1, 0);
    yard.policy.begin(yard.demand);
    assertThat(yard.policy.victim(yard.demand)).isEqualTo(EvictionPolicy.NONE);
    assertThat(yard.demand.verdict()).isEqualTo(Demand.Verdict.FAIL);
  }
}
