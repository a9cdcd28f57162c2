package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.simulator.fault.FaultKind;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Strategy;

/**
 * Draws a world from a seed: sizes, devices, strategy and faults, each from a random stream of its
 * own. Small worlds collide most, so most are small. Half of the seeds have each fault with a
 * chance of one half, a quarter have all, some have one, some none.
 */
public final class Swarm {
  /**
   * A drawn world.
   *
   * @param order the strategy in words
   * @param script what its clients do
   */
  public record Drawn(World world, String order, Strategy strategy, ScriptSpec script) {}

  private static final int PERCENT = 100;
  private static final int SWARM_PERCENT = 50;
  private static final int ALL_PERCENT = 75;
  private static final int ONE_PERCENT = 90;

  /**
   * A pin meets a move only where its device is attached already and the move has to wait for an
   * importer, which chance brings together once in a hundred worlds: one in these is made so.
   */
  private static final int PINNING_ONE_IN = 4;

  private static final int LINGERING_PERMILLE = 500;

  /** Worlds with a device that pins by mapping, and only what was moved out of VRAM for it. */
  private static final int DOCK_ONE_IN = 5;

  private static final List<String> POLICIES = List.of("lru", "fifo", "clock", "random", "lfu");

  /** The world of a seed, with the portfolio's faults. */
  public static Drawn draw(long seed, List<String> policies) {
    RandomGenerator sizes = NamedRandom.stream(seed, "swarm-sizes");
    List<FaultSpec> faults = faults(NamedRandom.stream(seed, "swarm-faults"));
    if (pins(seed)) {
      linger(faults);
    }
    return draw(seed, sizes, faults, policies);
  }

  /** The world of a seed with these faults and no others. */
  public static Drawn draw(long seed, List<FaultSpec> faults, List<String> policies) {
    return draw(seed, NamedRandom.stream(seed, "swarm-sizes"), faults, policies);
  }

  private static Drawn draw(
      long seed, RandomGenerator sizes, List<FaultSpec> faults, List<String> policies) {
    int devices = 1 + sizes.nextInt(4);
    int clients = 1 + sizes.nextInt(4);
    int buffers = clients + sizes.nextInt(10);
    int pages = 1 + sizes.nextInt(8);
    List<String> settings = new ArrayList<>();
    settings.add("contents=tags");
    settings.add("duration=" + (20 + sizes.nextInt(60)) + " ms");
    settings.add("workload.devices=" + devices);
    settings.add("workload.shared-by=1");
    settings.add("workload.buffers=" + buffers);
    settings.add("workload.buffer-size=" + 4 * pages + " KiB");
    settings.add("limits.moves-in-flight=" + (1 + sizes.nextInt(4)));
    settings.add("limits.invalidate-report=20 ms");
    settings.add("limits.invalidate-deadline=60 ms");
    settings.add("limits.request-deadline=2 s");
    settings.add("bring-back=" + List.of("always", "never", "budget").get(sizes.nextInt(3)));
    int vramPercent = regions(settings, sizes);
    rates(settings, sizes);
    List<String> names = deviceNames(settings, devices, sizes);
    if (NamedRandom.stream(seed, "swarm-dock").nextInt(DOCK_ONE_IN) == 0) {
      settings.add("devices.dock.importer=static");
      settings.add("devices.dock.iommu=shared");
      settings.add("devices.dock.reaches=GTT");
      names.add("dock");
    }
    policy(settings, sizes, policies);
    settings.addAll(
        SwarmClaims.draw(
            NamedRandom.stream(seed, "swarm-claims"),
            Math.min(clients, devices),
            (long) buffers * pages * vramPercent / PERCENT));
    RandomGenerator beside = NamedRandom.stream(seed, "swarm-upkeep");
    upkeep(settings, beside);
    holes(settings, names, beside);
    Order order = order(NamedRandom.stream(seed, "swarm-order"));
    ScriptSpec script =
        ScriptSpec.draw(NamedRandom.stream(seed, "swarm-script"), clients, buffers, pages, names);
    if (pins(seed)) {
      script = script.pinning(NamedRandom.stream(seed, "swarm-pins"));
    }
    return new Drawn(
        new World("importers", settings, faults), order.words(), order.strategy(), script);
  }

  private static boolean pins(long seed) {
    return NamedRandom.stream(seed, "swarm-bent").nextInt(PINNING_ONE_IN) == 0;
  }

  /** Where anything goes wrong, importers are often late. */
  private static void linger(List<FaultSpec> faults) {
    if (!faults.isEmpty()) {
      FaultSpec late = FaultSpec.usual(FaultKind.DEVICE_LATE_UNMAP);
      faults.removeIf(fault -> fault.kind() == late.kind());
      faults.add(late.withPermille(LINGERING_PERMILLE));
    }
  }

  private static void policy(List<String> settings, RandomGenerator sizes, List<String> policies) {
    List<String> known = POLICIES.stream().filter(policies::contains).toList();
    if (!known.isEmpty()) {
      settings.add("policy=" + known.get(sizes.nextInt(known.size())));
    }
  }

