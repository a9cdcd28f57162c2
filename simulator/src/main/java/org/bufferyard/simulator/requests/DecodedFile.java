package org.bufferyard.simulator.requests;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bufferyard.simulator.trace.TraceException;
import org.tukaani.xz.MemoryLimitException;

/**
 * The bytes of a file, decoded as they are asked for. Fails with {@link TraceException} that names
 * the place: cut off, corrupted, or more than the limits allow. Not thread-safe.
 */
final class DecodedFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final String file;
  private final Compression compression;
  private final ReadLimits limits;
  private final CountedStream raw;
  private final InputStream decoded;
  private long decodedBytes;

  private DecodedFile(
      String file, Compression compression, ReadLimits limits, CountedStream raw, InputStream in) {
    this.file = file;
    this.compression = compression;
    this.limits = limits;
    this.raw = raw;
    this.decoded = in;
  }

  /** Devices and pipes may never end, and cannot be read twice: only regular files are opened. */
  static DecodedFile open(Path path, ReadLimits limits) {
    if (!Files.isRegularFile(path)) {
      String what = Files.exists(path) ? "not a regular file" : "no such file";
      throw TraceException.ofFile(path.toString(), what);
    }
    String file = String.valueOf(path.getFileName());
    CountedStream raw = null;
    Compression compression = Compression.NONE;
    try {
      compression = Compression.of(head(path));
      raw = new CountedStream(new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES));
      InputStream in = compression.decoded(raw, limits.decoderKibMax());
      return new DecodedFile(file, compression, limits, raw, in);
    } catch (IOException failed) {
      closeQuietly(raw);
      throw raw == null
          ? TraceException.ofFile(path.toString(), "cannot be read: " + failed)
          : broken(file, compression, raw.count(), failed);
    }
  }

  private static byte[] head(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(Compression.MAGIC_BYTES_MAX);
    }
  }

  String file() {
    return file;
  }

  boolean compressed() {
    return compression != Compression.NONE;
  }

  /** Bytes of the file itself read so far. */
  long rawBytes() {
    return raw.count();
  }

  /** As {@link InputStream#read(byte[], int, int)}. */
  int read(byte[] into, int from, int length) {
    try {
      int read = decoded.read(into, from, length);
      decodedBytes += Math.max(0, read);
      check();
      return read;
    } catch (IOException failed) {
      throw broken(file, compression, raw.count(), failed);
    }
  }

  private void check() {
    if (!compressed()) {
      return;
    }
    if (decodedBytes > limits.decodedBytesMax()) {
      throw tooMuch("more than " + limits.decodedBytesMax() + " bytes");
    }
    if (decodedBytes > limits.ratioFreeBytes() && decodedBytes / limits.ratioMax() > raw.count()) {
      throw tooMuch("more than " + limits.ratioMax() + " times its size");
    }
  }

  private TraceException tooMuch(String rule) {
    return TraceException.ofFile(
        file,
        "byte " + raw.count() + ": decoded " + compression.label() + ": " + rule + "; not a trace");
  }

  private static TraceException broken(
      String file, Compression compression, long rawBytes, IOException failed) {
    String where = "byte " + rawBytes + ": ";
    String said = failed.getMessage();
    String message = said == null ? "" : said;
    if (compression == Compression.NONE) {
      return TraceException.ofFile(file, where + "cannot be read: " + message);
    }
    boolean cut = failed instanceof EOFException || message.contains("Truncated");
    String what =
        cut
            ? "cut off"
            : failed instanceof MemoryLimitException ? "wants too much memory" : "corrupted";
    String why = message.isEmpty() ? "" : ": " + TraceException.echo(message);
    return TraceException.ofFile(file, where + compression.label() + " data: " + what + why);
  }

  @Override
  public void close() {
    closeQuietly(decoded);
    closeQuietly(raw);
  }

  private static void closeQuietly(@org.jspecify.annotations.Nullable InputStream stream) {
    try {
      if (stream != null) {
        stream.close();
      }
    } catch (IOException ignored) {
      // Nothing was written; there is nothing to lose.
    }
  }
}
