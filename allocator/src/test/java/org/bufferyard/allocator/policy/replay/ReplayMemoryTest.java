package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bufferyard.allocator.policy.Future;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.Residents;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a replay makes before its first request grows by at most 40 bytes per object; hotness, which
 * keeps a decaying score and a heap by it, by at most 50.
 */
class ReplayMemoryTest {
  private static final int OBJECTS = 100_000;
  private static final double BYTES_PER_OBJECT_MAX = 40;
  private static final double HOTNESS_BYTES_PER_OBJECT_MAX = 50;

  static Stream<String> all() {
    return Policies.all().stream().map(PolicyProvider::name);
  }

  private static long allocatedBytes(PolicyProvider policy, int objects) {
    Future future = policy.offline() ? Requests.ofUnits(new int[100], 1).future() : Future.UNKNOWN;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    CacheReplay replay =
        CacheReplay.start(
            Residents.UNITS,
            Residents.UNITS,
            objects,
            objects / 10,
            policy,
            new SplittableRandom(1),
            future);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(replay.result().requests()).isZero();
    return allocated;
  }

  @ParameterizedTest
  @MethodSource("all")
  void start_twiceTheObjects_boundedBytesForEachMore(String name) {
    PolicyProvider policy = Goldens.policy(name);
    allocatedBytes(policy, OBJECTS);
    long more = allocatedBytes(policy, 2 * OBJECTS) - allocatedBytes(policy, OBJECTS);
    double most = name.equals("hotness") ? HOTNESS_BYTES_PER_OBJECT_MAX : BYTES_PER_OBJECT_MAX;
    assertThat((double) more / OBJECTS).as(name).isBetween(1.0, most);
  }
}
