package org.bufferyard.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The command line that repeats a run deterministically: every option that its outcome hangs on.
 */
final class ReplayLine {
  private final List<String> words = new ArrayList<>();

  ReplayLine(String command) {
    words.add(quoted(command));
    words.add("run");
  }

  String of(RunOptions options) {
    if (options.scenario != null) {
      words.add(quoted(options.scenario));
    } else if (options.trace == null) {
      words.add("desktop");
    }
    add("--trace", options.trace);
    add("--vram", options.vramBytes == null ? null : options.vramBytes + "B");
    add("--policy", options.policy);
    add("--duration", options.durationNanos == null ? null : options.durationNanos + "ns");
    add(
        "--contents",
        options.contents == null ? null : options.contents.name().toLowerCase(Locale.ROOT));
    options.settings.forEach(setting -> add("--set", setting));
    add("--seed", options.seed);
    words.add("--deterministic");
    return String.join(" ", words);
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
