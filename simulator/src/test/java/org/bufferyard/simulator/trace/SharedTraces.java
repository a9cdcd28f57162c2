package org.bufferyard.simulator.trace;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Traces of others, in a folder {@code shared/traces} beside the checkout; never part of it. */
final class SharedTraces {
  /** The file, or the test is skipped and says why. */
  static Path require(String name) {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null) {
      Path file = folder.resolveSibling("shared").resolve("traces").resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
      folder = folder.getParent();
    }
    Assumptions.abort("skipped: ../shared/traces/" + name + " is not beside the checkout");
    throw new AssertionError("abort returns never");
  }

  private SharedTraces() {}
}
