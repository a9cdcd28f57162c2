package org.bufferyard.benchmarks.wire;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.actors.extension.YardSnapshot;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.remote.Wire;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.sg.SgTable;

/** The messages that are compared. Drawn from one fixed seed. */
public enum WireCase {
  MAP_REQUEST("map request", 0, 0),
  MAP_REPLY("map reply", 0, 0),
  ONE_OF_32("1 buffer of 32 segments", 1, 32),
  ONE_OF_1024("1 buffer of 1,024 segments", 1, 1024),
  THIRTY_TWO("32 buffers of 1 segment", 32, 1),
  THIRTY_TWO_OF_32("32 buffers of 32 segments", 32, 32),
  THOUSAND("1,024 buffers of 1 segment", 1024, 1),
  SNAPSHOT("snapshot of a yard of 8 importers", 0, 0);

  private final String label;
  private final int buffers;
  private final int segments;

  /** A batch of replies for {@code buffers}, or another message: 0. */
  WireCase(String label, int buffers, int segments) {
    this.label = label;
    this.buffers = buffers;
    this.segments = segments;
  }

  public String label() {
    return label;
  }

  /** Replies for many segments or buffers, rather than a single request or reply. */
  public boolean batch() {
    return buffers > 0;
  }

  /**
   * The message.
   *
   * @param importer who asks, in another process
   */
  public Object message(ActorRef<Wire.Event> importer) {
    return switch (this) {
      case MAP_REQUEST -> new Wire.Map(123_456, 17, DmaDirection.BIDIRECTIONAL, importer);
      case MAP_REPLY -> replies(1, 1).getFirst();
      case SNAPSHOT -> snapshot();
      case ONE_OF_32, ONE_OF_1024, THIRTY_TWO, THIRTY_TWO_OF_32, THOUSAND ->
          new Wire.MappedBatch(123_456, replies(buffers, segments));
    };
  }

  /** As a buddy allocator scatters them: runs of 1 to 16 pages anywhere in 64 GiB. */
  private static List<Wire.Mapped> replies(int buffers, int segments) {
    SplittableRandom random = new SplittableRandom(11);
    List<Wire.Mapped> replies = new ArrayList<>(buffers);
    for (int buffer = 0; buffer < buffers; buffer++) {
      long[] addresses = new long[segments];
      int[] lengths = new int[segments];
      for (int segment = 0; segment < segments; segment++) {
        int order = random.nextInt(5);
        addresses[segment] = random.nextLong(1L << (24 - order)) << (12 + order);
        lengths[segment] = 4096 << order;
      }
      replies.add(
          new Wire.Mapped(
              123_456,
              70_000 + buffer,
              1 + random.nextInt(5),
              SgTable.ofColumns(addresses, lengths)));
    }
    return replies;
  }

  private static YardSnapshot snapshot() {
    List<YardSnapshot.RegionUse> regions = new ArrayList<>();
    for (String name : List.of("MEMORY", "COMPRESSED", "FILE")) {
      regions.add(new YardSnapshot.RegionUse(name, 1L << 30, 700L << 20, 900L << 20, 812));
    }
    List<ImporterActor.Books> importers = new ArrayList<>();
    for (int importer = 0; importer < 8; importer++) {
      importers.add(new ImporterActor.Books("camera-" + importer, 40, 6, 2, 1_234_567, 3));
    }
    return new YardSnapshot("default", 1, regions, 2436, 51_234, 98_765, 1L << 38, 4, importers);
  }
}
