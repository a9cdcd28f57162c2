package org.bufferyard.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.bufferyard.simulator.scenario.Contents;
import org.bufferyard.simulator.snapshot.Snapshot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * A run's options as the words of a snapshot, and back: the same names and texts that a person
 * would type, read by the same parser. Files are named from the root, and a trace by its checksum
 * too, for the run goes through it again.
 */
final class SnapshotWords {
  private static final String SCENARIO = "scenario";
  private static final String TRACE = "--trace";
  private static final String CHECKSUM = "checksum of the trace";

  static List<Snapshot.Word> of(WorldOptions options) throws BadInput {
    List<Snapshot.Word> words = new ArrayList<>();
    String scenario = options.scenario;
    if (scenario != null) {
      boolean file = PlanReader.isFile(scenario);
      add(words, SCENARIO, file ? Path.of(scenario).toAbsolutePath() : scenario);
    }
    Path trace = options.trace;
    if (trace != null) {
      add(words, TRACE, trace.toAbsolutePath());
      add(words, CHECKSUM, checksum(trace.toAbsolutePath()));
    }
    add(words, "--policy", options.policy);
    add(words, "--seed", options.seed);
    add(words, "--duration", options.durationNanos == null ? null : options.durationNanos + "ns");
    add(words, "--vram", options.vramBytes == null ? null : options.vramBytes + "B");
    Contents contents = options.contents;
    add(words, "--contents", contents == null ? null : contents.name().toLowerCase(Locale.ROOT));
    options.manage.forEach(management -> add(words, "--manage", management));
    options.settings.forEach(setting -> add(words, "--set", setting));
    options.faults.forEach(fault -> add(words, "--fault", fault));
    return words;
  }

  private static void add(List<Snapshot.Word> words, String name, @Nullable Object text) {
    if (text != null) {
      words.add(new Snapshot.Word(name, text.toString()));
    }
  }

  static WorldOptions read(List<Snapshot.Word> words) throws BadInput {
    List<String> typed = new ArrayList<>();
    String checksum = "";
    for (Snapshot.Word word : words) {
      switch (word.name()) {
        case CHECKSUM -> checksum = word.text();
        case SCENARIO -> typed.add(word.text());
        default -> typed.add(word.name() + "=" + word.text());
      }
    }
    WorldOptions options = parse(typed);
    Path trace = options.trace;
    if (trace != null && !checksum(trace).equals(checksum)) {
      throw new BadInput("the trace " + trace + " has changed since");
    }
    return options;
  }

  private static WorldOptions parse(List<String> typed) throws BadInput {
    WorldOptions options = new WorldOptions();
    try {
      new CommandLine(CommandSpec.forAnnotatedObject(options))
          .setExpandAtFiles(false)
          .parseArgs(typed.toArray(String[]::new));
      return options;
    } catch (ParameterException bad) {
      throw new BadInput(
          String.valueOf(bad.getMessage()).lines().findFirst().orElse("bad options"));
    }
  }

  private static String checksum(Path file) throws BadInput {
    CRC32C crc = new CRC32C();
    try (var stream = new CheckedInputStream(Files.newInputStream(file), crc)) {
      long bytes = stream.transferTo(OutputStream.nullOutputStream());
      return bytes + "-" + Long.toHexString(crc.getValue());
    } catch (IOException unreadable) {
      throw new BadInput(TRACE + " " + file + ": cannot be read: " + unreadable.getMessage());
    }
  }

  private SnapshotWords() {}
}
