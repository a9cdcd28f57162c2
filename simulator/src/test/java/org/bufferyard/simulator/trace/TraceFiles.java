package org.bufferyard.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bufferyard.allocator.Outcome;

/** Opens traces as tests want them. */
final class TraceFiles {
  static Trace done(Path file) {
    return switch (Trace.open(file)) {
      case Outcome.Done<Trace>(Trace trace) -> trace;
      case Outcome.Refused<Trace>(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  /** The one line of the refusal. */
  static String refused(Path file) {
    return switch (Trace.open(file)) {
      case Outcome.Done<Trace>(Trace trace) ->
          throw new AssertionError("was accepted: " + trace.summary());
      case Outcome.Refused<Trace>(var refusal) -> {
        assertThat(refusal.reason()).doesNotContain("\n").hasSizeLessThan(600);
        yield refusal.reason();
      }
    };
  }

  static Path write(Path folder, String name, byte[] bytes) {
    try {
      return Files.write(folder.resolve(name), bytes);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  static Path write(Path folder, String name, String text) {
    return write(folder, name, text.getBytes(StandardCharsets.UTF_8));
  }

  private TraceFiles() {}
}
