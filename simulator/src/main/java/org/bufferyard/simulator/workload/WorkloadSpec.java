package org.bufferyard.simulator.workload;

import java.util.List;
import java.util.stream.IntStream;

/** Which workload a scenario runs, and its parameters. */
public sealed interface WorkloadSpec {
  /** Bytes of all buffers that are alive at once, at most; regions may be sized relative to it. */
  long footprintBytes();

  /** The clients that a scenario may name, where they are known beforehand. */
  default List<String> clientNames() {
    return switch (this) {
      case Desktop desktop -> List.of("browser", "compositor", "game", "video-call");
      case Patterns patterns -> patterns.clients().stream().map(Pattern::client).toList();
      case Importers importers ->
          IntStream.range(0, importers.devices()).mapToObj(ImportersWorkload::clientName).toList();
      default -> List.of();
    };
  }

  /** The phases that a scenario may name. */
  default List<String> phaseNames() {
    return this instanceof Desktop ? DesktopPhases.names() : List.of();
  }

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

  /**
   * A system on a chip: camera, image processor, codec, GPU, a display behind the tiler, and on a
   * USB controller a display and a webcam; audio on a legacy bus.
   *
   * @param frameBytes of every picture; whole rows of the tiler's slots make it a 2-D view
   * @param depth pictures in flight per stage
   */
  record Soc(long frameBytes, int depth, int framesPerSecond) implements WorkloadSpec {
    /** Rings of pictures: raw, processed, screen, web; half as many for USB. */
    @Override
    public long footprintBytes() {
      return Math.multiplyExact(frameBytes, 5L * depth + 1);
    }
  }

  /**
   * The same pipeline several times, side by side, each side with devices and memory of its own, so
   * that one report compares them.
   *
   * @param apps clients of each side, of which one runs at a time
   * @param turnNanos how long one runs before the next
   * @param sides names of the sides, in the order in which they are shown
   */
  record Sides(
      long frameBytes, int depth, int framesPerSecond, int apps, long turnNanos, List<Side> sides)
      implements WorkloadSpec {
    public Sides {
      sides = List.copyOf(sides);
    }

    @Override
    public long footprintBytes() {
      return Math.multiplyExact(frameBytes, (2L * depth + 1) * apps);
    }
  }

  /**
   * A side: its devices are named {@code NAME-camera}, {@code -encoder}, {@code -gpu}, {@code
   * -display}.
   */
  record Side(String name, Manner manner) {}

  /** How the programs of a side manage memory. */
  enum Manner {
    /** Allocated and pinned at the start, and held until the end: video capture drivers' way. */
    STATIC,
    /** Held by nobody while it is not in use. */
    DYNAMIC,
    /** Allocated and pinned before the display is known. */
    EARLY,
    /** Allocated before the display is known, and moved when it attaches. */
    REALLOCATED,
    /** Every device attaches before there is any memory. */
    DEFERRED
  }

  /** Clients on one GPU, each with buffers of its own that it touches in one order. */
  record Patterns(List<Pattern> clients) implements WorkloadSpec {
    public Patterns {
      clients = List.copyOf(clients);
    }

    @Override
    public long footprintBytes() {
      return clients.stream().mapToLong(Pattern::bytes).sum();
    }
  }

  /**
   * What one client does with its buffers.
   *
   * @param uses buffers of one job
   * @param window how many buffers {@link Order#WINDOW} chooses from at a time
   * @param everyNanos from job to job
   * @param stopNanos 0: never
   * @param writePercent share of uses that write
   * @param priority higher is evicted later; 0 is usual
   * @param leaves it gives its buffers back when it stops, not with the run's end
   * @param workNanos after so long it rests, and keeps its buffers; 0: never
   * @param restNanos for so long, and works again
   */
  record Pattern(
      String client,
      int buffers,
      long sizeBytes,
      Order order,
      int uses,
      int window,
      long everyNanos,
      long startNanos,
      long stopNanos,
      int writePercent,
      int priority,
      boolean leaves,
      long workNanos,
      long restNanos) {
    /** Of one that is always at work, and keeps its buffers to the end. */
    public Pattern(
        String client,
        int buffers,
        long sizeBytes,
        Order order,
        int uses,
        int window,
        long everyNanos,
        long startNanos,
        long stopNanos,
        int writePercent,
        int priority) {
      this(
          client,
          buffers,
          sizeBytes,
          order,
          uses,
          window,
          everyNanos,
          startNanos,
          stopNanos,
          writePercent,
          priority,
          false,
          0,
          0);
    }

    public long bytes() {
      return Math.multiplyExact(sizeBytes, (long) buffers);
    }
  }

  /** In which order buffers are touched. */
  enum Order {
    /** One after the other, round and round. */
    LOOP,
    /** To the last and back to the first. */
    STACK,
    /** Each as likely as the others. */
    RANDOM,
    /** The n-th 1/n as often as the first. */
    ZIPF,
    /** At random in a window that moves on. */
    WINDOW,
    /** In turn a new one, and the one that was new as many turns ago as the window is wide. */
    PAIRS,
    /** All once, then at random among the first, as many as the window is wide. */
    SETTLE
  }

  /** A trace file, read elsewhere; {@code peakBytes} are alive at once in it. */
  record Trace(long peakBytes) implements WorkloadSpec {
    @Override
    public long footprintBytes() {
      return peakBytes;
    }
  }
}
