package org.bufferyard.simulator.snapshot;

import com.esotericsoftware.kryo.io.Output;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.bufferyard.actors.serialization.BoundedInput;

/**
 * Writes a snapshot: a line that says what the file is, and frames. Each frame is its length in
 * four bytes, then as between processes: a version, a class id, fields of variable length. The last
 * one holds a checksum of all before it.
 */
final class SnapshotWriter {
  static final byte[] HEAD = "bufferyard-snapshot\n".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;
  static final int FRAME_BYTES_MAX = 1 << 20;

  static final int RUN = 1;
  static final int PICKS = 2;
  static final int PARTS = 3;
  static final int END = 4;

  /** What one frame holds of a column at most: far below its limit. */
  static final int CHUNK = 1 << 15;

  private static final int PARTS_CHUNK = 1 << 7;

  private final CRC32C crc = new CRC32C();
  private final DataOutputStream to;
  private final Output frame = new Output(1 << 12, FRAME_BYTES_MAX);

  private SnapshotWriter(OutputStream file) {
    to = new DataOutputStream(new CheckedOutputStream(file, crc));
  }

  static void write(Snapshot snapshot, Path file) throws IOException {
    try (OutputStream stream = new java.io.BufferedOutputStream(Files.newOutputStream(file))) {
      SnapshotWriter writer = new SnapshotWriter(stream);
      writer.to.write(HEAD);
      writer.run(snapshot);
      writer.picks(snapshot.moment().picks());
      writer.parts(snapshot.moment().parts());
      writer.end();
    }
  }

  private void begin(int id) {
    frame.reset();
    frame.writeByte(VERSION);
    frame.writeVarInt(id, true);
  }

  private void finish() throws IOException {
    to.writeInt(frame.position());
    to.write(frame.getBuffer(), 0, frame.position());
  }

  private void run(Snapshot snapshot) throws IOException {
    begin(RUN);
    text(snapshot.version());
    frame.writeVarInt(snapshot.words().size(), true);
    for (Snapshot.Word word : snapshot.words()) {
      text(word.name());
      text(word.text());
    }
    hashes(snapshot.scenario().entrySet().iterator(), snapshot.scenario().size());
    frame.writeVarLong(snapshot.moment().event(), true);
    frame.writeVarLong(snapshot.moment().nanos(), true);
    frame.writeLong(snapshot.moment().eventHash());
    finish();
  }

  private void picks(int[] picks) throws IOException {
    for (int from = 0; from < picks.length; from += CHUNK) {
      begin(PICKS);
      int count = Math.min(CHUNK, picks.length - from);
      frame.writeVarInt(count, true);
      for (int i = from; i < from + count; i++) {
        frame.writeVarInt(picks[i], false);
      }
      finish();
    }
  }

  private void parts(Map<String, Long> parts) throws IOException {
    Iterator<Map.Entry<String, Long>> rest = parts.entrySet().iterator();
    for (int left = parts.size(); left > 0; left -= PARTS_CHUNK) {
      begin(PARTS);
      hashes(rest, Math.min(PARTS_CHUNK, left));
      finish();
    }
  }

  private void hashes(Iterator<Map.Entry<String, Long>> from, int count) throws IOException {
    frame.writeVarInt(count, true);
    for (int i = 0; i < count; i++) {
      Map.Entry<String, Long> each = from.next();
      text(each.getKey());
      frame.writeLong(each.getValue());
    }
  }

  private void end() throws IOException {
    begin(END);
    frame.writeLong(crc.getValue());
    finish();
  }

  private void text(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > BoundedInput.TEXT_BYTES_MAX) {
      throw new IOException(
          "'%s...' is longer than %d bytes"
              .formatted(text.substring(0, 40), BoundedInput.TEXT_BYTES_MAX));
    }
    frame.writeVarInt(utf8.length, true);
    frame.writeBytes(utf8);
  }
}
