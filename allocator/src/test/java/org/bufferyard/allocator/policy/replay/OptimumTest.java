package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.junit.jupiter.api.Test;

/** The optimum of tiny worlds is what an independent exhaustive search found, and the floor. */
class OptimumTest {
  private static final List<Map<String, Object>> GOLDENS = Goldens.sized();

  @Test
  void missSize_everyMicroTrace_isTheReference() {
    for (Map<String, Object> golden : GOLDENS) {
      long found = ExactOptimum.missSize(Goldens.requests(golden), Json.number(golden, "capacity"));
      assertThat(found)
          .as("%s", golden.get("name"))
          .isEqualTo(Json.number(Json.object(golden, "exact_optimum"), "byte-bypass"));
    }
  }

  @Test
  void least_everyMicroTrace_flowIsNeverAboveTheOptimum() {
    for (Map<String, Object> golden : GOLDENS) {
      Requests requests = Goldens.requests(golden);
      long capacity = Json.number(golden, "capacity");
      double flow = FlowBound.of(requests, requests).least(capacity);
      assertThat(flow)
          .as("%s", golden.get("name"))
          .isLessThanOrEqualTo(ExactOptimum.missSize(requests, capacity) + 1e-6);
    }
  }

  /** The regret that docs/compare.md shows; printed, because it is a finding and no promise. */
  @Test
  void of_everyPolicyOnEveryMicroTrace_neverBelow() {
    List<String> table = new ArrayList<>();
    for (PolicyProvider policy : Policies.all()) {
      double sum = 0;
      double worst = 0;
      int optimal = 0;
      for (Map<String, Object> golden : GOLDENS) {
        Requests requests = Goldens.requests(golden);
        long capacity = Json.number(golden, "capacity");
        Optimum optimum = Optimum.of(requests, capacity);
        assertThat(optimum.exact()).isTrue();
        long cost = Goldens.run(requests, capacity, policy.name()).missSize();
        double regret = cost / optimum.size();
        assertThat(regret).as("%s %s", policy.name(), golden.get("name")).isGreaterThanOrEqualTo(1);
        sum += regret;
        worst = Math.max(worst, regret);
        optimal += regret == 1 ? 1 : 0;
      }
      table.add(
          String.format(
              java.util.Locale.ROOT,
              "%-20s %.3f  %.2f  %d",
              policy.name(),
              sum / GOLDENS.size(),
              worst,
              optimal));
    }
    System.out.println("policy              mean  worst  optimal of 200");
    table.forEach(System.out::println);
  }

  @Test
  void missSize_freedBetweenRequests_isPaidAgain() {
    Requests kept = Requests.sized(new int[] {0, 1, 0}, new long[] {2, 2});
    Requests freed = Requests.sized(new int[] {0, ~0, 1, 2}, new long[] {2, 2, 2});
    assertThat(ExactOptimum.missSize(kept, 4)).isEqualTo(4);
    assertThat(ExactOptimum.missSize(kept, 2)).isEqualTo(4);
    assertThat(ExactOptimum.missSize(kept, 1)).isEqualTo(6);
    assertThat(ExactOptimum.missSize(freed, 4)).isEqualTo(6);
  }

  @Test
  void missSize_seventeenObjects_isRefused() {
    Requests many = Requests.ofUnits(new int[] {16}, 17);
    assertThatThrownBy(() -> ExactOptimum.missSize(many, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("objects=17");
    assertThat(Optimum.of(many, 4).exact()).isFalse();
    assertThat(Optimum.of(many, 4).size()).isEqualTo(1);
  }
}
