package org.bufferyard.allocator.policy.replay;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Data that lies beside the checkout in {@code shared/} and is not part of it. A test that needs it
 * is skipped, with a line that names what is missing, where it is absent.
 */
final class SharedFiles {
  static Path require(String relative) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path candidate = folder.resolve("shared").resolve(relative);
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    return Assumptions.abort("skipped: no shared/" + relative + " beside the checkout");
  }

  private SharedFiles() {}
}
