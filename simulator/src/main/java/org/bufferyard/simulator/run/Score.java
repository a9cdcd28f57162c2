package org.bufferyard.simulator.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/** How a program fared. Owned by the program. */
final class Score {
  private static final int TURNAROUND_DIGITS = 3;

  private static final int NO_ROOM_MAX = 4_096;

  /** A job that was refused for want of room, and the size of all its buffers. */
  record NoRoom(String device, long pages) {}

  private final List<NoRoom> noRoom = new ArrayList<>(0);
  private final EnumMap<Errno, String> refusals = new EnumMap<>(Errno.class);
  private final EnumMap<Errno, Long> refusalCounts = new EnumMap<>(Errno.class);
  private final Histogram turnarounds = new Histogram(TURNAROUND_DIGITS);
  private long jobsDone;
  private long jobsRefused;
  private long pagesVerified;
  private long skipped;
  private long frames;
  private long framesDropped;
  private long scriptDoneNanos = Long.MAX_VALUE;

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

  /** From here on nothing is asked for but to verify and release; the first call counts. */
  void scriptDone(long nowNanos) {
    scriptDoneNanos = Math.min(scriptDoneNanos, nowNanos);
  }

  /**
   * Of a job that was refused: was it for want of room? Those after the first few are forgotten.
   */
  void noRoom(Errno errno, String device, long pages) {
    boolean room = errno == Errno.ENOMEM || errno == Errno.ENOSPC || errno == Errno.ETIMEDOUT;
    if (room && noRoom.size() < NO_ROOM_MAX) {
      noRoom.add(new NoRoom(device, pages));
    }
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
        scriptDoneNanos,
        turnarounds.copy(),
        List.copyOf(noRoom),
        new EnumMap<>(refusals),
        new EnumMap<>(refusalCounts),
        List.copyOf(failure));
  }
}
