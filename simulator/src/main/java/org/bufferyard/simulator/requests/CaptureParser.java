package org.bufferyard.simulator.requests;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bufferyard.simulator.trace.StepReader;
import org.bufferyard.simulator.trace.Trace;
import org.bufferyard.simulator.trace.TraceException;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.jspecify.annotations.Nullable;

/**
 * A capture as touches: each use of a buffer by a job or the CPU is a request, its release a free.
 * The same conversion as that of a run. A compressed capture is decoded to a temporary file, for
 * captures are not read from front to back.
 */
final class CaptureParser implements RecordParser {
  private static final int COPY_BYTES = 64 << 10;

  private final StepReader steps;
  private final @Nullable Path temporary;
  private final long rawBytes;
  private final ObjectIds objects;
  private long[] sizes = new long[256];

  private CaptureParser(
      StepReader steps, @Nullable Path temporary, long rawBytes, ObjectIds objects) {
    this.steps = steps;
    this.temporary = temporary;
    this.rawBytes = rawBytes;
    this.objects = objects;
  }

  /** Takes over {@code source}. */
  static CaptureParser open(Path path, DecodedFile source, Trace.Format format, ObjectIds objects) {
    try (source) {
      if (!source.compressed()) {
        long length = Files.size(path);
        return new CaptureParser(
            StepReader.open(path, source.file(), format), null, length, objects);
      }
      return decoded(source, format, objects);
    } catch (IOException failed) {
      throw TraceException.ofFile(source.file(), "cannot be decoded to a file: " + failed);
    }
  }

  private static CaptureParser decoded(DecodedFile source, Trace.Format format, ObjectIds objects)
      throws IOException {
    Path temporary = Files.createTempFile("bufferyard", ".trace");
    boolean opened = false;
    try {
      copy(source, temporary);
      StepReader steps = StepReader.open(temporary, source.file(), format);
      opened = true;
      return new CaptureParser(steps, temporary, source.rawBytes(), objects);
    } finally {
      if (!opened) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  private static void copy(DecodedFile source, Path to) throws IOException {
    byte[] buffer = new byte[COPY_BYTES];
    try (OutputStream out = Files.newOutputStream(to)) {
      for (int read = 0; read >= 0; read = source.read(buffer, 0, buffer.length)) {
        out.write(buffer, 0, read);
      }
    }
  }

  @Override
  public boolean next(Entries entries) {
    if (!steps.hasNext()) {
      return false;
    }
    for (Step step : steps.next()) {
      add(step.action(), entries);
    }
    return true;
  }

  private void add(Action action, Entries entries) {
    switch (action) {
      case Action.Export export -> {
        if (export.buffer() >= sizes.length) {
          sizes = Arrays.copyOf(sizes, 2 * export.buffer());
        }
        sizes[export.buffer()] = export.sizeBytes();
      }
      case Action.Submit submit -> {
        for (Use use : submit.uses()) {
          entries.request(idOf(use.buffer()));
        }
      }
      case Action.CpuAccess access -> entries.request(idOf(access.buffer()));
      case Action.Release release -> entries.free(idOf(release.buffer()));
      case Action.Attach _, Action.Unmap _, Action.Pin _, Action.Unpin _ -> {}
    }
  }

  private int idOf(int buffer) {
    return objects.add(buffer, sizes[buffer]);
  }

  @Override
  public long rawBytes() {
    return rawBytes;
  }

  @Override
  public void close() {
    steps.close();
    try {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException left) {
      // The system's folder for temporary files is cleared by the system.
    }
  }
}
