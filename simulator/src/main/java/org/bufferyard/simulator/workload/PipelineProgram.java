package org.bufferyard.simulator.workload;

import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;

/**
 * Camera to encoder and, through the GPU, to the display. Camera frames, previews and bitstreams
 * are rings of {@code depth}; the display lets go of a preview when the next one is flipped to. A
 * filter table is written by the CPU once per second.
 */
final class PipelineProgram extends Program {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long ENCODE_BUSY_NANOS = 8_000_000;
  private static final long FILTER_BUSY_NANOS = 4_000_000;

  /** A bitstream ring slot is an eighth of a frame. */
  private static final int COMPRESSION = 8;

  private final WorkloadSpec.Pipeline spec;
  private final SplittableRandom random;
  private final int[] frames;
  private final int[] previews;
  private final int[] bitstreams;
  private final long framePages;
  private final long streamPages;
  private int table;
  private long frame;

  PipelineProgram(WorkloadSpec.Pipeline spec, long seed, long endNanos) {
    super(0, endNanos);
    this.spec = spec;
    this.random = new SplittableRandom(seed);
    this.frames = new int[spec.depth()];
    this.previews = new int[spec.depth()];
    this.bitstreams = new int[spec.depth()];
    this.framePages = Pages.ofBytes(spec.frameBytes());
    this.streamPages = Math.max(1, framePages / COMPRESSION);
  }

  @Override
  boolean advance() {
    long startNanos = Math.multiplyExact(frame, NANOS_PER_SECOND) / spec.framesPerSecond();
    if (startNanos >= endNanos()) {
      return false;
    }
    at(startNanos + random.nextLong(100_000));
    if (frame == 0) {
      open();
    }
    if (frame % spec.framesPerSecond() == 0) {
      cpuAccess(table, DmaDirection.TO_DEVICE, 0, 1);
    }
    int slot = (int) (frame % spec.depth());
    record(slot);
    show(slot);
    frame++;
    return true;
  }

  private void open() {
    Preference none = Preference.NONE;
    for (int i = 0; i < spec.depth(); i++) {
      frames[i] = export(spec.frameBytes(), "camera frame " + i, none.withContiguous());
      previews[i] = export(spec.frameBytes(), "preview " + i, none);
      bitstreams[i] = export(Pages.toBytes(streamPages), "bitstream " + i, none);
    }
    table = export(Pages.SIZE_BYTES, "filter table", none);
  }

  private void record(int slot) {
    Use picture = new Use(frames[slot], DmaDirection.TO_DEVICE, 0, framePages);
    long written = 1 + random.nextLong(streamPages);
    submit("camera", 0, new Use(frames[slot], DmaDirection.FROM_DEVICE, 0, framePages));
    submit(
        "encoder",
        ENCODE_BUSY_NANOS,
        picture,
        new Use(bitstreams[slot], DmaDirection.FROM_DEVICE, 0, written));
    cpuAccess(bitstreams[slot], DmaDirection.FROM_DEVICE, 0, written);
  }

  private void show(int slot) {
    submit(
        "gpu",
        FILTER_BUSY_NANOS,
        new Use(frames[slot], DmaDirection.TO_DEVICE, 0, framePages),
        new Use(table, DmaDirection.TO_DEVICE, 0, 1),
        new Use(previews[slot], DmaDirection.FROM_DEVICE, 0, framePages));
    submit("display", 0, new Use(previews[slot], DmaDirection.TO_DEVICE, 0, framePages));
    if (frame > 0) {
      unmap(previews[Math.floorMod(slot - 1, spec.depth())], "display");
    }
  }
}
