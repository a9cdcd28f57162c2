package org.bufferyard.simulator.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.bufferyard.simulator.dump.RecordTree;
import org.bufferyard.simulator.run.Checkpoint;
import org.bufferyard.simulator.scenario.Scenario;

/**
 * A run's tape so far, and the digest of its state there.
 *
 * @param version of the program that made it; no other one resumes it
 * @param words the run's options in order, as name and text
 * @param scenario what these options came to, by part
 * @param moment where the run was
 */
public record Snapshot(
    String version, List<Word> words, SortedMap<String, Long> scenario, Checkpoint.Moment moment) {

  /** One option. */
  public record Word(String name, String text) {}

  public Snapshot {
    words = List.copyOf(words);
  }

  /** Every part of a scenario as a hash of all that it says, by the part's name. */
  public static SortedMap<String, Long> parts(Scenario scenario) {
    SortedMap<String, Long> parts = new TreeMap<>();
    RecordTree.components(scenario)
        .forEach((name, value) -> parts.put(name, hash(value.toString())));
    return parts;
  }

  private static long hash(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return (long) text.length() << 32 | crc.getValue();
  }

  /** Names whose values differ, or that only one of them has; in order of name. */
  static List<String> differing(SortedMap<String, Long> one, SortedMap<String, Long> other) {
    TreeMap<String, Long> all = new TreeMap<>(one);
    all.putAll(other);
    List<String> names = new ArrayList<>();
    all.forEach(
        (name, value) -> {
          if (!value.equals(one.get(name)) || !value.equals(other.get(name))) {
            names.add(name);
          }
        });
    return names;
  }
}
