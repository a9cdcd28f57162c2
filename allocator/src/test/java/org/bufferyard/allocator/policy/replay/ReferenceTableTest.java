package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every row of the reference table, {@code mvn -pl allocator test -Dgroups=reference
 * -DexcludedGroups=none}: exact rows to the last miss, the others within their tolerance.
 */
@Tag("reference")
class ReferenceTableTest {
  /** Longer traces are left to the exact rows. */
  private static final int REQUESTS_FOR_BOUNDS = 200_000;

  private static final Map<String, Requests> TRACES = new LinkedHashMap<>();

  private static Requests trace(String file) throws IOException {
    Requests trace = TRACES.get(file);
    if (trace == null) {
      trace = TraceReaders.read(SharedFiles.require("traces/" + file));
      TRACES.put(file, trace);
    }
    return trace;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lru",
        "fifo",
        "clock",
        "clock-insert-first",
        "sieve",
        "lfu",
        "2q",
        "arc",
        "arc-int",
        "lirs",
        "s3-fifo",
        "s3-fifo-late-ghost",
        "gdsf",
        "w-tinylfu",
        "opt",
        "opt-bypass",
        "opt-greedy-size",
      })
  void misses_everyRowOfThePolicy_areTheReferences(String policy) throws IOException {
    List<ReferenceTable.Row> rows = rows(policy);
    List<String> wrong = wrong(policy, rows);
    assertThat(wrong).as(policy + ", of " + rows.size() + " rows").isEmpty();
  }

  /** Whatever a policy does: no fewer misses than the flow bound, or than bypass at unit sizes. */
  @ParameterizedTest
  @MethodSource("everyPolicy")
  void misses_everyPolicy_notBelowTheBounds(String policy) throws IOException {
    for (ReferenceTable.Row row : ReferenceTable.load().rows()) {
      boolean optimum = row.policy().equals("opt-bypass") && row.unitSizes();
      if (row.requests() < REQUESTS_FOR_BOUNDS && (optimum || row.bound())) {
        CacheReplay.Result result = Goldens.run(trace(row.file()), row.capacity(), policy);
        String name = policy + " " + row;
        if (!row.misses().isEmpty()) {
          double least = Double.parseDouble(row.misses());
          assertThat((double) result.misses()).as(name).isGreaterThanOrEqualTo(least);
        } else {
          double least = Double.parseDouble(row.missSize());
          assertThat((double) result.missSize()).as(name).isGreaterThanOrEqualTo(least);
        }
      }
    }
  }

  static Stream<String> everyPolicy() {
    return Policies.all().stream().map(PolicyProvider::name);
  }

  private static List<ReferenceTable.Row> rows(String policy) throws IOException {
    List<ReferenceTable.Row> rows =
        ReferenceTable.load().rows().stream().filter(r -> r.policy().equals(policy)).toList();
    assertThat(rows).isNotEmpty();
    return rows;
  }

  private static List<String> wrong(String policy, List<ReferenceTable.Row> rows)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    for (ReferenceTable.Row row : rows) {
      Requests requests = trace(row.file());
      assertThat((long) requests.count()).as(row.file()).isEqualTo(row.requests());
      assertThat((long) requests.objects()).as(row.file()).isEqualTo(row.objects());
      CacheReplay.Result result = Goldens.run(requests, row.capacity(), policy);
      if (!row.holds(result)) {
        wrong.add(
            "%s@%d: %d for %s (%s), size %d for %s"
                .formatted(
                    row.trace(),
                    row.capacity(),
                    result.misses(),
                    row.misses(),
                    row.tolerance(),
                    result.missSize(),
                    row.missSize()));
      }
    }
    System.out.println(
        "reference: " + policy + " " + (rows.size() - wrong.size()) + " of " + rows.size());
    return wrong;
  }
}
