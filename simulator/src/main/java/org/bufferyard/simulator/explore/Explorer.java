package org.bufferyard.simulator.explore;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.soak.SoakCase;
import org.bufferyard.simulator.soak.Tape;
import org.bufferyard.simulator.soak.World;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Preference;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.bufferyard.testkit.Courier;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the orders of one small world, fewest departures from first come first served first:
 * every device writes every buffer, twice, while there is room for all but one of them near the
 * devices, and gives everything back. A state that was met before is not gone on from.
 */
public final class Explorer {
  /** Sizes beyond which no bound would mean anything. */
  public static final int SIZE_MAX = 6;

  private static final long SEED = 1;
  private static final long PAGE = 4096;

  /** The second begins while the copies that the first asked for are under way. */
  private static final int ROUNDS = 2;

  private static final long ROUND_NANOS = 100_000;

  /**
   * How far it got.
   *
   * @param states different ones met
   * @param runs of the whole world
   * @param depth most choices in one run
   * @param complete nothing is left to try: the bound did not matter
   * @param failure the first that broke a rule, on the shortest way found; null for none
   */
  public record Result(
      long states, long runs, int depth, boolean complete, @Nullable Failure failure) {}

  /** A broken rule, and the run that leads there. */
  public record Failure(Trial.Outcome outcome, Tape tape) {}

  private final World world;
  private final Scenario scenario;
  private final Map<String, List<Step>> steps;
  private final Supplier<Courier> couriers;
  private final LinkedHashSet<Long> seen = new LinkedHashSet<>();
  private final ArrayDeque<int[]> waiting = new ArrayDeque<>();
  private long runs;
  private int depth;

  private Explorer(
      World world, Scenario scenario, Map<String, List<Step>> steps, Supplier<Courier> couriers) {
    this.world = world;
    this.scenario = scenario;
    this.steps = steps;
    this.couriers = couriers;
  }

  /**
   * An explorer of a world of so many buffers and devices, 1 to {@value #SIZE_MAX} each.
   *
   * @param couriers makes what carries the messages of each run
   */
  public static Explorer of(int buffers, int devices, Supplier<Courier> couriers) {
    World world =
        new World(
            "importers",
            List.of(
                "contents=tags",
                "duration=2 ms",
                "workload.devices=" + devices,
                "workload.shared-by=1",
                "workload.buffers=" + buffers,
                "workload.buffer-size=4 KiB",
                "regions.VRAM.size=" + 4 * Math.max(1, buffers - 1) + " KiB",
                "regions.GTT.size=" + 4 * (buffers + 1) + " KiB",
                "regions.SYSTEM.size=" + 4 * (buffers + 1) + " KiB",
                "devices.importer.reaches=VRAM",
                "links.pcie.rate=16 MiB/s",
                "bring-back=always"),
            List.of());
    return switch (world.build(List.of("lru"))) {
      case Outcome.Refused<Scenario>(var refusal) ->
          throw new IllegalArgumentException(refusal.toString());
      case Outcome.Done<Scenario>(Scenario made) ->
          new Explorer(world, made, script(buffers, devices), couriers);
    };
  }

  private static Map<String, List<Step>> script(int buffers, int devices) {
    java.util.ArrayList<Step> steps = new java.util.ArrayList<>();
    for (int buffer = 0; buffer < buffers; buffer++) {
      steps.add(
          new Step(
              0, new Action.Export(buffer, PAGE, "buffer " + buffer, Preference.NONE, List.of())));
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (int device = 0; device < devices; device++) {
        for (int buffer = 0; buffer < buffers; buffer++) {
          Use use = new Use(buffer, DmaDirection.BIDIRECTIONAL, 0, 1);
          Action submit = new Action.Submit("importer-" + device, List.of(use), 0);
          steps.add(new Step(round * ROUND_NANOS, submit));
        }
      }
    }
    Map<String, List<Step>> byClient = new LinkedHashMap<>();
    byClient.put("client-0", steps);
    return byClient;
  }

  /**
   * Explores until a rule breaks, nothing is left, or {@code bound} states have been met.
   *
   * @param progress hears of the number of states, after each run
   */
  public Result explore(long bound, Consumer<Long> progress) {
    waiting.add(new int[0]);
    Failure failure = null;
    while (failure == null && !waiting.isEmpty() && seen.size() < bound) {
      int[] picks = waiting.removeFirst();
      failure = run(picks);
      progress.accept((long) seen.size());
    }
    return new Result(seen.size(), runs, depth, waiting.isEmpty() && failure == null, failure);
  }

  private @Nullable Failure run(int... picks) {
    runs++;
    LocalHistories histories = new LocalHistories();
    Choices choices = new Choices(picks, histories::state);
    Trial.Outcome outcome =
        Trial.run(
            drawn()
                .plan()
                .withStrategy(choices.strategy())
                .withObserver(histories)
                .withCourier(couriers.get()));
    depth = Math.max(depth, choices.points.size());
    if (!outcome.clean()) {
      int[] all = choices.points.stream().mapToInt(Choices.Point::picked).toArray();
      return new Failure(outcome, tape(all));
    }
    branch(picks, choices.points);
    return null;
  }

  private SoakCase drawn() {
    return new SoakCase(
        SEED, world, scenario, "explored", org.bufferyard.testkit.Strategy.fifo(), steps);
  }

  /** The same run with the order in the form that a tape has. */
  private Tape tape(int... picks) {
    SoakCase same =
        new SoakCase(
            SEED, world, scenario, "explored", new Choices(picks, () -> 0).strategy(), steps);
    return same.record(couriers.get());
  }

  /** From the first new state on, everything else that could have run. */
  private void branch(int[] picks, List<Choices.Point> points) {
    for (int at = picks.length; at < points.size(); at++) {
      Choices.Point point = points.get(at);
      if (!seen.add(point.state())) {
        return;
      }
      for (int other = 1; other < point.options(); other++) {
        int[] next = Arrays.copyOf(picks, at + 1);
        next[at] = other;
        waiting.addLast(next);
      }
    }
  }
}
