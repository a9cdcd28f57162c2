package org.bufferyard.actors.serialization;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.remote.Wire;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;

/** Reads the parts of a frame, references of actors among them. */
final class FrameInput extends BoundedInput {
  private static final int BYTES_MAX = 1 << 20;
  private static final List<Errno> ERRNOS = List.of(Errno.values());

  private final ActorRefResolver refs;

  FrameInput(ActorRefResolver refs) {
    this.refs = refs;
  }

  long unsignedLong() {
    return readVarLong(true);
  }

  int unsigned() {
    return readVarInt(true);
  }

  ByteString bytes() {
    byte[] bytes = new byte[count(BYTES_MAX, 1)];
    readBytes(bytes);
    return ByteString.fromArrayUnsafe(bytes);
  }

  Handle handle() {
    return new Handle(readLong(), readLong());
  }

  <T> ActorRef<T> ref() {
    return refs.resolveActorRef(text());
  }

  DmaDirection direction() {
    int code = readByte();
    return switch (code) {
      case 0 -> DmaDirection.TO_DEVICE;
      case 1 -> DmaDirection.FROM_DEVICE;
      case 2 -> DmaDirection.BIDIRECTIONAL;
      default -> throw new IllegalArgumentException("direction " + code);
    };
  }

  Errno errno() {
    int number = unsigned();
    for (Errno errno : ERRNOS) {
      if (errno.number() == number) {
        return errno;
      }
    }
    throw new IllegalArgumentException("errno " + number);
  }

  /** Of things that take at least {@code minBytesEach}. */
  <T> List<T> list(int minBytesEach, Function<FrameInput, T> reader) {
    int count = count(Wire.BATCH_MAX, minBytesEach);
    List<T> items = new ArrayList<>(count);
    for (int item = 0; item < count; item++) {
      items.add(reader.apply(this));
    }
    return items;
  }
}
