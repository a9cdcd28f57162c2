package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The list of bad inputs: each has an answer and a test that shows it, or says what it waits for.
 * {@code docs/bad-inputs.md} is made of it, by {@code -Dbufferyard.write-pages=true} in this test.
 */
class BadInputsTableTest {
  private static final int INPUTS = 113;
  private static final String WAITS = "waits for: ";
  private static final Path TABLE = Path.of("src/test/resources/bad-inputs.txt");
  private static final Path PAGE = Path.of("../docs/bad-inputs.md");

  /** One input; {@code test} is empty where it waits. */
  private record Row(int number, String input, String answer, String test) {
    boolean waits() {
      return answer.startsWith(WAITS);
    }
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(TABLE)) {
      if (!line.startsWith("#")) {
        String[] cells = line.split("\\|", -1);
        rows.add(
            new Row(
                Integer.parseInt(cells[0].strip()),
                cells[1].strip(),
                cells[2].strip(),
                cells.length > 3 ? cells[3].strip() : ""));
      }
    }
    return rows;
  }

  /** The source of each test class, by its name. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String module : List.of("allocator", "actors", "device-actors", "simulator", "cli")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
        for (Path file : files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.merge(name, Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }

  @Test
  void table_everyInput_hasItsRow() throws IOException {
    List<Row> rows = rows();
    assertThat(rows).hasSize(INPUTS);
    for (int at = 0; at < INPUTS; at++) {
      Row row = rows.get(at);
      assertThat(row.number()).isEqualTo(at + 1);
      assertThat(row.input()).as("%s", row).isNotEmpty();
      assertThat(row.answer()).as("%s", row).isNotEmpty();
      assertThat(row.test().isEmpty()).as("%s", row).isEqualTo(row.waits());
    }
  }

  @Test
  void table_everyTestNamed_isThere() throws IOException {
    Map<String, String> sources = sources();
    for (Row row : rows()) {
      if (!row.waits()) {
        String[] named = row.test().split("#", -1);
        assertThat(sources).as("%s", row).containsKey(named[0]);
        String source = sources.getOrDefault(named[0], "");
        assertThat(named.length == 1 || source.contains("void " + named[1] + "("))
            .as("%s", row)
            .isTrue();
      }
    }
  }

  @Test
  void page_isMadeOfTheTable() throws IOException {
    String page = page(rows());
    if (Boolean.getBoolean("bufferyard.write-pages")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }

  private static String page(List<Row> rows) {
    long waiting = rows.stream().filter(Row::waits).count();
    StringBuilder page = new StringBuilder();
    page.append("# Bad inputs\n\n")
        .append(INPUTS - waiting)
        .append(" of ")
        .append(INPUTS)
        .append(
            " bad inputs have an answer and a test; the others wait for something that does not"
                + " exist yet.\nGenerated from `cli/src/test/resources/bad-inputs.txt`, whose tests"
                + " a test looks up.\n\n| | input | answer | test |\n|---|---|---|---|\n");
    for (Row row : rows) {
      page.append("| ")
          .append(row.number())
          .append(" | ")
          .append(row.input())
          .append(" | ")
          .append(row.answer())
          .append(" | ")
          .append(row.test().isEmpty() ? "" : "`" + row.test() + "`")
          .append(" |\n");
    }
    return page.toString();
  }
}
