package org.bufferyard.benchmarks.policy;

import com.github.benmanes.caffeine.cache.simulator.admission.Admission;
import com.github.benmanes.caffeine.cache.simulator.policy.AccessEvent;
import com.github.benmanes.caffeine.cache.simulator.policy.Policy;
import com.github.benmanes.caffeine.cache.simulator.policy.linked.LinkedPolicy;
import com.github.benmanes.caffeine.cache.simulator.policy.linked.SievePolicy;
import com.github.benmanes.caffeine.cache.simulator.policy.opt.ClairvoyantPolicy;
import com.github.benmanes.caffeine.cache.simulator.policy.two_queue.S3FifoPolicy;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Set;
import org.bufferyard.allocator.policy.replay.Requests;

/**
 * Caffeine's simulator as a library: its policies by our names, fed with ready-made events as its
 * own loop feeds them. Of 3.2.4, whose sieve keeps one object less than the capacity and whose
 * s3-fifo looks for ghosts late; its optimum may bypass.
 */
final class Simulated {
  private static final String ROOT = "caffeine.simulator";

  private final String policy;
  private final Config config;
  private final AccessEvent[] events;

  Simulated(String policy, Requests requests, long capacity) {
    this.policy = policy;
    ClassLoader loader = Policy.class.getClassLoader();
    config =
        ConfigFactory.parseString(ROOT + ".maximum-size = " + capacity)
            .withFallback(ConfigFactory.parseResources(loader, "reference.conf"))
            .resolve()
            .getConfig(ROOT);
    events = new AccessEvent[requests.count()];
    for (int at = 0; at < events.length; at++) {
      events[at] = AccessEvent.forKey(requests.id(at));
    }
  }

  /** The misses of one replay by a new policy. */
  long replay() {
    Policy made =
        switch (policy) {
          case "lru" ->
              new LinkedPolicy(config, Set.of(), Admission.ALWAYS, LinkedPolicy.EvictionPolicy.LRU);
          case "sieve" -> new SievePolicy(config);
          case "s3-fifo-late-ghost" -> new S3FifoPolicy(config);
          case "opt-bypass" -> new ClairvoyantPolicy(config);
          default -> throw new IllegalArgumentException("no such policy there: " + policy);
        };
    for (AccessEvent event : events) {
      made.record(event);
    }
    made.finished();
    return made.stats().missCount();
  }
}
