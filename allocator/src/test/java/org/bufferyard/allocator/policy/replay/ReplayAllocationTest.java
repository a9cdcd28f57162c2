package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A longer replay over the same objects allocates no more than a shorter one, but for columns that
 * still double: far below the 16 bytes of one object per request.
 */
class ReplayAllocationTest {
  private static final int OBJECTS = 2000;
  private static final int SHORT = 10_000;

  static Stream<String> online() {
    return Policies.all().stream().filter(p -> !p.offline()).map(PolicyProvider::name);
  }

  private static Requests trace(int requests) {
    SplittableRandom random = new SplittableRandom(5);
    int[] ids = new int[requests];
    for (int i = 0; i < requests; i++) {
      int reach = 1 + random.nextInt(OBJECTS);
      ids[i] = random.nextInt(reach);
    }
    return Requests.ofUnits(ids, OBJECTS);
  }

  private static long allocatedBytes(Requests requests, String policy) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    CacheReplay.Result result = Goldens.run(requests, 300, policy);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(result.evictions()).isPositive();
    return allocated;
  }

  @ParameterizedTest
  @MethodSource("online")
  void run_twiceTheRequests_sameAllocation(String policy) {
    Requests once = trace(SHORT);
    Requests twice = trace(2 * SHORT);
    allocatedBytes(once, policy);
    long growth = allocatedBytes(twice, policy) - allocatedBytes(once, policy);
    assertThat((double) growth / SHORT).as(policy + ", bytes per request").isLessThan(1);
  }
}
