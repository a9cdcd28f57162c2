package org.bufferyard.simulator.requests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.bufferyard.allocator.policy.replay.Requests;
import org.bufferyard.simulator.trace.TraceException;
import org.jspecify.annotations.Nullable;

/**
 * A trace of requests that was read through once and found sound. Holds what is known of its
 * objects, and its entries where they are few or were asked for; else they are read again for each
 * replay, which fails with {@link TraceException} if the file has changed since.
 */
public final class RequestTrace {
  private static final int CHUNK_ENTRIES = 64 << 10;

  private final Path path;
  private final RequestFormat format;
  private final ReadLimits limits;
  private final ObjectIds ids;
  private final int objects;
  private final long[] sizes;
  private final long entries;
  private final long requests;
  private final long requestedBytes;
  private final long footprintBytes;
  private final long hash;
  private final int @Nullable [] kept;

  private RequestTrace(Path path, RequestFormat format, ReadLimits limits, FirstPass pass) {
    this.path = path;
    this.format = format;
    this.limits = limits;
    this.ids = pass.ids;
    this.objects = pass.ids.count();
    this.sizes = pass.ids.sized() ? pass.ids.sizes() : new long[0];
    this.entries = pass.entries;
    this.requests = pass.requests;
    this.requestedBytes = pass.requestedBytes;
    this.footprintBytes = pass.footprintBytes;
    this.hash = pass.hash;
    this.kept = pass.kept == null ? null : Arrays.copyOf(pass.kept, (int) pass.entries);
  }

  /**
   * Reads {@code path} through.
   *
   * @param named its format; empty to recognise it
   * @param keepAll whether the entries are needed in memory however many they are
   * @throws TraceException in one line what is wrong with it
   */
  public static RequestTrace read(
      Path path, Optional<RequestFormat> named, boolean keepAll, ReadProgress progress) {
    return read(path, named, keepAll, progress, ReadLimits.STANDARD);
  }

  static RequestTrace read(
      Path path,
      Optional<RequestFormat> named,
      boolean keepAll,
      ReadProgress progress,
      ReadLimits limits) {
    RequestFormat format = named.orElseGet(() -> recognised(path, limits));
    FirstPass pass = new FirstPass(format, keepAll, limits);
    try (EntryStream stream = EntryStream.open(path, format, limits, pass.ids)) {
      pass.readAll(stream, fileName(path), length(path), progress);
    }
    return new RequestTrace(path, format, limits, pass);
  }

  private static RequestFormat recognised(Path path, ReadLimits limits) {
    byte[] head = EntryStream.head(path, FormatGuess.HEAD_BYTES, limits);
    if (head.length == 0) {
      throw TraceException.ofFile(fileName(path), "byte 0: the file is empty");
    }
    String archive = Archive.of(head);
    if (archive != null) {
      throw TraceException.ofFile(
          fileName(path),
          "byte 0: " + archive + ", which is not read: unpack it, and name the trace in it");
    }
    return FormatGuess.of(head, fileName(path))
        .orElseThrow(
            () ->
                TraceException.ofFile(
                    fileName(path),
                    "byte 0: format not recognised; name it with --format, one of "
                        + String.join(", ", RequestFormat.labels())));
  }

