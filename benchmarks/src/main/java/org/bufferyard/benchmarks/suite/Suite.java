package org.bufferyard.benchmarks.suite;

import java.util.List;

/** A named part of the paired benchmarks. */
public interface Suite {
  String name();

  /** Measures all its cases and reports each to {@code lab}. */
  void run(Lab lab);

  /** Every suite, in the order they run. */
  static List<Suite> all() {
    return List.of(
        new BuilderSuite(),
        new DirectSuite(),
        new IovaSuite(),
        new PageTableSuite(),
        new MapSuite(),
        new InvalidationSuite(),
        new ImporterSuite(),
        new BatchSuite(),
        new BuddySuite(),
        new BounceSuite(),
        new WireSuite());
  }
}
