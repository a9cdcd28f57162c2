package org.bufferyard.simulator.snapshot;

import com.esotericsoftware.kryo.KryoException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.bufferyard.actors.serialization.BoundedInput;
import org.bufferyard.simulator.run.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link SnapshotWriter} wrote. Nothing that a file says is believed: each length is
 * compared with its limit and with what is left before memory is taken for it, and no more is ever
 * held than a few times what was read.
 */
final class SnapshotReader {
  /** What is wrong with the file. */
  static final class Bad extends Exception {
    private static final long serialVersionUID = 1;

    Bad(String text) {
      super(text, null, false, false);
    }
  }

  private static final int WORDS_MAX = 10_000;
  private static final int PICK_BYTES = 1;
  private static final int HASH_BYTES = 9;

  private final CRC32C crc = new CRC32C();
  private final DataInputStream from;
  private final List<Snapshot.Word> words = new ArrayList<>();
  private final SortedMap<String, Long> scenario = new TreeMap<>();
  private final SortedMap<String, Long> parts = new TreeMap<>();
  private @Nullable String version;
  private long event;
  private long nanos;
  private long eventHash;
  private int[] picks = {};
  private int pickCount;
  private boolean ended;

  private SnapshotReader(InputStream file) {
    from = new DataInputStream(new CheckedInputStream(file, crc));
  }

  static Snapshot read(Path file) throws IOException, Bad {
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
      return new SnapshotReader(stream).read();
    }
  }

  private Snapshot read() throws IOException, Bad {
    byte[] head = from.readNBytes(SnapshotWriter.HEAD.length);
    if (!Arrays.equals(head, SnapshotWriter.HEAD)) {
      throw new Bad("is no snapshot");
    }
    for (int number = 1; !ended; number++) {
      frame(number);
    }
    if (from.read() >= 0) {
      throw new Bad("goes on after its end");
    }
    String madeBy = version;
    if (madeBy == null) {
      throw new Bad("says nothing of its run");
    }
    return new Snapshot(
        madeBy,
        words,
        scenario,
        new Checkpoint.Moment(event, nanos, eventHash, parts, Arrays.copyOf(picks, pickCount)));
  }

  private void frame(int number) throws IOException, Bad {
    long before = crc.getValue();
    try {
      int length = from.readInt();
      if (length < 2 || length > SnapshotWriter.FRAME_BYTES_MAX) {
        throw new Bad("frame " + number + ": length " + Integer.toUnsignedString(length));
      }
      byte[] bytes = from.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException();
      }
      fields(number, bytes, before);
    } catch (EOFException cut) {
      throw new Bad("is cut short, in frame " + number);
    } catch (KryoException | IllegalArgumentException malformed) {
      throw new Bad("frame " + number + ": " + firstLine(malformed));
    }
  }

  private void fields(int number, byte[] bytes, long crcBefore) throws Bad {
    try (BoundedInput in = new BoundedInput()) {
      in.setBuffer(bytes);
      int frameVersion = in.readByte();
      if (frameVersion != SnapshotWriter.VERSION) {
        throw new Bad(
            "frame %d: version %d, this reads %d"
                .formatted(number, frameVersion, SnapshotWriter.VERSION));
      }
      int id = in.readVarInt(true);
      if ((number == 1) != (id == SnapshotWriter.RUN)) {
        throw new Bad("frame " + number + " is out of place");
      }
      switch (id) {
        case SnapshotWriter.RUN -> run(in);
        case SnapshotWriter.PICKS -> picks(in);
        case SnapshotWriter.PARTS -> hashes(in, parts);
        case SnapshotWriter.END -> end(in, crcBefore);
        default -> throw new Bad("frame " + number + ": no frame has id " + id);
      }
      if (in.position() != bytes.length) {
        throw new Bad(
            "frame %d: %d bytes too many".formatted(number, bytes.length - in.position()));
      }
    }
  }

  private void run(BoundedInput in) throws Bad {
    version = in.text();
    int count = in.count(WORDS_MAX, 2);
    for (int i = 0; i < count; i++) {
      words.add(new Snapshot.Word(in.text(), in.text()));
    }
    hashes(in, scenario);
    event = in.readVarLong(true);
    nanos = in.readVarLong(true);
    eventHash = in.readLong();
    if (event < 0 || nanos < 0) {
      throw new Bad("frame 1: event " + event + " at " + nanos + " ns");
    }
  }

  private void picks(BoundedInput in) {
    int count = in.count(SnapshotWriter.CHUNK, PICK_BYTES);
    if (pickCount + count > picks.length) {
      picks = Arrays.copyOf(picks, Math.max(2 * picks.length, pickCount + count));
    }
    for (int i = 0; i < count; i++) {
      picks[pickCount++] = in.readVarInt(false);
    }
  }

  private static void hashes(BoundedInput in, SortedMap<String, Long> into) {
    int count = in.count(BoundedInput.COUNT_MAX, HASH_BYTES);
    for (int i = 0; i < count; i++) {
      into.put(in.text(), in.readLong());
    }
  }

  private void end(BoundedInput in, long crcBefore) throws Bad {
    if (in.readLong() != crcBefore) {
      throw new Bad("is damaged: its checksum does not fit");
    }
    ended = true;
  }

  private static String firstLine(RuntimeException fault) {
    String text = String.valueOf(fault.getMessage());
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
