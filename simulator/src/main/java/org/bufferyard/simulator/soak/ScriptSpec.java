package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Preference;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;

/**
 * What the clients of a drawn world do, as explicit steps, so that some can be left out. Each kind
 * of step has a weight, and some have none: what a run leaves out lets others happen more.
 *
 * @param weights of submit, attach, unmap, CPU access, pin, unpin, release
 * @param faithful one device for each buffer of a client, which so is attached by most of its steps
 */
public record ScriptSpec(
    int clients,
    int buffers,
    int pages,
    List<String> devices,
    List<Integer> weights,
    int steps,
    boolean faithful) {
  private static final int SUBMIT = 0;
  private static final int ATTACH = 1;
  private static final int UNMAP = 2;
  private static final int CPU = 3;
  private static final int PIN = 4;
  private static final int UNPIN = 5;
  private static final int KINDS = 7;
  private static final int PAGE_BYTES = 4096;

  static ScriptSpec draw(
      RandomGenerator random, int clients, int buffers, int pages, List<String> devices) {
    List<Integer> weights = new ArrayList<>();
    weights.add(8 + random.nextInt(24));
    for (int kind = 1; kind < KINDS; kind++) {
      weights.add(random.nextInt(3) == 0 ? 0 : random.nextInt(10));
    }
    return new ScriptSpec(
        clients,
        buffers,
        pages,
        List.copyOf(devices),
        List.copyOf(weights),
        40 + random.nextInt(260),
        false);
  }

  /** The same with many pins, by devices that are attached already. */
  ScriptSpec pinning(RandomGenerator random) {
    List<Integer> more = new ArrayList<>(weights);
    more.set(PIN, 10 + random.nextInt(10));
    more.set(UNPIN, 10 + random.nextInt(10));
    return new ScriptSpec(clients, buffers, pages, devices, List.copyOf(more), steps, true);
  }

  /** The steps of each client, in order of time, by its name. */
  public Map<String, List<Step>> write(RandomGenerator random, long durationNanos) {
    return new Writer(random, durationNanos).write();
  }

  static String client(int number) {
    return "client-" + number;
  }

  private final class Writer {
    private final RandomGenerator random;
    private final long durationNanos;
    private final Map<String, List<Step>> steps = new LinkedHashMap<>();
    private final List<TreeSet<Integer>> known = new ArrayList<>();

    Writer(RandomGenerator random, long durationNanos) {
      this.random = random;
      this.durationNanos = durationNanos;
    }

    Map<String, List<Step>> write() {
      for (int client = 0; client < clients; client++) {
        steps.put(client(client), new ArrayList<>());
        known.add(new TreeSet<>());
      }
      for (int key = 0; key < buffers; key++) {
        export(key, key % clients);
      }
      for (int step = 0; step < ScriptSpec.this.steps; step++) {
        act(random.nextInt(clients), random.nextLong(durationNanos));
      }
      steps.values().forEach(list -> list.sort(Comparator.comparingLong(Step::atNanos)));
      return steps;
    }

    private void export(int key, int owner) {
      List<String> others = new ArrayList<>();
      known.get(owner).add(key);
      for (int client = 0; client < clients; client++) {
        if (client != owner && random.nextInt(3) > 0) {
          others.add(client(client));
          known.get(client).add(key);
        }
      }
      add(
          owner,
          random.nextLong(durationNanos / 4),
          new Action.Export(
              key, (long) pages * PAGE_BYTES, "buffer " + key, Preference.NONE, others));
    }

    private void add(int client, long atNanos, Action action) {
      steps
          .computeIfAbsent(client(client), name -> new ArrayList<>())
          .add(new Step(atNanos, action));
    }

    private void act(int client, long atNanos) {
      if (known.get(client).isEmpty()) {
        return;
      }
      int key = key(client);
      int drawn = random.nextInt(devices.size());
      String device = devices.get(faithful ? (key + client) % devices.size() : drawn);
      Action action =
          switch (kind()) {
            case SUBMIT -> submit(client, device);
            case ATTACH -> new Action.Attach(key, device);
            case UNMAP -> new Action.Unmap(key, device);
            case CPU -> cpu(key);
            case PIN -> new Action.Pin(key, device);
            case UNPIN -> new Action.Unpin(key, device);
            default -> new Action.Release(key);
          };
      add(client, atNanos, action);
    }

    private int key(int client) {
      List<Integer> keys = List.copyOf(known.get(client));
      return keys.get(random.nextInt(keys.size()));
    }

    private int kind() {
      int lot = random.nextInt(weights.stream().mapToInt(Integer::intValue).sum());
      int kind = 0;
      while (lot >= weights.get(kind)) {
        lot -= weights.get(kind++);
      }
      return kind;
    }

    private Action submit(int client, String device) {
      TreeSet<Integer> keys = new TreeSet<>();
      int uses = 1 + random.nextInt(3);
      for (int i = 0; i < uses; i++) {
        keys.add(key(client));
      }
      List<Use> all = new ArrayList<>();
      for (int key : keys) {
        long count = 1L + random.nextInt(pages);
        long first = random.nextLong(pages - count + 1);
        DmaDirection[] directions = DmaDirection.values();
        all.add(new Use(key, directions[random.nextInt(directions.length)], first, count));
      }
      return new Action.Submit(
          device, all, random.nextInt(4) == 0 ? random.nextLong(2_000_000) : 0);
    }

    private Action cpu(int key) {
      long count = 1L + random.nextInt(pages);
      long first = random.nextLong(pages - count + 1);
      DmaDirection direction =
          random.nextBoolean() ? DmaDirection.TO_DEVICE : DmaDirection.FROM_DEVICE;
      return new Action.CpuAccess(key, direction, first, count);
    }
  }
}
