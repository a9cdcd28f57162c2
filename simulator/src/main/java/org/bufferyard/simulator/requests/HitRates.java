package org.bufferyard.simulator.requests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.policy.Future;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.Residents;
import org.bufferyard.allocator.policy.replay.CacheReplay;
import org.bufferyard.allocator.policy.replay.FlowBound;
import org.bufferyard.allocator.policy.replay.LruCurve;
import org.bufferyard.allocator.policy.replay.Requests;

/**
 * Policies at capacities on one trace. Results come in the order of the cells, whoever did the work
 * and when. A trace that is not in memory is read once for as many cells as memory allows, while
 * the workers replay the piece before.
 */
public final class HitRates {
  /** The flow bound takes about a second at 30,000 intervals and grows with their square. */
  public static final int BOUND_INTERVALS_MAX = 500_000;

  private static final int CHUNK_ENTRIES = 64 << 10;

  /** Columns of the greediest policy, for a share of memory only. */
  private static final long BYTES_PER_OBJECT = 64;

  /** One replay to do. */
  public record Cell(PolicyProvider policy, long capacity) {}

  private final RequestTrace trace;
  private final boolean bytes;
  private final Workers workers;
  private final Supplier<RandomGenerator> random;
  private final ReadProgress progress;

  /**
   * Measurements of {@code trace}.
   *
   * @param bytes whether capacities are bytes, or objects
   * @param random makes the source of chance of each replay, all alike
   */
  public HitRates(
      RequestTrace trace,
      boolean bytes,
      Workers workers,
      Supplier<RandomGenerator> random,
      ReadProgress progress) {
    this.trace = trace;
    this.bytes = bytes;
    this.workers = workers;
    this.random = random;
    this.progress = progress;
  }

  /** The counts of each cell, {@code missSize} in bytes. */
  public List<CacheReplay.Result> replay(List<Cell> cells, long memoryBytes) {
    return trace
        .kept(bytes)
        .map(requests -> inMemory(requests, cells))
        .orElseGet(() -> streamed(cells, memoryBytes));
  }

  private List<CacheReplay.Result> inMemory(Requests requests, List<Cell> cells) {
    boolean offline = cells.stream().anyMatch(cell -> cell.policy().offline());
    Future future = offline ? requests.future() : Future.UNKNOWN;
    CacheReplay.Result[] results = new CacheReplay.Result[cells.size()];
    AtomicLong done = new AtomicLong();
    workers.run(
        cells.size(),
        at -> {
          Cell cell = cells.get(at);
          results[at] = start(requests, cell, future).replay(requests);
          progress.at("replaying", done.incrementAndGet(), cells.size());
        });
    return Arrays.asList(results);
  }

  private CacheReplay start(Residents room, Cell cell, Future future) {
    return CacheReplay.start(
        room,
        trace::size,
        trace.objects(),
        cell.capacity(),
        cell.policy(),
        random.get(),
        cell.policy().offline() ? future : Future.UNKNOWN);
  }

  private List<CacheReplay.Result> streamed(List<Cell> cells, long memoryBytes) {
    long atOnce = Math.clamp(memoryBytes / (BYTES_PER_OBJECT * trace.objects()), 1, cells.size());
    List<CacheReplay.Result> results = new ArrayList<>();
    for (int from = 0; from < cells.size(); from += (int) atOnce) {
      List<Cell> some = cells.subList(from, (int) Math.min(cells.size(), from + atOnce));
      onePass(some).forEach(replay -> results.add(replay.result()));
    }
    return results;
  }

  private List<CacheReplay> onePass(List<Cell> cells) {
    Residents room = bytes ? trace::size : Residents.UNITS;
    List<CacheReplay> replays = new ArrayList<>();
    cells.forEach(cell -> replays.add(start(room, cell, Future.UNKNOWN)));
    int[][] chunks = new int[2][CHUNK_ENTRIES];
    try (RequestTrace.Again stream = trace.again()) {
      int[] sizes = {stream.fill(chunks[0]), 0};
      for (int turn = 0; sizes[turn] > 0; turn = 1 - turn) {
        int now = turn;
        int next = 1 - turn;
        workers.run(
            replays.size() + 1,
            task -> {
              if (task == 0) {
                sizes[next] = stream.fill(chunks[next]);
              } else {
                replays.get(task - 1).replay(chunks[now], 0, sizes[now]);
              }
            });
        progress.at("replaying", stream.done(), trace.entries());
      }
    }
    return replays;
  }

  /** Lru at every capacity; of a trace in memory whose capacities are objects. */
  public LruCurve lruCurve() {
    LruCurve curve = new LruCurve(trace.objects());
    Requests requests = trace.kept(false).orElseThrow();
    requests.addTo(curve);
    return curve;
  }

  /**
   * The least misses at each capacity, of a trace in memory.
   *
   * @param ofBytes whether bytes missed are to be few, or misses
   */
  public List<Double> bounds(List<Long> capacities, boolean ofBytes) {
    Requests requests = trace.kept(bytes).orElseThrow();
    FlowBound bound = FlowBound.of(requests, ofBytes ? trace::size : id -> 1);
    Double[] least = new Double[capacities.size()];
    workers.run(capacities.size(), at -> least[at] = bound.least(capacities.get(at)));
    return Arrays.asList(least);
  }

  /** What {@link #bounds} would have to solve: pairs of neighbouring requests for one object. */
  public long boundIntervals() {
    return FlowBound.of(trace.kept(bytes).orElseThrow(), id -> 1).intervals();
  }
}
