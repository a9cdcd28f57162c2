package org.bufferyard.simulator.run;

import java.util.EnumMap;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/** How a program fared. Owned by the program. */
final class Score {
  private static final int TURNAROUND_DIGITS = 3;

  private final EnumMap<Errno, String> refusals = new EnumMap<>(Errno.class);
  private final EnumMap<Errno, Long> refusalCounts = new EnumMap<>(Errno.class);
  private final Histogram turnarounds = new Histogram(TURNAROUND_DIGITS);
  private long jobsDone;
  private long jobsRefused;
  private long pagesVerified;
  private long skipped;
  private long frames;
  private long framesDropped;

  /** A frame was asked for; dropped at once where its buffer never came. */
  void frame(boolean dropped) {
    frames++;
    framesDropped += dropped ? 1 : 0;
  }

  /**
   * A job's fence has signalled.
   *
   * @param turnaroundNanos since it was submitted
   */
  void jobDone(boolean lateFrame, long turnaroundNanos) {
    jobsDone++;
    turnarounds.recordValue(turnaroundNanos);
    framesDropped += lateFrame ? 1 : 0;
  }

  void jobRefused(Refusal refusal, boolean frame) {
    jobsRefused++;
    framesDropped += frame ? 1 : 0;
    refused(refusal);
  }

  /** The first refusal of each kind is kept as it was explained. */
  void refused(Refusal refusal) {
    refusals.putIfAbsent(refusal.errno(), refusal.toString());
    refusalCounts.merge(refusal.errno(), 1L, Long::sum);
  }

  void verified(long pages) {
    pagesVerified += pages;
  }

  void skipped() {
    skipped++;
  }

  Program.Done report(ClientId client, List<String> failure) {
    return new Program.Done(
        client,
        jobsDone,
        jobsRefused,
        pagesVerified,
        skipped,
        frames,
        framesDropped,
        turnarounds.copy(),
        new EnumMap<>(refusals),
        new EnumMap<>(refusalCounts),
        List.copyOf(failure));
  }
}
