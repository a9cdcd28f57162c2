package org.bufferyard.simulator.trace;

import akka.NotUsed;
import akka.japi.function.Function;
import akka.stream.javadsl.Source;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeMap;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.workload.ClientScript;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Workload;

/**
 * A trace file that was read through once and found sound. Its streams read the file again, in
 * constant memory and as fast as they are asked; they fail with {@link TraceException} if it has
 * changed since.
 */
public final class Trace {
  /** What a trace file may be; told by its content, whatever its name. */
  public enum Format {
    /** A capture of AMD's Radeon Memory Visualizer. */
    RMV,
    /** Buffer lifetimes of an accelerator, as minimalloc reads them. */
    MINIMALLOC
  }

  private final Path path;
  private final Format format;
  private final long endNanos;
  private final TraceSummary summary;

  private Trace(Path path, Format format, long endNanos, TraceSummary summary) {
    this.path = path;
    this.format = format;
    this.endNanos = endNanos;
    this.summary = summary;
  }

  /** Reads {@code path} through; the refusal's reason is one line that names the fault. */
  public static Outcome<Trace> open(Path path) {
    return open(path, Long.MAX_VALUE);
  }

  /** The part of a trace up to {@code endNanos}; what is alive then ends there. */
  public static Outcome<Trace> open(Path path, long endNanos) {
    try {
      Format format = TraceFormat.detect(path);
      return Outcome.done(new Trace(path, format, endNanos, summarize(path, format, endNanos)));
    } catch (TraceException fault) {
      return Outcome.refused(Errno.EINVAL, String.valueOf(fault.getMessage()));
    }
  }

  public Format format() {
    return format;
  }

  public TraceSummary summary() {
    return summary;
  }

  /** All events, {@link TraceEvent.End} last. */
  public Source<TraceEvent, NotUsed> events() {
    return Source.fromGraph(new EventSource(() -> reader(path, format, endNanos)));
  }

  /** The trace as the program of one client named {@code trace}, for a device named {@code gpu}. */
  public Workload workload() {
    Source<Step, NotUsed> steps =
        events()
            .statefulMapConcat(
                () -> {
                  Conversion conversion = new Conversion(fileName(path));
                  Function<TraceEvent, Iterable<Step>> convert = conversion::on;
                  return convert;
                });
    return new Workload(
        fileName(path),
        List.of(new ClientScript(Conversion.CLIENT, steps)),
        summary.buffers(),
        summary.durationNanos());
  }

  private static TraceSummary summarize(Path path, Format format, long endNanos) {
    TreeMap<String, Long> byKind = new TreeMap<>();
    Conversion conversion = new Conversion(fileName(path));
    long events = 0;
    long lastNanos = 0;
    try (EventReader reader = reader(path, format, endNanos)) {
      while (reader.hasNext()) {
        TraceEvent event = reader.next();
        var _ = conversion.on(event);
        lastNanos = event.timeNanos();
        if (!(event instanceof TraceEvent.End)) {
          byKind.merge(kind(event), 1L, Long::sum);
          events++;
        }
      }
    }
    return new TraceSummary(
        byKind,
        events,
        conversion.buffers(),
        conversion.peakBytes(),
        lastNanos,
        conversion.unknownAddresses(),
        conversion.implicitFrees());
  }

  private static String kind(TraceEvent event) {
    return switch (event) {
      case TraceEvent.Allocate _ -> "allocate";
      case TraceEvent.Free _ -> "free";
      case TraceEvent.Residency residency ->
          residency.added() ? "residency added" : "residency removed";
      case TraceEvent.PageTableUpdate _ -> "page table update";
      case TraceEvent.Bind _ -> "bind";
      case TraceEvent.CreateResource _ -> "create resource";
      case TraceEvent.DestroyResource _ -> "destroy resource";
      case TraceEvent.CpuMap map -> map.unmaps() ? "cpu unmap" : "cpu map";
      case TraceEvent.Misc misc -> misc.submits() ? "submission" : "driver mark";
      case TraceEvent.Birth _ -> "birth";
      case TraceEvent.Death _ -> "death";
      case TraceEvent.End _ -> "end";
    };
  }

  private static EventReader reader(Path path, Format format, long endNanos) {
    return new CutReader(whole(path, fileName(path), format), endNanos);
  }

  /** All events of {@code path}, whose faults name {@code file}. */
  static EventReader whole(Path path, String file, Format format) {
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException failed) {
      throw TraceFormat.unreadable(path, failed);
    }
    boolean opened = false;
    try {
      EventReader reader =
          switch (format) {
            case RMV -> new RmvReader(file, channel);
            case MINIMALLOC -> {
              List<LifetimeTable.Row> rows = LifetimeTable.read(file, channel);
              channel.close();
              yield new LifetimeReader(rows);
            }
          };
      opened = true;
      return reader;
    } catch (IOException failed) {
      throw TraceFormat.unreadable(path, failed);
    } finally {
      if (!opened) {
        TraceFormat.closeQuietly(channel);
      }
    }
  }

  static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }
}
