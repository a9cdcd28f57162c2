package org.bufferyard.simulator.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dumps read back as they were, and files that are none, refused by the place. */
class DumpFileTest {
  private static final String WHOLE =
      """
      {"format": "bufferyard-dump", "version": 1, "scenario": "s", "policy": "lru", "seed": 7,
       "mode": "real", "atNanos": 5, "consistent": false, "asked": 3, "answered": 2,
       "regions": [
         {"name": "VRAM", "capacityBytes": 8192, "usedBytes": 4096, "residentBytes": 4096,
          "residents": 1}],
       "buffers": [
         {"id": 3, "name": "b", "exporter": "x", "sizeBytes": 4000, "memoryBytes": 4096,
          "life": "resident", "region": "VRAM", "generation": 2, "runs": 1, "offered": true,
          "handles": ["x", "y"],
          "attachments": [{"device": "gpu", "client": "x", "dynamic": true, "state": "mapped",
            "direction": "to_device", "maps": 2, "pins": 1}],
          "fences": [{"usage": "write", "owner": "ticket-1"}],
          "openBrackets": 0, "token": "", "held": 1, "queued": 0}],
       "waits": [{"waiter": "a", "awaited": "b", "kind": "token", "about": "buffer-3"}]}
      """;

  @TempDir Path folder;

  private Outcome<Dump> read(String text) throws IOException {
    return DumpFile.read(Files.writeString(folder.resolve("d.json"), text));
  }

  private static String refusal(Outcome<Dump> outcome) {
    return outcome instanceof Outcome.Refused<Dump>(var refusal) ? refusal.reason() : "";
  }

  @Test
  void read_whatWasWritten_isEqual() throws IOException {
    Dump dump = ((Outcome.Done<Dump>) read(WHOLE)).value();
    assertThat(dump.buffers().getFirst().pins()).isEqualTo(1);
    assertThat(RecordTreeText.of(DumpFile.tree(dump))).isEqualToIgnoringWhitespace(WHOLE);
    assertThat(((Outcome.Done<Dump>) read(RecordTreeText.of(DumpFile.tree(dump)))).value())
        .isEqualTo(dump);
  }

  /** As JSON, for values without letters that need an escape. */
  private static final class RecordTreeText {
    static String of(Object tree) {
      return switch (tree) {
        case Map<?, ?> map ->
            "{"
                + String.join(
                    ",",
                    map.entrySet().stream()
                        .map(entry -> "\"" + entry.getKey() + "\":" + of(entry.getValue()))
                        .toList())
                + "}";
        case List<?> list ->
            "[" + String.join(",", list.stream().map(RecordTreeText::of).toList()) + "]";
        case String text -> "\"" + text + "\"";
        default -> tree.toString();
      };
    }

    private RecordTreeText() {}
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "bufferyard-dump"   | "something"         | format: is no bufferyard-dump
          "version": 1        | "version": 2        | version: is 2, this reads 1
          "seed": 7,          |                     | seed: is missing
          "seed": 7           | "seed": "7"         | seed: is '7', a whole number is expected
          "seed": 7           | "seed": 7.5         | seed: is 7.5, a whole number is expected
          "seed": 7           | "seed": 99999999999999999999 | seed: is '99999999999999999999'
          "asked": 3          | "asked": 3000000000 | asked: is 3000000000, a whole number
          "seed": 7           | "seed": 7, "sed": 1 | the file: has an unknown field 'sed'
          "seed": 7           | "seed": 7, "seed": 1 | line 1: no JSON: Duplicate
          "maps": 2           | "maps": null        | buffers[0].attachments[0].maps: is null
          "handles": ["x", "y"] | "handles": "x"    | buffers[0].handles: is 'x', a list is expected
          "offered": true     | "offered": 1        | buffers[0].offered: is 1, true or false
          "sizeBytes": 4000   | "sizeBytes": -1     | buffers[0]: has a negative size
          "name": "b"         | "name": "b\\u001b[2J" | buffers[0].name: holds characters that
          {"waiter"           | [{"waiter"          | waits[0]: is a list, an object is expected
          """)
  void read_damaged_refusedByPlace(String from, String to, String expected) throws IOException {
    String damaged = WHOLE.replace(from, to == null ? "" : to);
    if (from.startsWith("{")) {
      damaged = damaged.replace("\"buffer-3\"}", "\"buffer-3\"}]");
    }
    assertThat(refusal(read(damaged)))
        .startsWith(folder.resolve("d.json") + ": ")
        .contains(expected)
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''           | is empty
          []           | the file: is a list, an object is expected
          {            | no JSON
          nonsense     | no JSON
          [[[[[[[[[[]]]]]]]]]] | nested deeper than 8
          """)
  void read_noDump_refused(String text, String expected) throws IOException {
    assertThat(refusal(read(text))).contains(expected);
  }

  @Test
  void read_cutShort_refusedAtEveryLength() throws IOException {
    String text = WHOLE.strip();
    for (int length = 0; length < text.length(); length += 7) {
      assertThat(refusal(read(text.substring(0, length)))).as("%d letters", length).isNotEmpty();
    }
  }

  @Test
  void read_moreBehindTheDump_refused() throws IOException {
    assertThat(refusal(read(WHOLE + "{}"))).contains("goes on after the dump's end");
  }

  @Test
  void read_noFile_refused() {
    assertThat(refusal(DumpFile.read(folder))).contains("is a directory");
    assertThat(refusal(DumpFile.read(folder.resolve("none")))).contains("no such file");
  }
}
