package org.bufferyard.examples.videowall;

import akka.NotUsed;
import akka.stream.javadsl.Flow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.streams.Frame;
import org.bufferyard.actors.streams.Leased;
import org.bufferyard.actors.streams.YardStreams;
import org.bufferyard.allocator.DmaDirection;

/** Draws a bright border, in the camera's own buffer: it got the handle, not a copy. */
final class Effect {
  private static final int WHITE = 0xffffff;
  private static final int BORDER = 8;

  static Flow<Frame, Frame, NotUsed> border(HostImporter importer) {
    return YardStreams.passTo(importer)
        .via(YardStreams.frames(DmaDirection.BIDIRECTIONAL, 1))
        .map(Effect::draw);
  }

  private static Frame draw(Leased<Frame> leased) {
    try (leased;
        MemoryView view = leased.mapping().open()) {
      long first = 0;
      for (int extent = 0; extent < view.extents(); extent++) {
        MemorySegment bytes = view.segment(extent);
        long pixels = bytes.byteSize() / Integer.BYTES;
        for (long at = 0; at < pixels; at++) {
          if (isBorder(first + at)) {
            bytes.setAtIndex(ValueLayout.JAVA_INT, at, WHITE);
          }
        }
        first += pixels;
      }
    }
    return leased.element();
  }

  /** But for the pixels that hold the stamp. */
  private static boolean isBorder(long pixel) {
    long x = pixel % Camera.WIDTH;
    long y = pixel / Camera.WIDTH;
    boolean edge =
        x < BORDER || x >= Camera.WIDTH - BORDER || y < BORDER || y >= Camera.HEIGHT - BORDER;
    return edge && pixel >= Camera.Stamp.BYTES / Integer.BYTES;
  }

  private Effect() {}
}
