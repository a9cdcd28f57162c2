package org.bufferyard.actors.serialization;

import akka.actor.typed.ActorRefResolver;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One thread's Kryo and its buffers. A frame is: version, class id, fields; all of it, and nothing
 * behind it. Not thread-safe.
 */
final class WireCodec {
  /** The first byte of every frame; another one is refused. */
  static final int VERSION = 1;

  /** Ids of messages; those below are Kryo's own. */
  static final int FIRST_ID = 16;

  private static final int BUFFER_BYTES = 1 << 10;
  private static final int FRAME_BYTES_MAX = 16 << 20;

  /** Read from between frames, so that none is kept until the next. */
  private static final byte[] NOTHING = {};

  private final Kryo kryo = new Kryo();
  private final FrameOutput out;
  private final FrameInput in;

  WireCodec(ActorRefResolver refs) {
    this.out = new FrameOutput(BUFFER_BYTES, FRAME_BYTES_MAX, refs);
    this.in = new FrameInput(refs);
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    WireClasses.register(this);
  }

  /** A class under an id that it keeps for ever, and how it is written and read. */
  <T> void register(
      int id, Class<T> type, BiConsumer<FrameOutput, T> writer, Function<FrameInput, T> reader) {
    kryo.register(
        type,
        new Serializer<T>(false, true) {
          @Override
          public void write(Kryo same, Output frame, T message) {
            writer.accept((FrameOutput) frame, message);
          }

          @Override
          public T read(Kryo same, Input frame, Class<? extends T> asked) {
            return reader.apply((FrameInput) frame);
          }
        },
        id);
  }

  /** The frame, in this codec's own buffer: valid until the next one is written. */
  Output write(Object message) {
    out.reset();
    out.writeByte(VERSION);
    Registration registration = kryo.getRegistration(message.getClass());
    if (registration.getId() < FIRST_ID) {
      throw new IllegalArgumentException("no message: " + message.getClass());
    }
    out.unsigned(registration.getId());
    kryo.writeObject(out, message, registration.getSerializer());
    return out;
  }

  /**
   * Reads one frame.
   *
   * @throws IllegalArgumentException it is none; says what is wrong, in one line
   */
  Object read(byte[] frame, int lengthBytes) {
    try {
      in.setBuffer(frame, 0, lengthBytes);
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalArgumentException("version " + version + ", this is " + VERSION);
      }
      Object message = readMessage();
      if (in.position() != lengthBytes) {
        throw new IllegalArgumentException((lengthBytes - in.position()) + " bytes too many");
      }
      return message;
    } catch (KryoException e) {
      throw new IllegalArgumentException(firstLine(e), e);
    } finally {
      in.setBuffer(NOTHING);
    }
  }

  /**
   * By the class's id alone: Kryo itself would take a name here too, and registers strings and
   * boxes, and takes memory for whatever length they say.
   */
  // A registration does not say that its serializer is for its type.
  @SuppressWarnings("unchecked")
  private Object readMessage() {
    int id = in.unsigned();
    Registration registration = id < FIRST_ID ? null : kryo.getRegistration(id);
    if (registration == null) {
      throw new IllegalArgumentException("no message has id " + id);
    }
    return kryo.readObject(
        in,
        (Class<Object>) registration.getType(),
        (Serializer<Object>) registration.getSerializer());
  }

  private static String firstLine(RuntimeException e) {
    String text = String.valueOf(e.getMessage());
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
