package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.bufferyard.testkit.Courier;

/**
 * Makes a failing tape short: leaves out what the failure does not need, largest parts first, and
 * keeps what fails the same rule. In turn the order, the faults, whole clients, the world, steps
 * and what is in them, until nothing more can go; then once more with patience, trying several
 * orders, some steps at once and less room. What is still long is begun again another way.
 */
public final class Shrinker {
  /** What somebody can read; with more, other ways are tried. */
  private static final int PAGE_EVENTS = 300;

  private static final int WAYS = 4;

  private final Search search;

  /**
   * A shrinker of one tape.
   *
   * @param couriers makes the courier of each try, as the failure had one
   * @param timeIsUp asked before each try
   */
  public Shrinker(
      Tape tape, List<String> policies, Supplier<Courier> couriers, BooleanSupplier timeIsUp) {
    this.search = new Search(tape, policies, couriers, timeIsUp);
  }

  /** Runs made. */
  public int tries() {
    return search.tries();
  }

  /** The shortest tape found that fails as the first did. */
  public Tape shrink() {
    Tape shortest = shrink(0);
    for (int way = 1; way < WAYS && shortest.expected().events() > PAGE_EVENTS; way++) {
      if (search.over()) {
        break;
      }
      search.startAgain();
      Tape other = shrink(way);
      shortest = Search.weight(other) < Search.weight(shortest) ? other : shortest;
    }
    return shortest;
  }

  /** What goes first decides what can go after it: each way begins with something else. */
  private Tape shrink(int way) {
    WorldCuts world = new WorldCuts(search);
    ClientCuts clients = new ClientCuts(search);
    StepCuts steps = new StepCuts(search, way);
    List<Runnable> cuts =
        new ArrayList<>(List.of(world::cutFaults, clients::cut, world::cut, steps::cut));
    Collections.rotate(cuts, -way);
    search.keepIfFails(search.best().withPicks());
    untilNoShorter(
        () -> {
          cuts.forEach(Runnable::run);
          calm();
        });
    search.bePatient(true);
    untilNoShorter(
        () -> {
          cuts.forEach(Runnable::run);
          steps.cutPairs();
          steps.cutHandfuls();
          world.cutRoom(
              () -> {
                clients.cut();
                steps.cut();
              });
          calm();
        });
    search.bePatient(false);
    return search.best();
  }

  private void untilNoShorter(Runnable cuts) {
    long before;
    do {
      before = search.weight();
      cuts.run();
    } while (search.weight() < before && !search.over());
  }

  private void calm() {
    search.keepIfFails(search.calm(search.best()));
  }
}
