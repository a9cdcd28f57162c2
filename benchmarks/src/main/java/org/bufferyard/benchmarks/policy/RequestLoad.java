package org.bufferyard.benchmarks.policy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bufferyard.allocator.policy.replay.Requests;
import org.bufferyard.simulator.requests.RequestTrace;

/** The requests that both sides replay: skewed draws from a seed, or a trace file. */
final class RequestLoad {
  private static final String TRACE = "bufferyard.benchmarks.trace";
  private static final double SKEW = 0.9;

  /** The file that the system property names, else {@code count} draws from {@code objects}. */
  static Requests load(int count, int objects) {
    String file = System.getProperty(TRACE);
    if (file == null) {
      return zipf(count, objects);
    }
    return RequestTrace.read(Path.of(file), Optional.empty(), true, (what, done, total) -> {})
        .kept(false)
        .orElseThrow();
  }

  /** Object of rank r is drawn with weight r^-0.9; ranks are scattered over the ids. */
  private static Requests zipf(int count, int objects) {
    SplittableRandom random = new SplittableRandom(42);
    double[] upTo = new double[objects];
    double sum = 0;
    for (int rank = 0; rank < objects; rank++) {
      sum += Math.pow(rank + 1.0, -SKEW);
      upTo[rank] = sum;
    }
    int[] idOfRank = new int[objects];
    Arrays.setAll(idOfRank, rank -> rank);
    for (int rank = objects - 1; rank > 0; rank--) {
      int other = random.nextInt(rank + 1);
      int id = idOfRank[rank];
      idOfRank[rank] = idOfRank[other];
      idOfRank[other] = id;
    }
    int[] ids = new int[count];
    for (int at = 0; at < count; at++) {
      int rank = Arrays.binarySearch(upTo, random.nextDouble() * sum);
      ids[at] = idOfRank[Math.min(objects - 1, rank < 0 ? -rank - 1 : rank)];
    }
    return Requests.ofUnits(ids, objects);
  }

  private RequestLoad() {}
}
