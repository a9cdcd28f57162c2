package org.bufferyard.simulator.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The desktop's script of who is in front: a cycle of level load (the first eighth), play, browse
 * (from three eighths to five) and play again. Pure arithmetic on frame numbers, so that every
 * client knows what the others show.
 */
record DesktopPhases(int framesPerSecond, long framesPerCycle) {
  static final int COLOUR_TARGETS = 3;
  private static final int LOADING_STRIDE_FRAMES = 4;
  private static final int BACKGROUND_STRIDE_FRAMES = 10;

  enum Phase {
    LOADING,
    PLAYING,
    BROWSING
  }

  static DesktopPhases of(WorkloadSpec.Desktop spec) {
    long frames = spec.periodNanos() / (NANOS_PER_SECOND / spec.framesPerSecond());
    return new DesktopPhases(spec.framesPerSecond(), Math.max(8, frames));
  }

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  static List<String> names() {
    return Stream.of(Phase.values()).map(DesktopPhases::name).toList();
  }

  private static String name(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  long startNanos(long frame) {
    return Math.multiplyExact(frame, NANOS_PER_SECOND) / framesPerSecond;
  }

  Phase phase(long frame) {
    long eighths = (frame % framesPerCycle) * 8 / framesPerCycle;
    if (eighths == 0) {
      return Phase.LOADING;
    }
    return eighths == 3 || eighths == 4 ? Phase.BROWSING : Phase.PLAYING;
  }

  /** All phases that begin before {@code durationNanos}. */
  List<Workload.Phase> until(long durationNanos) {
    List<Workload.Phase> phases = new ArrayList<>();
    Phase last = null;
    for (long frame = 0; startNanos(frame) < durationNanos; frame++) {
      Phase now = phase(frame);
      if (now != last) {
        phases.add(new Workload.Phase(name(now), startNanos(frame)));
        last = now;
      }
    }
    return phases;
  }

  long loadingFrames() {
    return (framesPerCycle + 7) / 8;
  }

  boolean startsCycle(long frame) {
    return frame % framesPerCycle == 0;
  }

  /** A game in the background, or busy loading, draws less often. */
  boolean gameDraws(long frame) {
    return switch (phase(frame)) {
      case LOADING -> frame % LOADING_STRIDE_FRAMES == 0;
      case PLAYING -> true;
      case BROWSING -> frame % BACKGROUND_STRIDE_FRAMES == 0;
    };
  }

  static int colourTarget(long frame) {
    return (int) (frame % COLOUR_TARGETS);
  }

  /** The colour target that the game finished last before {@code frame}. */
  int gameFront(long frame) {
    for (long earlier = frame - 1; earlier > 0; earlier--) {
      if (gameDraws(earlier)) {
        return colourTarget(earlier);
      }
    }
    return 0;
  }
}
