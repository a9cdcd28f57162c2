package org.bufferyard.actors.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a region tells its policy, what it asks, and what the graphics policies make of it. */
class RegionPolicyTest {
  /** Writes down what it is told; names the oldest, then all else as surplus. */
  private static final class Recorder implements EvictionPolicy {
    final List<String> told = new ArrayList<>();
    final ArrayDeque<Integer> order = new ArrayDeque<>();
    final Residents residents;
    Admission answer = Admission.ADMIT;
    int back = NONE;

    Recorder(Residents residents) {
      this.residents = residents;
    }

    @Override
    public void admitted(int id, long nowNanos) {
      order.add(id);
      told.add(
          "admitted %d pages=%d priority=%d owner=%d group=%d cost=%d budget=%d"
              .formatted(
                  id,
                  residents.pages(id),
                  residents.priority(id),
                  residents.owner(id),
                  residents.group(id),
                  residents.moveCostNanos(id),
                  residents.budgetPages(residents.owner(id))));
    }

    @Override
    public void used(int id, long nowNanos) {
      told.add("used " + id);
    }

    @Override
    public void usedElsewhere(int id, long nowNanos) {
      told.add("used elsewhere " + id);
    }

    @Override
    public void changed(int id, long nowNanos) {
      told.add(
          "changed %d shared=%b discardable=%b pfn=%d"
              .formatted(
                  id, residents.shared(id), residents.discardable(id), residents.firstPfn(id)));
    }

    @Override
    public void hinted(int id, Hint hint, long nowNanos) {
      told.add("hinted " + id + " " + hint);
    }

    @Override
    public int bringBack(Demand room) {
      int wanted = back;
      return wanted != NONE && room.accepts(wanted) ? wanted : NONE;
    }

    @Override
    public void removed(int id, Removal reason, long nowNanos) {
      order.remove(id);
    }

    @Override
    public Admission admission(Demand demand) {
      told.add("admission " + asked(demand));
      return answer;
    }

    private static String asked(Demand demand) {
      return "incoming=%d pages=%d owner=%d group=%d must=%b"
          .formatted(
              demand.incoming(),
              demand.pages(),
              demand.owner(),
              demand.group(),
              demand.mustReside());
    }

    @Override
    public void begin(Demand demand) {
      told.add("begin " + asked(demand));
    }

    @Override
    public int victim(Demand demand) {
      told.add("victim");
      return next(demand);
    }

    @Override
    public int surplus(Demand demand) {
      told.add("surplus");
      return next(demand);
    }

    private int next(Demand demand) {
      return order.stream().filter(demand::accepts).findFirst().orElse(NONE);
    }
  }

  private final List<Recorder> made = new ArrayList<>();
  private RegionRig rig =
      new RegionRig(
          (residents, capacity) -> {
            made.add(new Recorder(residents));
            return made.getFirst();
          });

  @AfterEach
  void close() {
    rig.close();
  }

  private void under(String policy) {
    rig.close();
    rig = RegionRig.under(policy);
  }

  @Test
  void arrived_ownersAndTheWayOut_reachThePolicy() {
    rig.arrive(3, 7);
    rig.arrive(5, 8);
    String facts = " pages=4 priority=2 owner=%1$d group=%1$d cost=" + RegionRig.MOVE_NANOS;
    assertThat(made.getFirst().told)
        .containsExactly(
            "admitted 0" + facts.formatted(3) + " budget=64",
            "admitted 1" + facts.formatted(5) + " budget=32");
    rig.tell(new Region.Left(new BufferId(7), Region.Departure.EVICTED));
    assertThat(made.getFirst().residents.budgetPages(5)).isEqualTo(64);
  }

  @Test
  void pick_oneRound_asksForWhatIsWantedThenForSurplus() {
    rig.arrive(3, 7, 8);
    made.getFirst().told.clear();
    assertThat(rig.victims(1, 5)).containsExactly(7L, 8L);
    assertThat(made.getFirst().told)
        .containsExactly(
            "begin incoming=-1 pages=1 owner=5 group=5 must=true", "victim", "surplus", "surplus");
  }

