package org.bufferyard.simulator.requests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.bufferyard.allocator.policy.replay.CacheReplay;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HitRatesTest {
  private static final ReadProgress SILENT = (what, done, total) -> {};

  /** Nothing is kept: every replay reads the file. */
  private static final ReadLimits NOTHING_KEPT =
      new ReadLimits(1L << 40, 2_000, 64 << 20, 256 << 10, 64 << 10, 1 << 20, 1 << 20, 0);

  private static final Workers BACKWARDS =
      (count, task) -> {
        for (int at = count - 1; at >= 0; at--) {
          task.accept(at);
        }
      };

  @TempDir Path folder;

  private static HitRates rates(RequestTrace trace, boolean bytes) {
    return new HitRates(trace, bytes, BACKWARDS, () -> new SplittableRandom(1), SILENT);
  }

  private static List<HitRates.Cell> onlineCells(long... capacities) {
    List<HitRates.Cell> cells = new ArrayList<>();
    for (long capacity : capacities) {
      Policies.all().stream()
          // Another test's, which declines to admit.
          .filter(provider -> !provider.name().equals("contrary"))
          .filter(policy -> !policy.offline())
          .forEach(policy -> cells.add(new HitRates.Cell(policy, capacity)));
    }
    return cells;
  }

  private static List<HitRates.Cell> someCells(long... capacities) {
    List<String> names = List.of("lru", "sieve", "lirs", "w-tinylfu", "random", "mglru");
    return onlineCells(capacities).stream()
        .filter(cell -> names.contains(cell.policy().name()))
        .toList();
  }

  private Path trace(RequestFormat format) throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    long[] keys =
        random
            .longs(70_000)
            .map(draw -> Long.numberOfTrailingZeros(draw) * 40L + (draw >>> 58))
            .toArray();
    byte[] plain = TraceWriters.bytes(format, keys);
    return TraceWriters.write(folder, "t", TraceWriters.compressed(Compression.ZSTD, plain));
  }

  @Test
  void replay_fromFileOrMemory_sameCountsWhateverTheUnit() throws IOException {
    Path file = trace(RequestFormat.ADAPT_SIZE);
    RequestTrace kept = RequestTrace.read(file, Optional.empty(), false, SILENT);
    RequestTrace read = RequestTrace.read(file, Optional.empty(), false, SILENT, NOTHING_KEPT);
    assertThat(kept.kept(true)).isPresent();
    assertThat(read.kept(true)).isEmpty();
    for (boolean bytes : new boolean[] {false, true}) {
      List<HitRates.Cell> cells = bytes ? someCells(900, 9_000) : someCells(9, 90);
      List<CacheReplay.Result> counts = rates(kept, bytes).replay(cells, Long.MAX_VALUE);
      assertThat(rates(read, bytes).replay(cells, Long.MAX_VALUE)).isEqualTo(counts);
      assertThat(rates(read, bytes).replay(cells, 1)).as("a pass a cell").isEqualTo(counts);
      assertThat(counts).allMatch(result -> result.requests() == 70_000);
      assertThat(counts).allMatch(result -> result.missSize() > 100 * result.misses());
    }
  }

  @Test
  void replay_freed_leavesRoomAndIsNoMiss() throws IOException {
    StringBuilder table = new StringBuilder("id,lower,upper,size\n");
    for (int i = 0; i < 50; i++) {
      table.append(i).append(',').append(10 * i).append(',').append(10 * i + 15).append(",4096\n");
    }
    Path file = Files.writeString(folder.resolve("t.csv"), table);
    RequestTrace trace = RequestTrace.read(file, Optional.empty(), true, SILENT);
    List<CacheReplay.Result> results =
        rates(trace, true).replay(onlineCells(20 * 4096), Long.MAX_VALUE);
    assertThat(results).allMatch(result -> result.misses() == 50 && result.evictions() == 0);
    assertThat(results).allMatch(result -> result.requests() == 100);
    assertThat(rates(trace, false).lruCurve().misses()[2]).isEqualTo(50);
    assertThat(rates(trace, false).lruCurve().misses()[1])
        .isEqualTo(rates(trace, false).replay(onlineCells(1), Long.MAX_VALUE).getFirst().misses());
  }

  /** Tools of others measured it: traces/README.md and reference/policies.csv. */
  @Test
  void replay_referenceTraces_areTheReferences() throws IOException {
    Path table = shared("reference/policies.csv");
    int compared = 0;
    Map<String, RequestTrace> traces = new LinkedHashMap<>();
    for (String line : Files.readAllLines(table)) {
      String[] f = line.split(",", -1);
      boolean small = f[0].matches("lirs-cs|lirs-gli|adaptsize-request");
      if (small && f[6].matches("lru|sieve|gdsf") && f[9].equals("exact")) {
        Path file = shared("traces/" + f[1]);
        RequestTrace trace =
            traces.computeIfAbsent(
                f[1], name -> RequestTrace.read(file, Optional.empty(), false, SILENT));
        PolicyProvider policy =
            Policies.all().stream().filter(p -> p.name().equals(f[6])).findFirst().orElseThrow();
        CacheReplay.Result result =
            rates(trace, f[2].equals("bytes"))
                .replay(List.of(new HitRates.Cell(policy, Long.parseLong(f[5]))), Long.MAX_VALUE)
                .getFirst();
        assertThat(String.valueOf(result.misses())).as(line).isEqualTo(f[7]);
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(30);
  }

  /** Data of others beside the checkout; where it is absent the test is skipped and says so. */
  private static Path shared(String relative) {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path file = up.resolve("shared").resolve(relative);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    return Assumptions.abort("skipped: no shared/" + relative + " beside the checkout");
  }
}
