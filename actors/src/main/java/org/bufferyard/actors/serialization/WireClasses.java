package org.bufferyard.actors.serialization;

import akka.util.ByteString;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bufferyard.actors.extension.YardSnapshot;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.remote.Wire;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgTable;

/**
 * Every class a frame may hold, its id and its fields in order. An id is never used for another
 * class; a field is never added to one: what changes gets a new id.
 */
final class WireClasses {
  private static final List<Errno> ERRNOS = List.of(Errno.values());

  private WireClasses() {}

  static void register(WireCodec codec) {
    handles(codec);
    snapshots(codec);
    commands(codec);
    events(codec);
  }

  private interface Writer<T> {
    void write(WireCodec codec, Output out, T message);
  }

  private interface Reader<T> {
    T read(WireCodec codec, Input in);
  }

  private static <T> void register(
      WireCodec codec, int id, Class<T> type, Writer<T> writer, Reader<T> reader) {
    codec.register(
        id,
        type,
        new WireCodec.Fields<>() {
          @Override
          public void write(WireCodec same, Output out, T message) {
            writer.write(same, out, message);
          }

          @Override
          public T read(WireCodec same, Input in) {
            return reader.read(same, in);
          }
        });
  }

  private static void handles(WireCodec codec) {
    register(
        codec,
        16,
        Wire.RemoteBuffer.class,
        (c, out, m) -> {
          c.writeRef(out, m.gateway());
          handle(out, m.handle());
          out.writeVarLong(m.buffer(), true);
          out.writeVarLong(m.sizeBytes(), true);
        },
        (c, in) ->
            new Wire.RemoteBuffer(
                c.readRef(in), handle(in), in.readVarLong(true), in.readVarLong(true)));
    register(
        codec,
        17,
        SgTable.class,
        (c, out, m) -> SgTableCodec.write(out, m),
        (c, in) -> SgTableCodec.read(in));
  }

  private static void snapshots(WireCodec codec) {
    register(
        codec,
        18,
        YardSnapshot.class,
        (c, out, m) -> {
          WireCodec.writeText(out, m.yard());
          token(out, m.epoch());
          list(out, m.regions(), WireClasses::region);
          token(out, m.buffers());
          token(out, m.evictions());
          token(out, m.moves());
          token(out, m.movedBytes());
          number(out, m.movesInFlight());
          list(out, m.importers(), WireClasses::importer);
        },
        (c, in) ->
            new YardSnapshot(
                FrameInput.text(in),
                token(in),
                list(in, REGION_BYTES, WireClasses::region),
                token(in),
                token(in),
                token(in),
                token(in),
                number(in),
                list(in, IMPORTER_BYTES, WireClasses::importer)));
  }

  private static final int REGION_BYTES = 5;
  private static final int IMPORTER_BYTES = 6;

  private static void region(Output out, YardSnapshot.RegionUse region) {
    WireCodec.writeText(out, region.name());
    token(out, region.capacityBytes());
    token(out, region.usedBytes());
    token(out, region.peakBytes());
    number(out, region.residents());
  }

  private static YardSnapshot.RegionUse region(Input in) {
    return new YardSnapshot.RegionUse(
        FrameInput.text(in), token(in), token(in), token(in), number(in));
  }

  private static void importer(Output out, ImporterActor.Books books) {
    WireCodec.writeText(out, books.importer());
    number(out, books.attachments());
    number(out, books.openLeases());
    number(out, books.waiting());
    token(out, books.granted());
    token(out, books.reclaimed());
  }

  private static ImporterActor.Books importer(Input in) {
    return new ImporterActor.Books(
        FrameInput.text(in), number(in), number(in), number(in), token(in), token(in));
  }

  private static void commands(WireCodec codec) {
    register(
        codec,
        32,
        Wire.Attach.class,
        (c, out, m) -> {
          token(out, m.token());
          handle(out, m.handle());
          c.writeRef(out, m.importer());
        },
        (c, in) -> new Wire.Attach(token(in), handle(in), c.readRef(in)));
    register(
        codec,
        33,
        Wire.Map.class,
        (c, out, m) -> {
          token(out, m.token());
          number(out, m.attachment());
          out.writeByte(code(m.direction()));
          c.writeRef(out, m.importer());
        },
        (c, in) -> new Wire.Map(token(in), number(in), direction(in), c.readRef(in)));
    register(
        codec,
        34,
        Wire.MapBatch.class,
        (c, out, m) -> {
          token(out, m.token());
          list(out, m.attachments(), WireClasses::number);
          out.writeByte(code(m.direction()));
          c.writeRef(out, m.importer());
        },
        (c, in) ->
            new Wire.MapBatch(
                token(in), list(in, 1, WireClasses::number), direction(in), c.readRef(in)));
    register(
        codec,
        35,
        Wire.Fetch.class,
        (c, out, m) -> {
          token(out, m.token());
          number(out, m.mapping());
          out.writeVarLong(m.offset(), true);
          number(out, m.lengthBytes());
          c.writeRef(out, m.importer());
        },
        (c, in) ->
            new Wire.Fetch(token(in), number(in), in.readVarLong(true), number(in), c.readRef(in)));
    register(
        codec,
        36,
        Wire.Store.class,
        (c, out, m) -> {
          token(out, m.token());
          number(out, m.mapping());
          out.writeVarLong(m.offset(), true);
          bytes(out, m.bytes());
          c.writeRef(out, m.importer());
        },
        (c, in) ->
            new Wire.Store(
                token(in), number(in), in.readVarLong(true), FrameInput.bytes(in), c.readRef(in)));
    register(
        codec,
        37,
        Wire.Unmap.class,
        (c, out, m) -> {
          token(out, m.token());
          number(out, m.mapping());
          c.writeRef(out, m.importer());
        },
        (c, in) -> new Wire.Unmap(token(in), number(in), c.readRef(in)));
    register(
        codec,
        38,
        Wire.Detach.class,
        (c, out, m) -> {
          token(out, m.token());
          number(out, m.attachment());
          c.writeRef(out, m.importer());
        },
        (c, in) -> new Wire.Detach(token(in), number(in), c.readRef(in)));
  }

