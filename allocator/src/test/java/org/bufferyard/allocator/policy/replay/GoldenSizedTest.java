package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** 200 micro traces with sizes, whose optima are known by exhaustive search, also under pins. */
class GoldenSizedTest {
  private static final List<Map<String, Object>> GOLDENS = Goldens.sized();

  static Stream<String> all() {
    return Policies.all().stream().map(PolicyProvider::name);
  }

  @ParameterizedTest
  @CsvSource({
    "lru, lru",
    "fifo, fifo",
    "clock, clock",
    "sieve, sieve",
    "gdsf, gdsf",
    "opt, opt",
    "opt-bypass, opt-bypass",
    "optsize, opt-greedy-size",
  })
  void misses_everyMicroTrace_areTheReferences(String column, String policy) {
    List<String> wrong = new ArrayList<>();
    for (Map<String, Object> golden : GOLDENS) {
      CacheReplay.Result result =
          Goldens.run(Goldens.requests(golden), Json.number(golden, "capacity"), policy);
      long objects = Json.number(Json.object(golden, "policy_object_misses"), column);
      long bytes = Json.number(Json.object(golden, "policy_byte_misses"), column);
      if (result.misses() != objects || result.missSize() != bytes) {
        wrong.add(golden.get("name") + ": " + result + " for " + objects + ", " + bytes);
      }
    }
    assertThat(wrong).as(policy).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void misses_anyPolicy_neverBelowTheOptimum(String policy) {
    for (Map<String, Object> golden : GOLDENS) {
      CacheReplay.Result result =
          Goldens.run(Goldens.requests(golden), Json.number(golden, "capacity"), policy);
      Map<String, Object> optimum = Json.object(golden, "exact_optimum");
      String name = policy + " " + golden.get("name");
      assertThat(result.misses())
          .as(name)
          .isGreaterThanOrEqualTo(Json.number(optimum, "object-bypass"));
      assertThat(result.missSize())
          .as(name)
          .isGreaterThanOrEqualTo(Json.number(optimum, "byte-bypass"));
    }
  }

  /** Whoever must keep what is used, and may not evict what is in flight, ends or says so. */
  @ParameterizedTest
  @MethodSource("all")
  void misses_pinnedInFlight_noMemoryExactlyWhereInfeasible(String policy) {
    int infeasible = 0;
    for (Map<String, Object> golden : GOLDENS) {
      CacheReplay.Result result =
          CacheReplay.run(
              Goldens.requests(golden),
              Json.number(golden, "capacity"),
              Goldens.policy(policy),
              new SplittableRandom(1),
              Math.toIntExact(Json.number(golden, "pin_steps")));
      Map<String, Object> optimum = Json.object(golden, "exact_optimum_pinned");
      String name = policy + " " + golden.get("name");
      if (Json.absent(optimum, "object")) {
        infeasible++;
        assertThat(result.noMemoryAt()).as(name).isNotEqualTo(CacheReplay.COMPLETED);
      } else {
        assertThat(result.noMemoryAt()).as(name).isEqualTo(CacheReplay.COMPLETED);
        assertThat(result.misses()).as(name).isGreaterThanOrEqualTo(Json.number(optimum, "object"));
        assertThat(result.missSize()).as(name).isGreaterThanOrEqualTo(Json.number(optimum, "byte"));
      }
    }
    assertThat(infeasible).isEqualTo(137);
  }
}
