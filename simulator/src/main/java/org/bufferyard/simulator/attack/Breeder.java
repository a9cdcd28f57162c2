package org.bufferyard.simulator.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.simulator.workload.WorkloadSpec.Order;
import org.bufferyard.simulator.workload.WorkloadSpec.Pattern;

/** Draws workloads, and changes one a little. Not thread-safe; owned by the search. */
final class Breeder {
  private static final int CLIENTS_MAX = 4;
  private static final int BUFFERS_MAX = 48;
  private static final int VRAM_PERCENT_MIN = 20;
  private static final int VRAM_PERCENT_MAX = 95;
  private static final long MILLI = 1_000_000;
  private static final long MICRO = 1_000;

  /** What is drawn; the others come with {@link Adversaries} alone. */
  private static final List<Order> ORDERS =
      List.of(Order.LOOP, Order.STACK, Order.RANDOM, Order.ZIPF, Order.WINDOW);

  /** Buffers of one client are alike; these sizes keep runs short and moves long enough to hurt. */
  private static final int[] SIZES_KIB = {64, 256, 512, 1_024, 2_048};

  private static final long[] PACES_MICROS = {500, 1_000, 2_000, 4_000, 8_000, 16_000};

  private final SplittableRandom random;
  private final long durationNanos;

  /**
   * @param durationNanos model time of each workload
   */
  Breeder(SplittableRandom random, long durationNanos) {
    this.random = random;
    this.durationNanos = durationNanos;
  }

  Genome fresh() {
    List<Pattern> clients = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      clients.add(pattern("c" + i));
    }
    return new Genome(vram(), durationNanos, clients);
  }

  private int vram() {
    return random.nextInt(VRAM_PERCENT_MIN, VRAM_PERCENT_MAX + 1);
  }

  private Pattern pattern(String client) {
    long start = random.nextInt(3) == 0 ? random.nextLong(durationNanos / 2 / MILLI) * MILLI : 0;
    return new Pattern(
        client,
        random.nextInt(1, BUFFERS_MAX + 1),
        (long) SIZES_KIB[random.nextInt(SIZES_KIB.length)] << 10,
        ORDERS.get(random.nextInt(ORDERS.size())),
        random.nextInt(1, 5),
        random.nextInt(1, 9),
        PACES_MICROS[random.nextInt(PACES_MICROS.length)] * MICRO,
        start,
        0,
        random.nextInt(4) * 25,
        0);
  }

  /** One to three changes. */
  Genome changed(Genome genome) {
    Genome changed = genome;
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      changed = once(changed);
    }
    return changed;
  }

  private Genome once(Genome genome) {
    List<Pattern> clients = new ArrayList<>(genome.clients());
    int at = random.nextInt(clients.size());
    int vram = genome.vramPercent();
    switch (random.nextInt(8)) {
      case 0 -> vram = vram();
      case 1 -> vram = nearby(vram, VRAM_PERCENT_MIN, VRAM_PERCENT_MAX, 4);
      case 2 -> grow(clients);
      case 3 -> {
        if (clients.size() > 1) {
          clients.remove(at);
        }
      }
      case 4 -> clients.set(at, pattern(clients.get(at).client()));
      default -> clients.set(at, varied(clients.get(at)));
    }
    return new Genome(vram, genome.durationNanos(), clients);
  }

  private void grow(List<Pattern> clients) {
    if (clients.size() < CLIENTS_MAX) {
      int number = 0;
      for (Pattern client : clients) {
        number = Math.max(number, Integer.parseInt(client.client().substring(1)) + 1);
      }
      clients.add(pattern("c" + number));
    }
  }

  /** One property of a client drawn anew or moved a little. */
  private Pattern varied(Pattern c) {
    Pattern other = pattern(c.client());
    int which = random.nextInt(7);
    return new Pattern(
        c.client(),
        which == 0 ? nearby(c.buffers(), 1, BUFFERS_MAX, 3) : c.buffers(),
        which == 1 ? other.sizeBytes() : c.sizeBytes(),
        which == 2 ? other.order() : c.order(),
        which == 3 ? other.uses() : c.uses(),
        which == 4 ? other.window() : c.window(),
        which == 5 ? other.everyNanos() : c.everyNanos(),
        which == 6 ? other.startNanos() : c.startNanos(),
        c.stopNanos(),
        c.writePercent(),
        c.priority());
  }

  private int nearby(int value, int min, int max, int reach) {
    return Math.clamp(value + random.nextInt(-reach, reach + 1), min, max);
  }
}