  /** No more than can be evicted at once, which is 8. */
  @Test
  void pick_endlessSurplus_endsWhereEvictionsWouldWait() {
    rig.arrive(3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(rig.victims(1, 5)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(rig.victims(40, 5)).hasSize(10);
  }

  @Test
  void pick_declinable_policyDecides() {
    rig.arrive(3, 7, 8);
    rig.tell(new Region.Left(new BufferId(7), Region.Departure.EVICTED));
    made.getFirst().told.clear();
    made.getFirst().answer = Admission.SPILL;
    assertThat(rig.pick(1, 7, 5, true)).isEqualTo(new Migration.Declined(0, 0, 1));
    assertThat(made.getFirst().told)
        .containsExactly("admission incoming=0 pages=4 owner=5 group=5 must=false");
    assertThat(rig.pick(1, 7, 5, false)).isInstanceOf(Migration.Victims.class);
    made.getFirst().answer = Admission.ADMIT;
    assertThat(rig.pick(1, 70, 5, true)).isInstanceOf(Migration.Victims.class);
  }

  @Test
  void facts_uses_andAdvice_reachThePolicy() {
    rig.arrive(3, 7, 8);
    rig.tell(new Region.Left(new BufferId(8), Region.Departure.EVICTED));
    made.getFirst().told.clear();
    rig.tell(new Region.Changed(new BufferId(7), true, true));
    rig.tell(new Region.Hinted(new BufferId(7), Hint.DONT_NEED));
    rig.use(7, 8, 99);
    assertThat(made.getFirst().told)
        .containsExactly(
            "changed 0 shared=true discardable=true pfn=28",
            "hinted 0 DONT_NEED",
            "used 0",
            "used elsewhere 1");
  }

  /** Only who has a frame where room is wanted. */
  @Test
  void pick_range_othersAreLeftAlone() {
    rig.arrive(3, 1, 2, 3);
    assertThat(rig.victimsWithin(10, 1, false)).containsExactly(2L);
    assertThat(rig.victimsWithin(6, 4, false)).containsExactly(1L, 2L);
    assertThat(rig.victimsWithin(40, 4, false)).isEmpty();
  }

  /** Who was found in use is passed over, until it is used again or somebody will wait for it. */
  @Test
  void pick_foundInUse_isBusyToWhoDoesNotWait() {
    rig.arrive(3, 1, 2);
    rig.tell(new Region.Stayed(new BufferId(1), true, 0, null));
    assertThat(rig.victimsWithin(0, 12, false)).containsExactly(2L);
    assertThat(rig.victimsWithin(0, 12, true)).containsExactly(1L, 2L);
    rig.use(1);
    assertThat(rig.victimsWithin(0, 12, false)).containsExactly(1L, 2L);
  }

  /** A victim on its way is nobody else's. */
  @Test
  void pick_namedAndNotBack_isNotNamedAgain() {
    rig.arrive(3, 1, 2);
    rig.pickAndEvict(4);
    assertThat(rig.victims(4, 5)).containsExactly(2L);
    rig.tell(new Region.Stayed(new BufferId(1), false, 0, null));
    assertThat(rig.victims(4, 5)).containsExactly(1L, 2L);
  }

  /** Once; whoever was asked has its reasons if it does not come. */
  @Test
  void free_policyWantsOneBack_asksIt() {
    rig.arrive(3, 1, 2);
    rig.tell(new Region.Left(new BufferId(1), Region.Departure.EVICTED));
    made.getFirst().back = 0;
    rig.takeAndFree(4);
    rig.takeAndFree(4);
    assertThat(rig.toBuffers).containsExactly(new Buffer.ComeBack(0));
  }

  @Test
  void pick_lru_goesByUseAlone() {
    under("lru");
    interleave();
    assertThat(rig.victims(16, 3)).containsExactly(11L, 21L, 22L, 12L);
  }

  /** One use makes all of a client's buffers younger; who asks is spared as long as may be. */
  @Test
  void pick_ttm_clientsAgeAsUnits() {
    under("ttm");
    interleave();
    assertThat(rig.victims(16, 3)).containsExactly(21L, 22L, 11L, 12L);
    assertThat(rig.victims(16, 2)).containsExactly(11L, 12L, 21L, 22L);
  }

  @Test
  void pick_xe_stopsOneClientAfterAnother() {
    under("xe");
    interleave();
    assertThat(rig.victims(16, 3)).containsExactly(21L, 22L, 11L, 12L);
  }

  /** Of 64 pages each of two clients may have 32: the first has 40. */
  @Test
  void pick_wddm_clientOverItsShareGivesFirst() {
    under("wddm");
    rig.arrive(2, 21, 22);
    rig.arrive(1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(rig.victims(4, 2)).containsExactly(1L);
    under("lru");
    rig.arrive(2, 21, 22);
    rig.arrive(1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(rig.victims(4, 2)).containsExactly(21L);
  }

  /** Two clients' buffers in turns; then the first client uses its second buffer. */
  private void interleave() {
    rig.arrive(1, 11);
    rig.arrive(2, 21);
    rig.arrive(1, 12);
    rig.arrive(2, 22);
    rig.use(12);
  }
}