  private static long length(Path path) {
    try {
      return Files.size(path);
    } catch (IOException unknown) {
      return 0;
    }
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** What one reading finds. */
  private static final class FirstPass {
    private final ReadLimits limits;
    private final boolean keepAll;
    final ObjectIds ids;
    private int @Nullable [] kept = new int[1024];
    long entries;
    long requests;
    long requestedBytes;
    long footprintBytes;
    long hash;

    FirstPass(RequestFormat format, boolean keepAll, ReadLimits limits) {
      this.limits = limits;
      this.keepAll = keepAll;
      this.ids = new ObjectIds(limits.objectsMax(), format == RequestFormat.ADAPT_SIZE);
    }

    void readAll(EntryStream stream, String file, long length, ReadProgress progress) {
      int[] chunk = new int[CHUNK_ENTRIES];
      int seen = 0;
      for (int size = stream.fill(chunk); size > 0; size = stream.fill(chunk)) {
        keep(chunk, size, file);
        for (int at = 0; at < size; at++) {
          if (chunk[at] >= 0) {
            requests++;
            requestedBytes += ids.size(chunk[at]);
          }
        }
        entries += size;
        for (; seen < ids.count(); seen++) {
          footprintBytes += ids.size(seen);
        }
        checkSums(file);
        progress.at("reading " + file, stream.rawBytes(), length);
      }
      hash = stream.hash();
      if (requests == 0) {
        throw TraceException.ofFile(file, "no request in it: the trace is empty");
      }
    }

    /** Sizes are at most 2^44 and a chunk is short: one chunk cannot wrap round. */
    private void checkSums(String file) {
      if (requestedBytes < 0 || requestedBytes > Long.MAX_VALUE / 2) {
        throw TraceException.ofFile(
            file, "entry " + entries + ": bytes requested so far: more than 2^62");
      }
    }

    private void keep(int[] chunk, int size, String file) {
      int[] before = kept;
      if (before == null) {
        return;
      }
      long wanted = entries + size;
      if (keepAll && wanted > limits.keptEntriesMax()) {
        throw TraceException.ofFile(
            file,
            "entry "
                + limits.keptEntriesMax()
                + ": a policy that knows the future, a curve or a bound takes no more entries");
      }
      if (!keepAll && wanted > limits.keptAnywayMax()) {
        kept = null;
        return;
      }
      int[] room = before;
      if (wanted > before.length) {
        long twice = Math.max(wanted, 2L * before.length);
        room = Arrays.copyOf(before, (int) Math.min(twice, Integer.MAX_VALUE - 8));
      }
      System.arraycopy(chunk, 0, room, (int) entries, size);
      kept = room;
    }
  }

  /** The file's own name. */
  public String file() {
    return fileName(path);
  }

  public RequestFormat format() {
    return format;
  }

  public long requests() {
    return requests;
  }

  /** Different objects requested. */
  public int objects() {
    return objects;
  }

  /** Whether objects have sizes; where not, each counts one byte. */
  public boolean sized() {
    return sizes.length > 0;
  }

  public long size(int id) {
    return sizes.length == 0 ? 1 : sizes[id];
  }

  /** Sum of the sizes of all requests. */
  public long requestedBytes() {
    return requestedBytes;
  }

  /** Sum of the sizes of all objects. */
  public long footprintBytes() {
    return footprintBytes;
  }

  /**
   * All entries in memory, if they are.
   *
   * @param bytes whether objects have their sizes, or all size 1
   */
  public Optional<Requests> kept(boolean bytes) {
    if (kept == null) {
      return Optional.empty();
    }
    return Optional.of(
        bytes && sized() ? Requests.sized(kept, sizes) : Requests.ofUnits(kept, objects));
  }

  /** Reads the file again, from the start. */
  Again again() {
    return new Again(EntryStream.open(path, format, limits, ids));
  }

  /** A further reading, whose entries have to be those of the first. */
  final class Again implements AutoCloseable {
    private final EntryStream stream;

    private Again(EntryStream stream) {
      this.stream = stream;
    }

    /** As {@link EntryStream#fill}. */
    int fill(int[] into) {
      int size = stream.fill(into);
      boolean over = size == 0;
      boolean same = !over || (stream.count() == entries && stream.hash() == hash);
      if (!same || ids.count() != objects) {
        throw TraceException.ofFile(
            file(), "entry " + stream.count() + ": changed while it was read");
      }
      return size;
    }

    long done() {
      return stream.count();
    }

    @Override
    public void close() {
      stream.close();
    }
  }

  long entries() {
    return entries;
  }
}
