package org.bufferyard.simulator.mutants;

import java.util.function.Supplier;
import org.bufferyard.testkit.Courier;

/**
 * A protocol with one mistake in it: what the yard does is rewritten on its way between the actors,
 * so that it is as if one of them had the mistake.
 *
 * @param id as in the list of protocol mutants (B) and historic ones (H)
 * @param mistake in words
 * @param courier makes what rewrites the messages of one run
 */
record Mutant(String id, String mistake, Supplier<Courier> courier) {
  /** One that changes messages with what a spy knows of each buffer. */
  static Mutant of(String id, String mistake, Spy.Change change) {
    return new Mutant(id, mistake, () -> Spy.of(change));
  }

  @Override
  public String toString() {
    return id + " " + mistake;
  }
}