  private static void events(WireCodec codec) {
    register(
        codec,
        64,
        Wire.Attached.class,
        (c, out, m) -> {
          token(out, m.token());
          number(out, m.attachment());
          out.writeVarLong(m.sizeBytes(), true);
        },
        (c, in) -> new Wire.Attached(token(in), number(in), in.readVarLong(true)));
    register(codec, 65, Wire.Mapped.class, (c, out, m) -> mapped(out, m), (c, in) -> mapped(in));
    register(
        codec,
        66,
        Wire.MappedBatch.class,
        (c, out, m) -> {
          token(out, m.token());
          list(out, m.mappings(), WireClasses::mapped);
        },
        (c, in) -> new Wire.MappedBatch(token(in), list(in, MAPPED_BYTES, WireClasses::mapped)));
    register(
        codec,
        67,
        Wire.Chunk.class,
        (c, out, m) -> {
          token(out, m.token());
          number(out, m.mapping());
          out.writeVarLong(m.offset(), true);
          bytes(out, m.bytes());
        },
        (c, in) ->
            new Wire.Chunk(token(in), number(in), in.readVarLong(true), FrameInput.bytes(in)));
    pair(codec, 68, Wire.Stored.class, Wire.Stored::token, Wire.Stored::mapping, Wire.Stored::new);
    pair(
        codec,
        69,
        Wire.Unmapped.class,
        Wire.Unmapped::token,
        Wire.Unmapped::mapping,
        Wire.Unmapped::new);
    pair(
        codec,
        70,
        Wire.Detached.class,
        Wire.Detached::token,
        Wire.Detached::attachment,
        Wire.Detached::new);
    register(
        codec,
        71,
        Wire.Refused.class,
        (c, out, m) -> {
          token(out, m.token());
          number(out, m.refusal().errno().number());
          WireCodec.writeText(out, m.refusal().reason());
          WireCodec.writeText(out, m.refusal().wouldHelp());
        },
        (c, in) ->
            new Wire.Refused(
                token(in), new Refusal(errno(in), FrameInput.text(in), FrameInput.text(in))));
    register(
        codec,
        72,
        Wire.Invalidate.class,
        (c, out, m) -> {
          number(out, m.attachment());
          token(out, m.generation());
        },
        (c, in) -> new Wire.Invalidate(number(in), token(in)));
  }

  private interface OfTwo<T> {
    T of(long token, int number);
  }

  private static <T> void pair(
      WireCodec codec,
      int id,
      Class<T> type,
      Function<T, Long> first,
      Function<T, Integer> second,
      OfTwo<T> maker) {
    register(
        codec,
        id,
        type,
        (c, out, m) -> {
          token(out, first.apply(m));
          number(out, second.apply(m));
        },
        (c, in) -> maker.of(token(in), number(in)));
  }

  /** Token, mapping, generation, and the table's unit and count. */
  private static final int MAPPED_BYTES = 5;

  private static void mapped(Output out, Wire.Mapped mapped) {
    token(out, mapped.token());
    number(out, mapped.mapping());
    token(out, mapped.generation());
    SgTableCodec.write(out, mapped.table());
  }

  private static Wire.Mapped mapped(Input in) {
    return new Wire.Mapped(token(in), number(in), token(in), SgTableCodec.read(in));
  }

  private static void token(Output out, long token) {
    out.writeVarLong(token, true);
  }

  private static long token(Input in) {
    return in.readVarLong(true);
  }

  private static void number(Output out, int number) {
    out.writeVarInt(number, true);
  }

  private static int number(Input in) {
    return in.readVarInt(true);
  }

  private static void handle(Output out, Handle handle) {
    out.writeLong(handle.high());
    out.writeLong(handle.low());
  }

  private static Handle handle(Input in) {
    return new Handle(in.readLong(), in.readLong());
  }

  private static int code(DmaDirection direction) {
    return switch (direction) {
      case TO_DEVICE -> 0;
      case FROM_DEVICE -> 1;
      case BIDIRECTIONAL -> 2;
    };
  }

  private static DmaDirection direction(Input in) {
    int code = in.readByte();
    return switch (code) {
      case 0 -> DmaDirection.TO_DEVICE;
      case 1 -> DmaDirection.FROM_DEVICE;
      case 2 -> DmaDirection.BIDIRECTIONAL;
      default -> throw new IllegalArgumentException("direction " + code);
    };
  }

  /** By Linux's number, which is stable. */
  private static Errno errno(Input in) {
    int number = number(in);
    for (Errno errno : ERRNOS) {
      if (errno.number() == number) {
        return errno;
      }
    }
    throw new IllegalArgumentException("errno " + number);
  }

  private static void bytes(Output out, ByteString bytes) {
    out.writeVarInt(bytes.size(), true);
    out.writeBytes(bytes.toArrayUnsafe());
  }

  private static <T> void list(Output out, List<T> items, BiConsumer<Output, T> writer) {
    out.writeVarInt(items.size(), true);
    items.forEach(item -> writer.accept(out, item));
  }

  private static <T> List<T> list(Input in, int bytesEach, Function<Input, T> reader) {
    int count = FrameInput.count(in, Wire.BATCH_MAX, bytesEach);
    List<T> items = new ArrayList<>(count);
    for (int item = 0; item < count; item++) {
      items.add(reader.apply(in));
    }
    return items;
  }
}
