package org.bufferyard.examples.videowall;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.bufferyard.actors.extension.YardSnapshot;

/** What the wall has shown. Owned by the encoder's stream. */
final class Report {
  /** From hand to hand: camera to effect, effect to encoder, encoder to replay. */
  private static final int HANDS = 3;

  private static final double MIB = 1 << 20;

  private final Map<Long, Long> checksums = new LinkedHashMap<>();
  private long[] latencies = new long[1024];
  private int frames;
  private int replays;
  private int wrong;

  void frame(Camera.Stamp stamp, long checksum, long nowNanos) {
    if (frames == latencies.length) {
      latencies = Arrays.copyOf(latencies, frames * 2);
    }
    latencies[frames++] = nowNanos - stamp.takenNanos();
    checksums.put(key(stamp), checksum);
  }

  /** A frame that came back is the frame that went. */
  void replayed(Camera.Stamp stamp, long checksum) {
    replays++;
    Long before = checksums.get(key(stamp));
    wrong += before == null || before != checksum ? 1 : 0;
  }

  private static long key(Camera.Stamp stamp) {
    return (long) stamp.camera() << Integer.SIZE | stamp.time();
  }

  int frames() {
    return frames;
  }

  int wrong() {
    return wrong;
  }

  void print(PrintStream out, YardSnapshot yard, double seconds) {
    Arrays.sort(latencies, 0, frames);
    YardSnapshot.RegionUse memory = yard.regions().getFirst();
    out.printf(
        Locale.ROOT,
        "video wall: %d frames of %.1f MiB in %.1f s%n",
        frames,
        Camera.FRAME_BYTES / MIB,
        seconds);
    out.printf(
        Locale.ROOT,
        "  copies avoided  %d, %.0f MiB%n",
        (long) frames * HANDS,
        (double) frames * HANDS * Camera.FRAME_BYTES / MIB);
    out.printf(
        Locale.ROOT,
        "  memory          %.0f MiB, most in use %.1f MiB%n",
        memory.capacityBytes() / MIB,
        memory.peakBytes() / MIB);
    out.printf(
        Locale.ROOT,
        "  evictions       %d, %.0f MiB moved in and out%n",
        yard.evictions(),
        yard.movedBytes() / MIB);
    out.printf(Locale.ROOT, "  replayed        %d, wrong %d%n", replays, wrong);
    out.printf(
        Locale.ROOT,
        "  camera to wall  p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
        millis(0.5),
        millis(0.99),
        millis(1));
  }

  private double millis(double quantile) {
    int at = (int) Math.min(frames - 1L, Math.round(quantile * frames));
    return frames == 0 ? 0 : latencies[at] / 1e6;
  }
}
