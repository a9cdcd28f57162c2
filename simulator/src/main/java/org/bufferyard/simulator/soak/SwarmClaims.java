package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws what a world's clients may count on, are held to and budgeted, who is in front when,
 * whether what is idle is trimmed, and how much may be pinned. Half of the worlds have none of it,
 * so that what the others have is not what always happens.
 */
final class SwarmClaims {
  private static final int PAGE_BYTES = 4_096;

  private final RandomGenerator random;
  private final int clients;
  private final long vramPages;
  private final List<String> settings = new ArrayList<>();

  private SwarmClaims(RandomGenerator random, int clients, long vramPages) {
    this.random = random;
    this.clients = clients;
    this.vramPages = vramPages;
  }

  /**
   * The settings.
   *
   * @param clients that both the workload and the script know, named from 0 on
   */
  static List<String> draw(RandomGenerator random, int clients, long vramPages) {
    SwarmClaims draw = new SwarmClaims(random, clients, vramPages);
    if (random.nextBoolean()) {
      draw.all();
    }
    return draw.settings;
  }

  private void all() {
    set("spill", random.nextInt(3) == 0);
    if (random.nextInt(3) == 0) {
      set("trim", 100 + random.nextInt(10_000) + " us");
    }
    if (random.nextInt(3) == 0) {
      set("pins.per-buffer", 1 + random.nextInt(2));
      set("pins.per-client", bytes(atLeastOne(vramPages)));
    }
    boolean turns = random.nextBoolean();
    if (turns) {
      turns();
    }
    switch (random.nextInt(turns ? 4 : 3)) {
      case 0 -> share("shares." + ScriptSpec.client(random.nextInt(clients)));
      case 1 -> set("background.max", bytes(atLeastOne(vramPages)));
      case 2 -> set("wddm-budget", turns && random.nextBoolean() ? "foreground" : "equal");
      default -> share("foreground");
    }
  }

  /** Every few hundred microseconds to milliseconds somebody else is in front. */
  private void turns() {
    List<String> turns = new ArrayList<>();
    long micros = random.nextInt(3_000);
    int count = 1 + random.nextInt(3);
    for (int turn = 0; turn < count; turn++) {
      turns.add(ScriptSpec.client(random.nextInt(clients)) + " " + micros + " us");
      micros += 1 + random.nextInt(4_000);
    }
    set("foreground.turns", String.join(",", turns));
    set("foreground.every", micros + " us");
  }

  /** Some of min, low and max, in that order. */
  private void share(String of) {
    long max = atLeastOne(vramPages);
    long low = random.nextLong(max + 1);
    int parts = 1 + random.nextInt(7);
    if ((parts & 1) != 0) {
      set(of + ".max", bytes(max));
    }
    if ((parts & 2) != 0) {
      set(of + ".low", bytes(low));
    }
    if ((parts & 4) != 0) {
      set(of + ".min", bytes(random.nextLong(low + 1)));
    }
  }

  private long atLeastOne(long pages) {
    return 1 + random.nextLong(Math.max(1, pages));
  }

  private static String bytes(long pages) {
    return pages * PAGE_BYTES + " B";
  }

  private void set(String key, Object value) {
    settings.add("manage." + key + "=" + value);
  }
}
