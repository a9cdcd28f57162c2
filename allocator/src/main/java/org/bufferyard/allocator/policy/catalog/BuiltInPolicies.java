package org.bufferyard.allocator.policy.catalog;

import java.util.List;
import java.util.function.Function;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.cache.ArcPolicy;
import org.bufferyard.allocator.policy.cache.ClockPolicy;
import org.bufferyard.allocator.policy.cache.FifoPolicy;
import org.bufferyard.allocator.policy.cache.GdsfPolicy;
import org.bufferyard.allocator.policy.cache.LfuPolicy;
import org.bufferyard.allocator.policy.cache.LirsPolicy;
import org.bufferyard.allocator.policy.cache.LruPolicy;
import org.bufferyard.allocator.policy.cache.MruPolicy;
import org.bufferyard.allocator.policy.cache.RandomPolicy;
import org.bufferyard.allocator.policy.cache.S3FifoPolicy;
import org.bufferyard.allocator.policy.cache.SievePolicy;
import org.bufferyard.allocator.policy.cache.TwoQueuePolicy;
import org.bufferyard.allocator.policy.cache.WTinyLfuPolicy;
import org.bufferyard.allocator.policy.graphics.DxvkPolicy;
import org.bufferyard.allocator.policy.graphics.HotnessPolicy;
import org.bufferyard.allocator.policy.graphics.MglruPolicy;
import org.bufferyard.allocator.policy.graphics.TtmPolicy;
import org.bufferyard.allocator.policy.graphics.UvmPolicy;
import org.bufferyard.allocator.policy.graphics.WddmPolicy;
import org.bufferyard.allocator.policy.graphics.XePolicy;
import org.bufferyard.allocator.policy.offline.OptGreedySizePolicy;
import org.bufferyard.allocator.policy.offline.OptPolicy;

/** The table of this project's policies. */
final class BuiltInPolicies {
  private record Entry(
      String name,
      String description,
      boolean offline,
      Function<PolicyContext, EvictionPolicy> constructor)
      implements PolicyProvider {
    @Override
    public EvictionPolicy create(PolicyContext context) {
      return constructor.apply(context);
    }
  }

  static List<PolicyProvider> all() {
    return List.of(
        online("lru", "least recently used first", LruPolicy::new),
        online("fifo", "first admitted first", FifoPolicy::new),
        online("clock", "second chance; sweep, then insert", ClockPolicy::sweepFirst),
        online("clock-insert-first", "second chance; insert, then sweep", ClockPolicy::insertFirst),
        online("sieve", "first in, if not visited since the hand passed", SievePolicy::new),
        online("lfu", "least often used since admitted first", LfuPolicy::new),
        online("2q", "newcomers through a FIFO, what returns into an LRU", TwoQueuePolicy::new),
        online("arc", "once or often used, by a learned share", ArcPolicy::real),
        online("arc-int", "arc with an integer learning step", ArcPolicy::integer),
        online("s3-fifo", "small FIFO, main FIFO, ghosts", S3FifoPolicy::earlyGhost),
        online(
            "s3-fifo-late-ghost",
            "s3-fifo that looks for a ghost after making room",
            S3FifoPolicy::lateGhost),
        online("lirs", "high inter-reference recency first", LirsPolicy::new),
        online("w-tinylfu", "newcomers contend by recent frequency", WTinyLfuPolicy::new),
        online("gdsf", "least uses per size, aged", GdsfPolicy::new),
        online("mru", "most recently used first", MruPolicy::new),
        online("random", "any evictable one", RandomPolicy::new),
        online("ttm", "four priorities, oldest first, a VM ages as a unit", TtmPolicy::new),
        online("xe", "one idle VM after another, brought back as a whole", XePolicy::new),
        online("wddm", "offered, then over budget, then oldest; periodic trim", WddmPolicy::new),
        online("uvm", "first in by migration; thrashing is throttled and pinned", UvmPolicy::new),
        online("dxvk", "second chance by 256 MiB chunk", DxvkPolicy::new),
        online("mglru", "oldest generation first, with refault feedback", MglruPolicy::new),
        online("hotness", "least decayed use and move cost per page first", HotnessPolicy::new),
        offline("opt", "farthest next use first", OptPolicy::mandatory),
        offline("opt-bypass", "farthest next use first, or not let in", OptPolicy::bypass),
        offline("opt-greedy-size", "greatest size times distance first", OptGreedySizePolicy::new));
  }

  private static PolicyProvider online(
      String name, String description, Function<PolicyContext, EvictionPolicy> constructor) {
    return new Entry(name, description, false, constructor);
  }

  private static PolicyProvider offline(
      String name, String description, Function<PolicyContext, EvictionPolicy> constructor) {
    return new Entry(name, description, true, constructor);
  }

  private BuiltInPolicies() {}
}