  /** In every third world room is kept free, in every third thrashing is looked for. */
  private static void upkeep(List<String> settings, RandomGenerator random) {
    if (random.nextInt(3) == 0) {
      int low = 1 + random.nextInt(40);
      settings.add("manage.watermark-low=" + low + " %");
      settings.add("manage.watermark-high=" + (low + random.nextInt(40)) + " %");
    }
    if (random.nextInt(3) == 0) {
      settings.add("manage.thrash=" + (random.nextBoolean() ? "pin" : "throttle"));
      settings.add("manage.thrash-window=" + (1 + random.nextInt(20)) + " ms");
    }
  }

  /** In every other world holes are made, mostly where somebody needs one run of frames. */
  private static void holes(List<String> settings, List<String> devices, RandomGenerator random) {
    if (random.nextBoolean()) {
      settings.add("manage.range-scan=" + random.nextBoolean());
      settings.add(
          "manage.defragment="
              + List.of("never", "on-demand", "background").get(random.nextInt(3)));
      settings.add("manage.defragment-budget=" + 4 * (1 + random.nextInt(32)) + " KiB");
      settings.add("manage.defragment-period=" + (1 + random.nextInt(10)) + " ms");
      if (random.nextBoolean()) {
        settings.add("links.blit.within=VRAM");
        settings.add("links.blit.rate=" + List.of("1 GiB/s", "16 MiB/s").get(random.nextInt(2)));
      }
      for (String device : List.of("plain", "fixed")) {
        if (devices.contains(device) && random.nextInt(3) > 0) {
          settings.add("devices." + device + ".max-segments=1");
        }
      }
    }
  }

  /**
   * Between a quarter of what is asked for and more than enough; the file holds all. Returns VRAM's
   * share.
   */
  private static int regions(List<String> settings, RandomGenerator sizes) {
    int vramPercent = 15 + sizes.nextInt(80);
    settings.add("regions.VRAM.size=" + vramPercent + " %");
    settings.add("regions.SYSTEM.size=" + (30 + sizes.nextInt(120)) + " %");
    settings.add("regions.GTT.size=" + (20 + sizes.nextInt(100)) + " %");
    settings.add("regions.SWAP.size=" + (20 + sizes.nextInt(130)) + " %");
    return vramPercent;
  }

  /** Slow enough, mostly, that copies and jobs last while others come and go. */
  private static void rates(List<String> settings, RandomGenerator sizes) {
    List<String> rates = List.of("8 GiB/s", "64 MiB/s", "32 MiB/s", "16 MiB/s");
    settings.add("links.pcie.rate=" + rates.get(sizes.nextInt(rates.size())));
    settings.add("links.paging.rate=" + rates.get(sizes.nextInt(rates.size())));
    settings.add("devices.importer.rate=" + rates.get(sizes.nextInt(rates.size())));
  }

  /** The importers, and now and then one that pins, one without IOMMU, one behind a bounce pool. */
  private static List<String> deviceNames(
      List<String> settings, int importers, RandomGenerator sizes) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < importers; i++) {
      names.add("importer-" + i);
    }
    if (sizes.nextInt(3) == 0) {
      settings.add("devices.fixed.importer=static");
      settings.add("devices.fixed.iommu=shared");
      settings.add("devices.fixed.reaches=VRAM,GTT");
      names.add("fixed");
    }
    if (sizes.nextInt(3) == 0) {
      settings.add("devices.plain.reaches=VRAM,GTT");
      names.add("plain");
    }
    if (sizes.nextInt(4) == 0) {
      settings.add("devices.legacy.reaches=VRAM,GTT");
      settings.add("devices.legacy.path=bounce");
      settings.add("devices.legacy.dma-mask-bits=21");
      names.add("legacy");
    }
    return names;
  }

  private static List<FaultSpec> faults(RandomGenerator random) {
    int lot = random.nextInt(PERCENT);
    List<FaultKind> permitted =
        FaultKind.allPermitted().stream().filter(kind -> !kind.isOrder()).toList();
    List<FaultSpec> faults = new ArrayList<>();
    if (lot < SWARM_PERCENT) {
      for (FaultKind kind : permitted) {
        if (random.nextBoolean()) {
          faults.add(FaultSpec.usual(kind));
        }
      }
    } else if (lot < ALL_PERCENT) {
      permitted.forEach(kind -> faults.add(FaultSpec.usual(kind)));
    } else if (lot < ONE_PERCENT) {
      faults.add(FaultSpec.usual(permitted.get(random.nextInt(permitted.size()))));
    }
    return faults;
  }

  private record Order(String words, Strategy strategy) {}

  private static Order order(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new Order("uniform", Strategy.uniform());
      case 2 -> new Order("pct 2", Strategy.pct(2, 2_000));
      case 3 -> new Order("pct 3", Strategy.pct(3, 2_000));
      case 4 -> new Order("pct 5", Strategy.pct(5, 2_000));
      case 5 -> new Order("delay one", Strategy.delayOne(500));
      case 6 -> new Order("bursts", Strategy.bursts(16));
      default -> new Order("fifo", Strategy.fifo());
    };
  }

  private Swarm() {}
}
