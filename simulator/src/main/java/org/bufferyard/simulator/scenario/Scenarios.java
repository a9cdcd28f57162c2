package org.bufferyard.simulator.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;

/**
 * The bundled scenarios and those in files. A refusal's reason is one line that names file, line,
 * key, value and what is legal. {@code settings} are {@code key=value}, laid over the file in
 * order; a list is written with commas.
 */
public final class Scenarios {
  /** Scenario of a bundled name, or of {@code --trace}. */
  public record Summary(String name, String description) {}

  private static final List<String> BUNDLED =
      List.of(
          "desktop",
          "importers",
          "pipeline",
          "soc2011",
          "static-vs-dynamic",
          "early-vs-deferred",
          "patterns",
          "foreground",
          "foreground-switch",
          "all-busy",
          "idle-stays",
          "never-returns",
          "full-carve-out",
          "fragmented",
          "starved-compositor",
          "cyclic");
  private static final String TRACE = "trace";
  private static final String FOLDER = "/scenarios/";
  private static final String SUFFIX = ".conf";

  private final List<String> policies;

  /**
   * @param policies names that the key {@code policy} may take
   */
  public Scenarios(List<String> policies) {
    this.policies = List.copyOf(policies);
  }

  /** The bundled scenarios that run without a file. */
  public List<Summary> bundled() {
    return BUNDLED.stream().map(this::summary).toList();
  }

  public static List<String> names() {
    return BUNDLED;
  }

  private Summary summary(String name) {
    return switch (load(name, List.of())) {
      case Outcome.Done<Scenario>(Scenario scenario) -> new Summary(name, scenario.description());
      case Outcome.Refused<Scenario>(var refusal) ->
          throw new IllegalStateException("bundled scenario: " + refusal);
    };
  }

  public Outcome<Scenario> load(String name, List<String> settings) {
    if (!BUNDLED.contains(name)) {
      return Outcome.refused(
          Errno.EINVAL,
          "scenario "
              + ScenarioFault.echo(name)
              + " is unknown; bundled: "
              + String.join(", ", BUNDLED));
    }
    return read(name, name + SUFFIX, resource(name), settings, OptionalLong.empty());
  }

  /**
   * The base scenario of a trace.
   *
   * @param peakBytes alive at once in the trace; regions are sized relative to it
   * @param vramBytes size of VRAM; empty leaves it at the peak
   */
  public Outcome<Scenario> forTrace(long peakBytes, OptionalLong vramBytes, List<String> settings) {
    List<String> all = new ArrayList<>();
    vramBytes.ifPresent(bytes -> all.add("regions.VRAM.size=" + bytes + " B"));
    all.addAll(settings);
    return read(TRACE, TRACE + SUFFIX, resource(TRACE), all, OptionalLong.of(peakBytes));
  }

  public Outcome<Scenario> parseFile(Path file, List<String> settings) {
    String shown = ScenarioFault.plain(String.valueOf(file.getFileName()));
    try {
      if (!Files.isRegularFile(file)) {
        return Outcome.refused(
            Errno.EINVAL, ScenarioFault.plain(file.toString()) + ": no such regular file");
      }
      byte[] bytes = atMost(file, ScenarioText.TEXT_BYTES_MAX + 1);
      if (bytes.length > ScenarioText.TEXT_BYTES_MAX) {
        return Outcome.refused(
            Errno.EINVAL, shown + ": longer than " + ScenarioText.TEXT_BYTES_MAX + " bytes");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      String name = shown.endsWith(SUFFIX) ? shown.substring(0, shown.length() - 5) : shown;
      return read(name, shown, text, settings, OptionalLong.empty());
    } catch (CharacterCodingException notUtf8) {
      return Outcome.refused(Errno.EINVAL, shown + ": is not UTF-8 text");
    } catch (IOException unreadable) {
      return Outcome.refused(
          Errno.EINVAL, shown + ": cannot be read: " + unreadable.getClass().getSimpleName());
    }
  }

  /** A scenario file's {@code text}; {@code name} stands for the file in a refusal. */
  public Outcome<Scenario> parse(String name, String text, List<String> settings) {
    return read(name, name + SUFFIX, text, settings, OptionalLong.empty());
  }

  private Outcome<Scenario> read(
      String name, String file, String text, List<String> settings, OptionalLong peakBytes) {
    try {
      Fields root = new Fields(file, "", ScenarioText.parse(file, text, settings));
      return Outcome.done(new ScenarioReader(root, policies, peakBytes).read(name));
    } catch (ScenarioFault fault) {
      return Outcome.refused(Errno.EINVAL, String.valueOf(fault.getMessage()));
    }
  }

  private static byte[] atMost(Path file, int bytesMax) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(bytesMax);
    }
  }

  private static String resource(String name) {
    String path = FOLDER + name + SUFFIX;
    try (InputStream in = Scenarios.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new IllegalStateException("unreadable resource " + path, unreadable);
    }
  }
}
