package org.bufferyard.simulator.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a run's decisions once it is over: why buffers were evicted and what became
 * of them, and measures that need the whole run. A measure is NaN where the run has none.
 *
 * @param shadows what other policies would have done, where some watched
 */
public record Findings(Causes causes, Measures measures, List<Shadow> shadows) {
  public static final Findings NONE =
      new Findings(
          new Causes(0, 0, List.of(), List.of(), List.of(), List.of()),
          new Measures(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, Double.NaN, null),
          List.of());

  /** The same without the list of evictions, whose number is in what is left out. */
  public Findings withoutEvictions() {
    Causes brief =
        new Causes(
            causes.moves,
            causes.leftOut + causes.evictions.size(),
            List.of(),
            causes.useless,
            causes.waitNanos,
            causes.returnNanos);
    return new Findings(brief, measures, shadows);
  }

  /**
   * Who caused what.
   *
   * @param moves whose fate is known
   * @param leftOut evictions that are not in the list
   * @param evictions in the order in which their room was free
   * @param useless moves, summed up
   * @param waitNanos by client: how long its demands waited for victims to leave
   * @param returnNanos {@code returnNanos.get(i).get(j)}: what client j waited for buffers to come
   *     back that demands of client i had evicted
   */
  public record Causes(
      long moves,
      long leftOut,
      List<Eviction> evictions,
      List<UselessMoves> useless,
      List<Long> waitNanos,
      List<List<Long>> returnNanos) {
    /** Their share of all moves whose fate is known. */
    public double uselessShare() {
      long count = useless.stream().mapToLong(UselessMoves::count).sum();
      return moves == 0 ? Double.NaN : (double) count / moves;
    }
  }

  /**
   * One eviction.
   *
   * @param atSeconds model time at which the room was free
   * @param demand its number; a chain of evictions has one demand
   * @param wanted the buffer that needed the room
   * @param client whose demand it was, and who waited for the victim to leave
   * @param waitNanos how long
   * @param owner of the victim
   * @param fate {@code came-back}, {@code moved-on} (further out), {@code freed-unused}, {@code
   *     used-there} (and freed), {@code still-out} (when the workload ended)
   * @param afterNanos from the eviction to its fate, or to the workload's end
   * @param usedAfterNanos to the next use; -1: never used again
   * @param paidBy who waited for it to come back; empty where it did not
   * @param costNanos how long the demand took that brought it back
   * @param pingPong it came back within the limit
   */
  public record Eviction(
      double atSeconds,
      long demand,
      String wanted,
      String client,
      long waitNanos,
      String buffer,
      String owner,
      long sizeBytes,
      String from,
      String to,
      String fate,
      long afterNanos,
      long usedAfterNanos,
      String paidBy,
      long costNanos,
      boolean pingPong) {}

  /**
   * Moves that served nothing: nearer, and not used before the buffer left or was freed; or further
   * out, and freed without having been used.
   *
   * @param why {@code brought back}, {@code asked for} or {@code evicted}
   */
  public record UselessMoves(String owner, String why, String link, long count, long bytes) {}

  /**
   * Figures of the whole run.
   *
   * @param uses of buffers by devices
   * @param useWeighted bytes used while in the first region, over all bytes used
   * @param fragmentation 1 - largest free hole / free bytes of the watched region, mean of samples
   * @param recoveryNanos from a change of phase until stalls are what they then stay, mean
   * @param stallSteadyNanos mean stall in the steady part of the phases
   * @param refusedFeasible jobs refused for want of room although their buffers and all that was
   *     ever pinned would have fitted
   * @param protectionBroken evictions of what was protected; NaN where nothing is
   * @param regret null where it was not asked for or the run is too long
   */
  public record Measures(
      long uses,
      double useWeighted,
      double fragmentation,
      double recoveryNanos,
      double stallSteadyNanos,
      long refusedFeasible,
      double protectionBroken,
      @Nullable Regret regret) {}

  /**
   * Bytes that had to be fetched for the run's own sequence of accesses, against the least
   * possible.
   *
   * @param exact the bound is the optimum; otherwise nothing is known to reach it
   */
  public record Regret(long costBytes, double boundBytes, boolean exact, long accesses) {
    public double factor() {
      return boundBytes == 0 ? 1 : costBytes / boundBytes;
    }

    /** Impossible: the run or the bound is wrong. */
    public boolean violated() {
      return costBytes < boundBytes * (1 - 1e-9);
    }
  }

  /**
   * One policy that watched, or first the one that ruled, in the same terms.
   *
   * @param uses that it saw
   * @param misses of these, of buffers that it would not have held
   */
  public record Shadow(
      String policy, long uses, long misses, long missBytes, long evictions, long evictedBytes) {}
}
