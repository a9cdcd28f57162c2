package org.bufferyard.simulator.workload;

import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;

/**
 * One camera app of a side: camera to encoder and, through the GPU, to the display, while it is the
 * app's turn. A frame not shown one and a half periods after it was due to begin is dropped.
 */
final class SideProgram extends Program {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long FILTER_BUSY_NANOS = 4_000_000;
  private static final long ENCODE_BUSY_NANOS = 8_000_000;
  private static final int COMPRESSION = 8;

  /** Who plays: one app of one side. */
  record Cast(
      WorkloadSpec.Sides spec,
      WorkloadSpec.Side side,
      int app,
      int firstKey,
      long seed,
      long endNanos) {
    String device(String role) {
      return side.name() + "-" + role;
    }
  }

  private final Cast cast;
  private final WorkloadSpec.Sides spec;
  private final SplittableRandom random;
  private final int[] frames;
  private final int[] previews;
  private final int[] streams;
  private final long framePages;
  private final long streamPages;
  private final long periodNanos;

  /** The memory of this side, where the scenario has a region of that name. */
  private final Preference home;

  private boolean open;
  private boolean ended;
  private long frame;

  SideProgram(Cast cast) {
    super(cast.firstKey(), cast.endNanos());
    this.cast = cast;
    this.spec = cast.spec();
    this.random = new SplittableRandom(cast.seed());
    this.frames = new int[spec.depth()];
    this.previews = new int[spec.depth()];
    this.streams = new int[spec.depth()];
    this.framePages = Pages.ofBytes(spec.frameBytes());
    this.streamPages = Math.max(1, framePages / COMPRESSION);
    this.home = Preference.of(cast.side().name() + "-ram");
    this.periodNanos = NANOS_PER_SECOND / spec.framesPerSecond();
  }

  @Override
  boolean advance() {
    long startNanos = Math.multiplyExact(frame, periodNanos);
    if (startNanos >= endNanos()) {
      return end();
    }
    boolean mine = startNanos / spec.turnNanos() % spec.apps() == cast.app();
    if (mine) {
      at(startNanos + random.nextLong(100_000));
      play((int) (frame % spec.depth()), startNanos + periodNanos * 3 / 2);
    } else if (open && restarts()) {
      at(startNanos);
      close();
    }
    frame++;
    return true;
  }

  /** Unpins before everything is released. */
  private boolean end() {
    boolean first = !ended;
    ended = true;
    if (first && open) {
      at(endNanos());
      unpinAll();
    }
    return first;
  }

  /** A stream is set up anew at each turn, where when it is set up is what matters. */
  private boolean restarts() {
    return switch (cast.side().manner()) {
      case STATIC, DYNAMIC -> false;
      case EARLY, REALLOCATED, DEFERRED -> true;
    };
  }

  private boolean pins() {
    return switch (cast.side().manner()) {
      case STATIC, EARLY -> true;
      case DYNAMIC, REALLOCATED, DEFERRED -> false;
    };
  }

  private void play(int slot, long dueNanos) {
    if (!open) {
      open();
    }
    submit(
        cast.device("camera"), 0, new Use(frames[slot], DmaDirection.FROM_DEVICE, 0, framePages));
    submit(
        cast.device("encoder"),
        ENCODE_BUSY_NANOS,
        new Use(frames[slot], DmaDirection.TO_DEVICE, 0, framePages),
        new Use(streams[slot], DmaDirection.FROM_DEVICE, 0, streamPages));
    submit(
        cast.device("gpu"),
        FILTER_BUSY_NANOS,
        new Use(frames[slot], DmaDirection.TO_DEVICE, 0, framePages),
        new Use(previews[slot], DmaDirection.FROM_DEVICE, 0, framePages));
    submitFrame(
        cast.device("display"),
        0,
        dueNanos,
        new Use(previews[slot], DmaDirection.TO_DEVICE, 0, framePages));
  }

  private void open() {
    open = true;
    for (int slot = 0; slot < spec.depth(); slot++) {
      frames[slot] = export(spec.frameBytes(), "frame " + slot, home);
      previews[slot] = export(spec.frameBytes(), "preview " + slot, home);
      streams[slot] = export(Pages.toBytes(streamPages), "stream " + slot, home);
      setUp(slot);
    }
  }

  private void setUp(int slot) {
    switch (cast.side().manner()) {
      case STATIC -> pinAll(slot);
      case DYNAMIC -> {}
      case EARLY -> {
        cpuAccess(previews[slot], DmaDirection.TO_DEVICE, 0, framePages);
        pinAll(slot);
      }
      case REALLOCATED -> cpuAccess(previews[slot], DmaDirection.TO_DEVICE, 0, framePages);
      case DEFERRED -> {
        attach(previews[slot], cast.device("gpu"));
        attach(previews[slot], cast.device("display"));
      }
    }
  }

  private void pinAll(int slot) {
    pin(frames[slot], cast.device("camera"));
    pin(previews[slot], cast.device("gpu"));
    pin(streams[slot], cast.device("encoder"));
  }

  private void unpinAll() {
    for (int slot = 0; slot < spec.depth() && pins(); slot++) {
      unpin(frames[slot], cast.device("camera"));
      unpin(previews[slot], cast.device("gpu"));
      unpin(streams[slot], cast.device("encoder"));
    }
  }

  private void close() {
    unpinAll();
    for (int slot = 0; slot < spec.depth(); slot++) {
      release(frames[slot]);
      release(previews[slot]);
      release(streams[slot]);
    }
    open = false;
  }
}
