package org.bufferyard.allocator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemandTest {
  private final Residents residents =
      new Residents() {
        @Override
        public long pages(int id) {
          return 1;
        }

        @Override
        public boolean intersects(int id, long firstPfn, long endPfn) {
          return id >= firstPfn && id < endPfn;
        }
      };
  private final Demand demand = new Demand(residents);

  private void ask(Standing standing) {
    demand.reset(EvictionPolicy.NONE, 1, 0).filter(id -> standing);
    assertThat(demand.accepts(3)).isEqualTo(standing == Standing.EVICTABLE);
  }

  @Test
  void verdict_onlyPinnedLeft_fail() {
    ask(Standing.PINNED);
    assertThat(demand.verdict()).isEqualTo(Demand.Verdict.FAIL);
  }

  @Test
  void verdict_busyLeft_wait() {
    ask(Standing.BUSY);
    assertThat(demand.verdict()).isEqualTo(Demand.Verdict.WAIT);
  }

  @Test
  void verdict_protectedLeft_breakProtectionOnce() {
    ask(Standing.PROTECTED);
    assertThat(demand.verdict()).isEqualTo(Demand.Verdict.BREAK_PROTECTION);
    demand.pass(Demand.Pass.BREAK_PROTECTION);
    assertThat(demand.accepts(3)).isFalse();
    assertThat(demand.verdict()).isEqualTo(Demand.Verdict.FAIL);
  }

  @Test
  void exclude_thisDemand_refusedAndWaitedFor() {
    demand.reset(EvictionPolicy.NONE, 1, 0);
    assertThat(demand.accepts(7)).isTrue();
    demand.exclude(7);
    assertThat(demand.accepts(7)).isFalse();
    assertThat(demand.verdict()).isEqualTo(Demand.Verdict.WAIT);
    demand.reset(EvictionPolicy.NONE, 1, 0);
    assertThat(demand.accepts(7)).isTrue();
  }

  @Test
  void within_outsideTheRange_refusedWithoutAskingTheFilter() {
    demand.reset(EvictionPolicy.NONE, 1, 0).within(4, 8).filter(id -> Standing.BUSY);
    assertThat(demand.accepts(3)).isFalse();
    assertThat(demand.verdict()).isEqualTo(Demand.Verdict.FAIL);
    assertThat(demand.accepts(4)).isFalse();
    assertThat(demand.verdict()).isEqualTo(Demand.Verdict.WAIT);
    assertThat(demand.scanned()).isEqualTo(2);
  }
}
