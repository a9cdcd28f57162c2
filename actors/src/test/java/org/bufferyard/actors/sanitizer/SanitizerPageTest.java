package org.bufferyard.actors.sanitizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/sanitizer.md} says of the rules is so. */
class SanitizerPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)(?:#(\\w+))?`");

  private static List<String> rows() throws IOException {
    return Files.readAllLines(ROOT.resolve("docs/sanitizer.md")).stream()
        .filter(line -> line.startsWith("| D") || line.startsWith("| HANDLE"))
        .toList();
  }

  @Test
  void page_everyRule_hasARowThatNamesWhatFiresIt() throws IOException {
    List<String> rows = rows();
    for (Rule rule : Rule.values()) {
      List<String> its =
          rows.stream()
              .filter(
                  row ->
                      List.of(row.split("\\|", -1)[1].strip().split(", ", -1))
                          .contains(rule.name()))
              .toList();
      assertThat(its).as("%s", rule).hasSize(1);
      String fires = its.getFirst().split("\\|", -1)[5];
      assertThat(fires.contains("mutant") || TEST.matcher(fires).find())
          .as(its.getFirst())
          .isTrue();
    }
  }

  @Test
  void page_everyTestNamed_isThere() throws IOException {
    String sources = sources();
    List<String> missing = new ArrayList<>();
    for (String row : rows()) {
      for (Matcher named = TEST.matcher(row); named.find(); ) {
        boolean there = sources.contains("class " + named.group(1) + " ");
        boolean method = named.group(2) == null || sources.contains(" " + named.group(2) + "(");
        if (!there || !method) {
          missing.add(named.group());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String module : List.of("allocator", "actors", "device-actors", "simulator", "cli")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
          all.append(Files.readString(file));
        }
      }
    }
    return all.toString();
  }
}
