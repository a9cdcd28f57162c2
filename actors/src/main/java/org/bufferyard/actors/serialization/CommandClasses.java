package org.bufferyard.actors.serialization;

import org.bufferyard.actors.remote.Wire;

/** What importers ask of a gateway: ids 32 to 63. */
final class CommandClasses {
  private CommandClasses() {}

  static void register(WireCodec codec) {
    attachments(codec);
    maps(codec);
    bytes(codec);
  }

  private static void attachments(WireCodec codec) {
    codec.register(
        32,
        Wire.Attach.class,
        (out, attach) -> {
          out.unsigned(attach.token());
          out.handle(attach.handle());
          out.ref(attach.importer());
        },
        in -> new Wire.Attach(in.unsignedLong(), in.handle(), in.ref()));
    codec.register(
        38,
        Wire.Detach.class,
        (out, detach) -> {
          out.unsigned(detach.token());
          out.unsigned(detach.attachment());
          out.ref(detach.importer());
        },
        in -> new Wire.Detach(in.unsignedLong(), in.unsigned(), in.ref()));
  }

  private static void maps(WireCodec codec) {
    codec.register(
        33,
        Wire.Map.class,
        (out, map) -> {
          out.unsigned(map.token());
          out.unsigned(map.attachment());
          out.direction(map.direction());
          out.ref(map.importer());
        },
        in -> new Wire.Map(in.unsignedLong(), in.unsigned(), in.direction(), in.ref()));
    codec.register(
        34,
        Wire.MapBatch.class,
        (out, batch) -> {
          out.unsigned(batch.token());
          out.list(batch.attachments(), FrameOutput::unsigned);
          out.direction(batch.direction());
          out.ref(batch.importer());
        },
        in ->
            new Wire.MapBatch(
                in.unsignedLong(), in.list(1, FrameInput::unsigned), in.direction(), in.ref()));
    codec.register(
        37,
        Wire.Unmap.class,
        (out, unmap) -> {
          out.unsigned(unmap.token());
          out.unsigned(unmap.mapping());
          out.ref(unmap.importer());
        },
        in -> new Wire.Unmap(in.unsignedLong(), in.unsigned(), in.ref()));
  }

  private static void bytes(WireCodec codec) {
    codec.register(
        35,
        Wire.Fetch.class,
        (out, fetch) -> {
          out.unsigned(fetch.token());
          out.unsigned(fetch.mapping());
          out.unsigned(fetch.offset());
          out.unsigned(fetch.lengthBytes());
          out.ref(fetch.importer());
        },
        in ->
            new Wire.Fetch(
                in.unsignedLong(), in.unsigned(), in.unsignedLong(), in.unsigned(), in.ref()));
    codec.register(
        36,
        Wire.Store.class,
        (out, store) -> {
          out.unsigned(store.token());
          out.unsigned(store.mapping());
          out.unsigned(store.offset());
          out.bytes(store.bytes());
          out.ref(store.importer());
        },
        in ->
            new Wire.Store(
                in.unsignedLong(), in.unsigned(), in.unsignedLong(), in.bytes(), in.ref()));
  }
}
