package org.bufferyard.benchmarks.policy;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.replay.CacheReplay;
import org.bufferyard.allocator.policy.replay.Requests;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.paired.RaceResult;

/**
 * Our policies and those of Caffeine's simulator in turns over the same requests: {@code PolicyRace
 * [NAME...]}. One policy a JVM is the fair case for both: after several, calls to either side's are
 * not inlined any more. A line a policy: the rate, how many times as long the other side takes
 * (first quartile, median, third), and bytes allocated per request, which are the columns of a new
 * policy spread over its requests. {@code -Dbufferyard.benchmarks.trace=FILE} replays a trace file
 * instead of the draws.
 */
public final class PolicyRace {
  private static final Race.Effort EFFORT = new Race.Effort(9, 100_000_000, 1_500_000_000L);
  private static final int REQUESTS = 1 << 21;

  /** By the name of a policy, what stands for it there. */
  private record Pair(String ours, String theirs) {}

  private static final List<Pair> PAIRS =
      List.of(
          new Pair("lru", "lru"),
          new Pair("sieve", "sieve"),
          new Pair("s3-fifo", "s3-fifo-late-ghost"),
          new Pair("s3-fifo-late-ghost", "s3-fifo-late-ghost"),
          new Pair("opt", "opt-bypass"),
          new Pair("opt-bypass", "opt-bypass"));

  public static void main(String[] arguments) {
    List<String> names = List.of(arguments);
    Requests requests =
        RequestLoad.load(REQUESTS, REQUESTS >> PolicyBenchmark.OBJECTS_PER_REQUEST_LOG);
    run(requests, names, EFFORT, System.out);
  }

  /** Races the pairs named, or all, at a tenth of the objects. */
  static void run(Requests requests, List<String> names, Race.Effort effort, PrintStream out) {
    long capacity = Math.max(1, requests.objects() / 10);
    out.printf(
        Locale.ROOT,
        "%,d requests of %,d objects, capacity %,d%n",
        requests.count(),
        requests.objects(),
        capacity);
    for (Pair pair : PAIRS) {
      if (!names.isEmpty() && !names.contains(pair.ours)) {
        continue;
      }
      Simulated theirs = new Simulated(pair.theirs, requests, capacity);
      RaceResult result =
          new Race(effort)
              .add("ours", requests.count(), each(requests.count(), ours(pair, requests, capacity)))
              .add("theirs", requests.count(), each(requests.count(), theirs::replay))
              .run();
      RaceResult.Ratio ratio = result.ratio("theirs", "ours");
      out.printf(
          Locale.ROOT,
          "%-20s %6.1f M requests/s  theirs takes %.2f %.2f %.2f  %5.1f B/request%n",
          pair.ours,
          1e3 / result.nanos("ours"),
          ratio.low(),
          ratio.median(),
          ratio.high(),
          result.bytes("ours"));
    }
  }

  private static Replay ours(Pair pair, Requests requests, long capacity) {
    PolicyProvider provider = PolicyBenchmark.provider(pair.ours);
    return () -> CacheReplay.run(requests, capacity, provider, new SplittableRandom(1)).misses();
  }

  /** One replay of all requests; its misses. */
  private interface Replay {
    long misses();
  }

  /** An operation is a request: as many replays as make up {@code ops}. */
  private static Contender each(int requests, Replay replay) {
    return ops -> {
      long hash = 0;
      for (long done = 0; done < ops; done += requests) {
        hash += replay.misses();
      }
      return hash;
    };
  }

  private PolicyRace() {}
}
