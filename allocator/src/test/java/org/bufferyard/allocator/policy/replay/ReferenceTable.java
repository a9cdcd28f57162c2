package org.bufferyard.allocator.policy.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** {@code reference/policies.csv}: what independent tools measured. */
record ReferenceTable(List<Row> rows) {
  record Row(
      String trace,
      String file,
      boolean unitSizes,
      long requests,
      long objects,
      long capacity,
      String policy,
      String misses,
      String missSize,
      String tolerance) {
    boolean exact() {
      return tolerance.equals("exact");
    }

    boolean bound() {
      return tolerance.equals("lower bound");
    }

    /** The allowed distance between miss ratios. */
    double ratioTolerance() {
      return Double.parseDouble(tolerance.substring(7, tolerance.indexOf(' ', 7)));
    }

    long missCount() {
      return Long.parseLong(misses);
    }

    /** Whether the counts are within what the row allows. */
    boolean holds(CacheReplay.Result result) {
      if (exact()) {
        return result.misses() == missCount()
            && (missSize.isEmpty() || result.missSize() == Long.parseLong(missSize));
      }
      double expected = (double) missCount() / requests;
      return Math.abs(result.missRatio() - expected) <= ratioTolerance();
    }
  }

  static ReferenceTable load() throws IOException {
    List<String> lines = Files.readAllLines(SharedFiles.require("reference/policies.csv"));
    return new ReferenceTable(lines.stream().skip(1).map(ReferenceTable::row).toList());
  }

  private static Row row(String line) {
    String[] f = line.split(",", -1);
    return new Row(
        f[0],
        f[1],
        f[2].equals("objects"),
        Long.parseLong(f[3]),
        Long.parseLong(f[4]),
        Long.parseLong(f[5]),
        f[6],
        f[7],
        f[8],
        f[9]);
  }
}
