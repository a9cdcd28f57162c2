package org.bufferyard.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The figures on disk: one JSON file a suite, one row a line. */
public final class Results {
  /** Writes {@code <directory>/<suite>.json}. */
  public static void write(Path directory, String suite, Machine machine, List<Row> rows)
      throws IOException {
    Files.createDirectories(directory);
    List<String> lines = new ArrayList<>();
    lines.add("{\"suite\":\"" + suite + "\"," + machine.toJson() + ",\"rows\":[");
    for (int row = 0; row < rows.size(); row++) {
      lines.add(rows.get(row).toJson() + (row + 1 < rows.size() ? "," : ""));
    }
    lines.add("]}");
    Files.write(directory.resolve(suite + ".json"), lines);
  }

  /** The rows of every named suite that has a file. */
  public static List<Row> read(Path directory, List<String> suites) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String suite : suites) {
      Path file = directory.resolve(suite + ".json");
      if (Files.exists(file)) {
        try (Stream<String> lines = Files.lines(file)) {
          lines
              .filter(line -> line.startsWith("{\"suite\"") && line.contains("\"goal\""))
              .map(Row::parse)
              .forEach(rows::add);
        }
      }
    }
    return rows;
  }

  private Results() {}
}
