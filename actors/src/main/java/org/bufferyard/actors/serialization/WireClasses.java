package org.bufferyard.actors.serialization;

import org.bufferyard.actors.extension.YardSnapshot;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.remote.Wire;
import org.bufferyard.allocator.sg.SgTable;

/**
 * Every class a frame may hold, its id and its fields in order. An id is never used for another
 * class; a field is never added to one: what changes gets a new id. Here those that are no message
 * of {@link Wire}'s two sides.
 */
final class WireClasses {
  /** A name and four numbers. */
  private static final int REGION_BYTES_MIN = 5;

  /** A name and five numbers. */
  private static final int IMPORTER_BYTES_MIN = 6;

  private WireClasses() {}

  static void register(WireCodec codec) {
    codec.register(
        16,
        Wire.RemoteBuffer.class,
        (out, buffer) -> {
          out.ref(buffer.gateway());
          out.handle(buffer.handle());
          out.unsigned(buffer.buffer());
          out.unsigned(buffer.sizeBytes());
        },
        in -> new Wire.RemoteBuffer(in.ref(), in.handle(), in.unsignedLong(), in.unsignedLong()));
    codec.register(17, SgTable.class, SgTableCodec::write, SgTableCodec::read);
    codec.register(18, YardSnapshot.class, WireClasses::write, WireClasses::read);
    CommandClasses.register(codec);
    EventClasses.register(codec);
  }

  private static void write(FrameOutput out, YardSnapshot snapshot) {
    out.text(snapshot.yard());
    out.unsigned(snapshot.epoch());
    out.list(snapshot.regions(), WireClasses::write);
    out.unsigned(snapshot.buffers());
    out.unsigned(snapshot.evictions());
    out.unsigned(snapshot.moves());
    out.unsigned(snapshot.movedBytes());
    out.unsigned(snapshot.movesInFlight());
    out.list(snapshot.importers(), WireClasses::write);
  }

  private static YardSnapshot read(FrameInput in) {
    return new YardSnapshot(
        in.text(),
        in.unsignedLong(),
        in.list(REGION_BYTES_MIN, WireClasses::readRegion),
        in.unsignedLong(),
        in.unsignedLong(),
        in.unsignedLong(),
        in.unsignedLong(),
        in.unsigned(),
        in.list(IMPORTER_BYTES_MIN, WireClasses::readImporter));
  }

  private static void write(FrameOutput out, YardSnapshot.RegionUse region) {
    out.text(region.name());
    out.unsigned(region.capacityBytes());
    out.unsigned(region.usedBytes());
    out.unsigned(region.peakBytes());
    out.unsigned(region.residents());
  }

  private static YardSnapshot.RegionUse readRegion(FrameInput in) {
    return new YardSnapshot.RegionUse(
        in.text(), in.unsignedLong(), in.unsignedLong(), in.unsignedLong(), in.unsigned());
  }

  private static void write(FrameOutput out, ImporterActor.Books books) {
    out.text(books.importer());
    out.unsigned(books.attachments());
    out.unsigned(books.openLeases());
    out.unsigned(books.waiting());
    out.unsigned(books.granted());
    out.unsigned(books.reclaimed());
  }

  private static ImporterActor.Books readImporter(FrameInput in) {
    return new ImporterActor.Books(
        in.text(),
        in.unsigned(),
        in.unsigned(),
        in.unsigned(),
        in.unsignedLong(),
        in.unsignedLong());
  }
}
