package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every row of the reference table, {@code mvn -pl allocator test -Dgroups=reference
 * -DexcludedGroups=none}: exact rows to the last miss, the others within their tolerance.
 */
@Tag("reference")
class ReferenceTableTest {
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
      })
  void misses_everyRowOfThePolicy_areTheReferences(String policy) throws IOException {
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (ReferenceTable.Row row : ReferenceTable.load().rows()) {
      if (row.policy().equals(policy)) {
        rows++;
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
    }
    System.out.println("reference: " + policy + " " + (rows - wrong.size()) + " of " + rows);
    assertThat(rows).isPositive();
    assertThat(wrong).as(policy + ", of " + rows + " rows").isEmpty();
  }
}
