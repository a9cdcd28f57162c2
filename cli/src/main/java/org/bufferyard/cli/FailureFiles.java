package org.bufferyard.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bufferyard.simulator.soak.Story;
import org.bufferyard.simulator.soak.Tape;
import org.bufferyard.simulator.soak.TapeText;

/** Where a failure is kept: its tape, and its page, named by the seed. */
record FailureFiles(Path folder, long seed) {
  /** Replaces the tape of an earlier failure of this seed. */
  Path tape(Tape tape) throws BadInput {
    return write("seed-" + seed + ".tape", TapeText.of(tape));
  }

  Path page(Story story) throws BadInput {
    return write("seed-" + seed + ".html", story.html());
  }

  private Path write(String name, String text) throws BadInput {
    try {
      Files.createDirectories(folder);
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException unwritable) {
      throw new BadInput("--failures " + folder + " cannot be written: " + unwritable);
    }
  }
}
