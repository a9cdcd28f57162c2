package org.bufferyard.benchmarks.policy;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.bufferyard.allocator.policy.replay.CacheReplay;
import org.bufferyard.allocator.policy.replay.Requests;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does a policy take for a trace, from its first request to its last, beside the same
 * policy of Caffeine's simulator? One operation is one replay of all requests by a new policy, so
 * {@code requests / score} is the rate. The result is the misses. {@link PolicyRace} gives the
 * ratios.
 *
 * <pre>
 * java -cp ... org.openjdk.jmh.Main PolicyBenchmark -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class PolicyBenchmark {
  static final int OBJECTS_PER_REQUEST_LOG = 4;

  @Param({"1048576"})
  public int requests = 1 << 20;

  @Param({"10"})
  public int capacityPercent = 10;

  @Param({"lru", "sieve", "s3-fifo-late-ghost", "opt-bypass"})
  public String policy = "lru";

  private Requests load = Requests.ofUnits(new int[0], 0);
  private long capacity = 1;
  private PolicyProvider provider = provider("lru");
  private Simulated simulated = new Simulated(policy, load, 1);

  static PolicyProvider provider(String name) {
    return Policies.all().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  @Setup(Level.Trial)
  public void load() {
    load = RequestLoad.load(requests, Math.max(1, requests >> OBJECTS_PER_REQUEST_LOG));
    capacity = Math.max(1, (long) load.objects() * capacityPercent / 100);
    provider = provider(policy);
    simulated = new Simulated(policy, load, capacity);
  }

  /** Reading the ids once. */
  @Benchmark
  public long baseline_read() {
    long sum = 0;
    for (int at = 0; at < load.count(); at++) {
      sum += load.id(at);
    }
    return sum;
  }

  @Benchmark
  public long replay() {
    return CacheReplay.run(load, capacity, provider, new SplittableRandom(1)).misses();
  }

  @Benchmark
  public long caffeineSimulator() {
    return simulated.replay();
  }
}
