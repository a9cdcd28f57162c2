package org.bufferyard.allocator.policy.replay;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** Streaming readers of the reference traces: one pass, memory by unique objects and requests. */
final class TraceReaders {
  private interface Source {
    /** Reads one record into {@code sink}; false at the end. */
    boolean next(RequestsBuilder sink) throws IOException;
  }

  static Requests read(Path file) throws IOException {
    String family = file.getName(file.getNameCount() - 2).toString();
    try (InputStream bytes = open(file)) {
      Source source =
          switch (family) {
            case "lirs" -> lines(bytes, TraceReaders::lirs);
            case "address" -> lines(bytes, TraceReaders::address);
            case "adapt_size" -> lines(bytes, TraceReaders::adaptSize);
            case "mooncake" -> lines(bytes, TraceReaders::mooncake);
            case "cache2k" -> words(bytes, DataInputStream::readInt);
            case "corda" -> words(bytes, DataInputStream::readLong);
            default -> throw new IOException(file + ": no reader for family " + family);
          };
      RequestsBuilder sink = new RequestsBuilder();
      boolean more = true;
      while (more) {
        more = source.next(sink);
      }
      return sink.build();
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    String name = file.toString();
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(raw, 1 << 16);
    }
    return name.endsWith(".xz") ? new XZInputStream(raw) : raw;
  }

  private interface Line {
    void parse(String line, RequestsBuilder sink);
  }

  private static Source lines(InputStream bytes, Line line) {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.US_ASCII));
    return sink -> {
      String text = reader.readLine();
      if (text != null) {
        line.parse(text, sink);
      }
      return text != null;
    };
  }

  private interface Word {
    long read(DataInputStream data) throws IOException;
  }

  private static Source words(InputStream bytes, Word word) {
    DataInputStream data = new DataInputStream(new BufferedInputStream(bytes, 1 << 16));
    return sink -> {
      try {
        sink.add(word.read(data));
        return true;
      } catch (EOFException end) {
        return false;
      }
    };
  }

  private static void lirs(String line, RequestsBuilder sink) {
    String block = line.strip();
    if (!block.isEmpty() && !block.equals("*")) {
      sink.add(Long.parseLong(block));
    }
  }

  private static void address(String line, RequestsBuilder sink) {
    int hex = line.indexOf("0x");
    if (hex >= 0) {
      int end = line.indexOf(' ', hex);
      sink.add(Long.parseUnsignedLong(line, hex + 2, end < 0 ? line.length() : end, 16));
    }
  }

  private static void adaptSize(String line, RequestsBuilder sink) {
    String[] fields = line.split(" ", -1);
    sink.add(Long.parseLong(fields[1]), Long.parseLong(fields[2]));
  }

  private static void mooncake(String line, RequestsBuilder sink) {
    for (long block : Json.longs(Json.object(line), "hash_ids")) {
      sink.add(block);
    }
  }

  private TraceReaders() {}
}
