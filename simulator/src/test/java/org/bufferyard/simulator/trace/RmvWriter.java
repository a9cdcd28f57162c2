package org.bufferyard.simulator.trace;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes small RMV captures: a container with any number of token streams. */
final class RmvWriter {
  static final long FREQUENCY = 10_000_000;

  /** One token stream. */
  static final class Stream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int minorVersion;

    private Stream(int minorVersion) {
      this.minorVersion = minorVersion;
    }

    /** Ticks are a multiple of 32. */
    Stream timestamp(long ticks, long frequency) {
      return token(12, new Field(63, 4, ticks / 32), new Field(95, 64, frequency));
    }

    Stream timeDelta(int bytes, long quanta) {
      return token(
          1 + bytes, type(14), new Field(6, 4, bytes), new Field(7 + 8 * bytes, 8, quanta));
    }

    Stream allocate(long address, long pages, int... heaps) {
      Field[] fields = new Field[5 + heaps.length];
      fields[0] = type(12);
      fields[1] = new Field(31, 8, pages - 1);
      fields[2] = new Field(81, 34, address);
      fields[3] = new Field(92, 90, heaps.length);
      fields[4] = new Field(7, 4, 1);
      for (int i = 0; i < heaps.length; i++) {
        fields[5 + i] = new Field(83 + 2 * i, 82 + 2 * i, heaps[i]);
      }
      return token(12, fields);
    }

    Stream free(long address) {
      return token(7, type(11), new Field(55, 8, address));
    }

    Stream residency(long address, boolean removed) {
      return token(8, type(6), new Field(8, 8, removed ? 1 : 0), new Field(56, 9, address));
    }

    Stream pageTableUpdate(long address, long pages, boolean unmaps) {
      return token(
          18,
          type(3),
          new Field(43, 8, address >> 12),
          new Field(79, 44, 0x1234),
          new Field(99, 80, pages),
          new Field(102, 100, unmaps ? 0 : 1),
          new Field(103, 103, unmaps ? 1 : 0),
          new Field(135, 104, 4),
          new Field(137, 136, 1));
    }

    Stream bind(long address, long sizeBytes, long resource) {
      return token(
          17,
          type(7),
          new Field(55, 8, address),
          new Field(99, 56, sizeBytes),
          new Field(135, 104, resource));
    }

    Stream cpuMap(long address, boolean unmaps) {
      return token(8, type(10), new Field(55, 8, address), new Field(56, 56, unmaps ? 1 : 0));
    }

    Stream misc(int code) {
      return token(2, type(5), new Field(11, 8, code));
    }

    Stream userdata(int payloadBytes) {
      token(4, type(4), new Field(31, 12, payloadBytes));
      bytes.writeBytes(new byte[payloadBytes]);
      return this;
    }

    /** The description of a descriptor pool tells its own size in its third byte. */
    Stream createResource(long resource, int type, int payloadBytes, int poolSizes) {
      token(7, type(13), new Field(39, 8, resource), new Field(55, 48, type));
      byte[] payload = new byte[payloadBytes];
      if (type == 14) {
        payload[2] = (byte) poolSizes;
      }
      bytes.writeBytes(payload);
      return this;
    }

    Stream destroyResource(long resource) {
      return token(5, type(15), new Field(39, 8, resource));
    }

    Stream raw(int... values) {
      for (int value : values) {
        bytes.write(value);
      }
      return this;
    }

    private static Field type(int type) {
      return new Field(3, 0, type);
    }

    private Stream token(int sizeBytes, Field... fields) {
      byte[] token = new byte[sizeBytes];
      for (Field field : fields) {
        for (int bit = field.low; bit <= field.high; bit++) {
          token[bit / 8] |= (byte) ((field.value >>> (bit - field.low) & 1) << (bit % 8));
        }
      }
      bytes.writeBytes(token);
      return this;
    }

    private record Field(int high, int low, long value) {}
  }

  private final List<Stream> streams = new ArrayList<>();

  Stream stream(int minorVersion) {
    Stream stream = new Stream(minorVersion);
    streams.add(stream);
    return stream;
  }

  /** Header, then chunk headers and data, then the index with one chunk of another kind first. */
  byte[] capture() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    index.writeBytes(entry("SystemInfo", 32, 0, 32, 0));
    for (Stream stream : streams) {
      long headerAt = 32L + body.size();
      body.writeBytes(
          little(24)
              .putLong(77)
              .putLong(stream.bytes.size())
              .putInt(1)
              .putShort((short) 1)
              .putShort((short) stream.minorVersion)
              .array());
      body.writeBytes(stream.bytes.toByteArray());
      index.writeBytes(entry("RmtData", headerAt, 24, headerAt + 24, stream.bytes.size()));
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(
        little(32)
            .put("AMD_RDF ".getBytes(StandardCharsets.US_ASCII))
            .putInt(3)
            .putInt(0)
            .putLong(32L + body.size())
            .putLong(index.size())
            .array());
    file.writeBytes(body.toByteArray());
    file.writeBytes(index.toByteArray());
    return file.toByteArray();
  }

  private static byte[] entry(String name, long headerAt, long header, long dataAt, long data) {
    return little(64)
        .put(0, name.getBytes(StandardCharsets.US_ASCII))
        .position(16)
        .putInt(0)
        .putInt(1)
        .putLong(headerAt)
        .putLong(header)
        .putLong(dataAt)
        .putLong(data)
        .putLong(0)
        .array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
