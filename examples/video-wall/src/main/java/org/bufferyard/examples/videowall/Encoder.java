package org.bufferyard.examples.videowall;

import akka.NotUsed;
import akka.stream.javadsl.Flow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.streams.Frame;
import org.bufferyard.actors.streams.Leased;
import org.bufferyard.actors.streams.YardStreams;
import org.bufferyard.allocator.DmaDirection;

/**
 * Reads each frame where it lies, and keeps the last ones of each camera for a replay: more than
 * memory holds, so the oldest wait in the file, and come back when they are shown again.
 */
final class Encoder {
  /** Of each camera: 4 x 16 frames of 0.9 MiB in 16 MiB of memory. */
  static final int REPLAY = 16;

  /** Every so many frames of a camera, one that is half as old as the oldest is shown again. */
  private static final int REPLAY_EVERY = 4;

  private final HostImporter importer;
  private final List<ArrayDeque<Frame>> kept = new ArrayList<>();
  private final Report report;

  Encoder(HostImporter importer, int cameras, Report report) {
    this.importer = importer;
    this.report = report;
    for (int camera = 0; camera < cameras; camera++) {
      kept.add(new ArrayDeque<>());
    }
  }

  Flow<Frame, Integer, NotUsed> encode() {
    return YardStreams.passTo(importer)
        .via(YardStreams.frames(DmaDirection.TO_DEVICE, 1))
        .mapConcat(this::keepAndReplay)
        .via(YardStreams.mapFlow(Frame::attachment, DmaDirection.TO_DEVICE, 1))
        .map(this::readAgain);
  }

  /** What is to be shown again after this frame. */
  private List<Frame> keepAndReplay(Leased<Frame> leased) {
    Camera.Stamp stamp;
    try (leased;
        MemoryView view = leased.mapping().open()) {
      stamp = Camera.Stamp.of(view);
      report.frame(stamp, checksum(view), System.nanoTime());
    }
    ArrayDeque<Frame> ring = kept.get(stamp.camera());
    ring.addLast(leased.element());
    if (ring.size() > REPLAY) {
      ring.removeFirst().close();
    }
    // Not the oldest one, which the next frame closes.
    return stamp.time() % REPLAY_EVERY == 0
        ? ring.stream().skip(ring.size() / 2).limit(1).toList()
        : List.of();
  }

  private Integer readAgain(Leased<Frame> leased) {
    try (leased;
        MemoryView view = leased.mapping().open()) {
      report.replayed(Camera.Stamp.of(view), checksum(view));
    }
    return 1;
  }

  private static long checksum(MemoryView view) {
    CRC32C crc = new CRC32C();
    for (int extent = 0; extent < view.extents(); extent++) {
      crc.update(view.segment(extent).asByteBuffer());
    }
    return crc.getValue();
  }

  /** The show is over. */
  void close() {
    kept.forEach(ring -> ring.forEach(Frame::close));
  }
}
