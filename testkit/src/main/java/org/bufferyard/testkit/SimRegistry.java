package org.bufferyard.testkit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds the step loop of a system from the system's configuration, which is all that Akka gives to
 * the dispatchers and schedulers it makes.
 */
final class SimRegistry {
  private static final String KEY = "bufferyard.testkit.system";
  private static final AtomicLong NEXT = new AtomicLong();
  private static final Map<Long, StepLoop> LOOPS = new ConcurrentHashMap<>();

  private SimRegistry() {}

  /** Returns the configuration entry under which the loop will be found. */
  static Config register(StepLoop loop) {
    long id = NEXT.incrementAndGet();
    LOOPS.put(id, loop);
    return ConfigFactory.parseMap(Map.of(KEY, id));
  }

  static StepLoop find(Config config) {
    StepLoop loop = LOOPS.get(config.getLong(KEY));
    if (loop == null) {
      throw new IllegalStateException("this deterministic system is closed");
    }
    return loop;
  }

  static void remove(Config config) {
    LOOPS.remove(config.getLong(KEY));
  }
}
