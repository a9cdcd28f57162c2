package org.bufferyard.actors.serialization;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.util.ByteString;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.jspecify.annotations.Nullable;

/** Writes the parts of a frame; {@link FrameInput} reads them. Not thread-safe. */
final class FrameOutput extends Output {
  private final ActorRefResolver refs;

  /** The last reference written, and how: a gateway's or importer's own comes again and again. */
  private @Nullable ActorRef<?> lastRef;

  private byte[] lastRefText = {};

  FrameOutput(int bufferBytes, int bytesMax, ActorRefResolver refs) {
    super(bufferBytes, bytesMax);
    this.refs = refs;
  }

  /** Seven bits a byte, so that small ones are short. */
  void unsigned(long number) {
    writeVarLong(number, true);
  }

  void unsigned(int number) {
    writeVarInt(number, true);
  }

  /** At most so many bytes of it as are read again. */
  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, BoundedInput.TEXT_BYTES_MAX);
    unsigned(length);
    writeBytes(utf8, 0, length);
  }

  void bytes(ByteString bytes) {
    unsigned(bytes.size());
    writeBytes(bytes.toArrayUnsafe());
  }

  void handle(Handle handle) {
    writeLong(handle.high());
    writeLong(handle.low());
  }

  void ref(ActorRef<?> ref) {
    if (!ref.equals(lastRef)) {
      lastRef = ref;
      lastRefText = refs.toSerializationFormat(ref).getBytes(StandardCharsets.UTF_8);
    }
    unsigned(lastRefText.length);
    writeBytes(lastRefText);
  }

  void direction(DmaDirection direction) {
    writeByte(
        switch (direction) {
          case TO_DEVICE -> 0;
          case FROM_DEVICE -> 1;
          case BIDIRECTIONAL -> 2;
        });
  }

  /** By Linux's number, which is stable. */
  void errno(Errno errno) {
    unsigned(errno.number());
  }

  <T> void list(List<T> items, BiConsumer<FrameOutput, T> writer) {
    unsigned(items.size());
    for (T item : items) {
      writer.accept(this, item);
    }
  }

  /** The buffer, with room for so many bytes at {@link #position()}. */
  byte[] withRoom(int lengthBytes) {
    require(lengthBytes);
    return buffer;
  }

  /** Bytes have been put into the buffer, up to here. */
  void putUpTo(int end) {
    position = end;
  }
}
