package org.bufferyard.actors.serialization;

import org.bufferyard.actors.remote.Wire;
import org.bufferyard.allocator.Refusal;

/** What a gateway says to importers: ids 64 to 95. */
final class EventClasses {
  /** Token, mapping, generation, and the table's unit and count. */
  private static final int MAPPED_BYTES_MIN = 5;

  private EventClasses() {}

  static void register(WireCodec codec) {
    codec.register(
        64,
        Wire.Attached.class,
        (out, attached) -> {
          out.unsigned(attached.token());
          out.unsigned(attached.attachment());
          out.unsigned(attached.sizeBytes());
        },
        in -> new Wire.Attached(in.unsignedLong(), in.unsigned(), in.unsignedLong()));
    codec.register(65, Wire.Mapped.class, EventClasses::write, EventClasses::readMapped);
    codec.register(
        66,
        Wire.MappedBatch.class,
        (out, batch) -> {
          out.unsigned(batch.token());
          out.list(batch.mappings(), EventClasses::write);
        },
        in ->
            new Wire.MappedBatch(
                in.unsignedLong(), in.list(MAPPED_BYTES_MIN, EventClasses::readMapped)));
    codec.register(
        67,
        Wire.Chunk.class,
        (out, chunk) -> {
          out.unsigned(chunk.token());
          out.unsigned(chunk.mapping());
          out.unsigned(chunk.offset());
          out.bytes(chunk.bytes());
        },
        in -> new Wire.Chunk(in.unsignedLong(), in.unsigned(), in.unsignedLong(), in.bytes()));
    codec.register(
        71,
        Wire.Refused.class,
        (out, refused) -> {
          out.unsigned(refused.token());
          out.errno(refused.refusal().errno());
          out.text(refused.refusal().reason());
          out.text(refused.refusal().wouldHelp());
        },
        in -> new Wire.Refused(in.unsignedLong(), new Refusal(in.errno(), in.text(), in.text())));
    receipts(codec);
  }

  /** Two numbers each. */
  private static void receipts(WireCodec codec) {
    codec.register(
        68,
        Wire.Stored.class,
        (out, stored) -> pair(out, stored.token(), stored.mapping()),
        in -> new Wire.Stored(in.unsignedLong(), in.unsigned()));
    codec.register(
        69,
        Wire.Unmapped.class,
        (out, unmapped) -> pair(out, unmapped.token(), unmapped.mapping()),
        in -> new Wire.Unmapped(in.unsignedLong(), in.unsigned()));
    codec.register(
        70,
        Wire.Detached.class,
        (out, detached) -> pair(out, detached.token(), detached.attachment()),
        in -> new Wire.Detached(in.unsignedLong(), in.unsigned()));
    codec.register(
        72,
        Wire.Invalidate.class,
        (out, invalidate) -> {
          out.unsigned(invalidate.attachment());
          out.unsigned(invalidate.generation());
        },
        in -> new Wire.Invalidate(in.unsigned(), in.unsignedLong()));
  }

  private static void pair(FrameOutput out, long token, int number) {
    out.unsigned(token);
    out.unsigned(number);
  }

  private static void write(FrameOutput out, Wire.Mapped mapped) {
    out.unsigned(mapped.token());
    out.unsigned(mapped.mapping());
    out.unsigned(mapped.generation());
    SgTableCodec.write(out, mapped.table());
  }

  private static Wire.Mapped readMapped(FrameInput in) {
    return new Wire.Mapped(
        in.unsignedLong(), in.unsigned(), in.unsignedLong(), SgTableCodec.read(in));
  }
}
