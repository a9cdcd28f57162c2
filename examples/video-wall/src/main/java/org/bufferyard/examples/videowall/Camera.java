package org.bufferyard.examples.videowall;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.bufferyard.actors.extension.EmbeddedYard;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.streams.Frame;
import org.bufferyard.actors.streams.YardStreams;

/** A camera: paints a moving picture into a new buffer for each frame, where the buffer lies. */
final class Camera {
  static final int WIDTH = 640;
  static final int HEIGHT = 360;
  static final int FRAME_BYTES = WIDTH * HEIGHT * Integer.BYTES;

  private final int number;
  private final EmbeddedYard yard;
  private final HostImporter importer;

  Camera(int number, EmbeddedYard yard) {
    this.number = number;
    this.yard = yard;
    this.importer = yard.importer("camera-" + number);
  }

  Source<Frame, NotUsed> frames(int count) {
    BufferSpec spec = BufferSpec.of("camera-" + number, FRAME_BYTES);
    return Source.range(1, count)
        .via(YardStreams.paint(yard.application(), importer, spec, this::paint));
  }

  private long paint(int time, MemoryView into) {
    long pixel = 0;
    for (int extent = 0; extent < into.extents(); extent++) {
      MemorySegment bytes = into.segment(extent);
      long pixels = bytes.byteSize() / Integer.BYTES;
      for (long at = 0; at < pixels; at++, pixel++) {
        int x = (int) (pixel % WIDTH);
        int y = (int) (pixel / WIDTH);
        bytes.setAtIndex(ValueLayout.JAVA_INT, at, (x + time * (number + 1)) << 8 | (y + time));
      }
    }
    into.put(0, new Stamp(number, time, System.nanoTime()).toBytes());
    return FRAME_BYTES;
  }

  /**
   * The first pixels of a frame say what it is.
   *
   * @param takenNanos when the camera had painted it
   */
  record Stamp(int camera, int time, long takenNanos) {
    static final int BYTES = 16;

    ByteBuffer toBytes() {
      return ByteBuffer.allocate(BYTES).putInt(camera).putInt(time).putLong(takenNanos).flip();
    }

    static Stamp of(MemoryView view) {
      ByteBuffer bytes = ByteBuffer.allocate(BYTES);
      view.get(0, bytes);
      bytes.flip();
      return new Stamp(bytes.getInt(), bytes.getInt(), bytes.getLong());
    }
  }
}
