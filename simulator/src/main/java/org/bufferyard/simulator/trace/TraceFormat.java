package org.bufferyard.simulator.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Tells what a file is by its first bytes. */
final class TraceFormat {
  private static final int PEEK_BYTES = 256;
  private static final int SHOWN_BYTES = 8;

  static Trace.Format detect(Path path) {
    String file = Trace.fileName(path);
    byte[] head = head(path);
    if (head.length == 0) {
      throw TraceException.ofFile(file, "byte 0: the file is empty");
    }
    int magic = RmvIndex.MAGIC.length;
    if (head.length >= magic && Arrays.equals(Arrays.copyOf(head, magic), RmvIndex.MAGIC)) {
      return Trace.Format.RMV;
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    String firstLine = text.lines().findFirst().orElse("");
    if (LifetimeTable.isHeader(firstLine)) {
      return Trace.Format.MINIMALLOC;
    }
    String shown = TraceException.echo(text.substring(0, Math.min(SHOWN_BYTES, text.length())));
    throw TraceException.ofFile(
        file,
        "byte 0: begins with "
            + shown
            + ": neither an RMV capture (begins with 'AMD_RDF ') nor"
            + " a minimalloc CSV (header id,lower,upper,size); compressed files are not read");
  }

  /** Devices and pipes may never end, so only regular files are opened. */
  private static byte[] head(Path path) {
    if (!Files.isRegularFile(path)) {
      String what = Files.exists(path) ? "not a regular file" : "no such file";
      throw TraceException.ofFile(path.toString(), what);
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(PEEK_BYTES);
    } catch (IOException failed) {
      throw unreadable(path, failed);
    }
  }

  static TraceException unreadable(Path path, IOException failed) {
    String why =
        failed instanceof NoSuchFileException ? "no such file" : failed.getClass().getSimpleName();
    return TraceException.ofFile(path.toString(), "cannot be read: " + why);
  }

  static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // Nothing was written; there is nothing to lose.
    }
  }

  private TraceFormat() {}
}
