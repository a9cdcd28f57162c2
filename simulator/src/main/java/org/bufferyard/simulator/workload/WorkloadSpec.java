package org.bufferyard.simulator.workload;

/** Which workload a scenario runs, and its parameters. */
public sealed interface WorkloadSpec {
  /** Bytes of all buffers that are alive at once, at most; regions may be sized relative to it. */
  long footprintBytes();

  /**
   * A game, a browser, a compositor and a video call on one GPU.
   *
   * @param workingSetBytes what the clients together would like to have in VRAM
   * @param framesPerSecond of the display
   * @param periodNanos length of one cycle of phases: level load, play, browse, play
   */
  record Desktop(long workingSetBytes, int framesPerSecond, long periodNanos)
      implements WorkloadSpec {
    @Override
    public long footprintBytes() {
      return workingSetBytes;
    }
  }

  /**
   * Devices that share buffers and use them at random, for concurrency.
   *
   * @param devices named {@code importer-0} and on; one client each
   * @param sharedBy devices that use one buffer, its exporter's included
   * @param jobsPerSecond of one device
   * @param usePages pages that one job moves of each buffer, at most
   * @param writePercent share of jobs that write
   */
  record Importers(
      int devices,
      int buffers,
      long sizeBytes,
      int sharedBy,
      int jobsPerSecond,
      int usePages,
      int writePercent)
      implements WorkloadSpec {
    @Override
    public long footprintBytes() {
      return Math.multiplyExact(sizeBytes, (long) buffers);
    }
  }

  /**
   * A phone: camera frames go to the encoder and through the GPU to the display.
   *
   * @param frameBytes of one camera frame
   * @param depth frames in flight per stage
   */
  record Pipeline(long frameBytes, int depth, int framesPerSecond) implements WorkloadSpec {
    @Override
    public long footprintBytes() {
      return Math.multiplyExact(frameBytes, 3L * depth + 1);
    }
  }

  /** A trace file, read elsewhere; {@code peakBytes} are alive at once in it. */
  record Trace(long peakBytes) implements WorkloadSpec {
    @Override
    public long footprintBytes() {
      return peakBytes;
    }
  }
}
