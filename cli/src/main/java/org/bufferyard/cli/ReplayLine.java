package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The command line that repeats a run deterministically: every option that its outcome hangs on.
 */
final class ReplayLine {
  private record Unit(String name, long factor) {}

  private static final List<Unit> SIZES =
      List.of(
          new Unit("B", 1),
          new Unit("KiB", 1L << 10),
          new Unit("MiB", 1L << 20),
          new Unit("GiB", 1L << 30));
  private static final List<Unit> TIMES =
      List.of(
          new Unit("ns", 1),
          new Unit("us", 1_000),
          new Unit("ms", 1_000_000),
          new Unit("s", 1_000_000_000));

  private final List<String> words = new ArrayList<>();

  ReplayLine(String command) {
    words.add(quoted(command));
    words.add("run");
  }

  String of(WorldOptions options) {
    if (options.scenario != null) {
      words.add(quoted(options.scenario));
    } else if (options.trace == null) {
      words.add("desktop");
    }
    add("--trace", options.trace);
    add("--vram", exact(options.vramBytes, SIZES));
    add("--policy", options.policy);
    add("--duration", exact(options.durationNanos, TIMES));
    add(
        "--contents",
        options.contents == null ? null : options.contents.name().toLowerCase(Locale.ROOT));
    options.manage.forEach(management -> add("--manage", management));
    options.settings.forEach(setting -> add("--set", setting));
    options.faults.forEach(fault -> add("--fault", fault));
    add("--seed", options.seed);
    words.add("--deterministic");
    return String.join(" ", words);
  }

  String resuming(Path file) {
    add("--resume", file);
    return String.join(" ", words);
  }

  /** In the largest unit that loses nothing. */
  private static @Nullable String exact(@Nullable Long value, List<Unit> units) {
    if (value == null) {
      return null;
    }
    Unit largest = units.getFirst();
    for (Unit unit : units) {
      largest = value % unit.factor() == 0 ? unit : largest;
    }
    return value / largest.factor() + largest.name();
  }

  private void add(String option, @Nullable Object value) {
    if (value != null) {
      words.add(option);
      words.add(quoted(value.toString()));
    }
  }

  /** For a POSIX shell. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,%+@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
