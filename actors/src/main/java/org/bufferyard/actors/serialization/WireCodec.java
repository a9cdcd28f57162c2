package org.bufferyard.actors.serialization;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One thread's Kryo and its buffer. A frame is: version, class id, fields; all of it, and nothing
 * behind it. Not thread-safe.
 */
final class WireCodec {
  /** The first byte of every frame; another one is refused. */
  static final int VERSION = 1;

  /** Ids of messages; those below are Kryo's own. */
  static final int FIRST_ID = 16;

  private static final int BUFFER_BYTES = 1 << 10;
  private static final int FRAME_BYTES_MAX = 16 << 20;

  private final Kryo kryo = new Kryo();
  private final Output out = new Output(BUFFER_BYTES, FRAME_BYTES_MAX);
  private final ActorRefResolver refs;

  /** The last reference written, and how: a gateway's or importer's own comes again and again. */
  private @Nullable ActorRef<?> lastRef;

  private byte[] lastRefText = {};

  WireCodec(ActorRefResolver refs) {
    this.refs = refs;
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    WireClasses.register(this);
  }

  /** How one class is written and read. */
  interface Fields<T> {
    void write(WireCodec codec, Output out, T message);

    T read(WireCodec codec, Input in);
  }

  /** A class under an id that it keeps for ever. */
  <T> void register(int id, Class<T> type, Fields<T> fields) {
    kryo.register(
        type,
        new Serializer<T>(false, true) {
          @Override
          public void write(Kryo same, Output out, T message) {
            fields.write(WireCodec.this, out, message);
          }

          @Override
          public T read(Kryo same, Input in, Class<? extends T> asked) {
            return fields.read(WireCodec.this, in);
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
    out.writeVarInt(registration.getId(), true);
    kryo.writeObject(out, message, registration.getSerializer());
    return out;
  }

  /**
   * Reads one frame.
   *
   * @throws IllegalArgumentException it is none; says what is wrong, in one line
   */
  Object read(byte[] frame, int lengthBytes) {
    try (Input in = new Input(frame, 0, lengthBytes)) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalArgumentException("version " + version + ", this is " + VERSION);
      }
      Object message = readMessage(in);
      if (in.position() != lengthBytes) {
        throw new IllegalArgumentException((lengthBytes - in.position()) + " bytes too many");
      }
      return message;
    } catch (KryoException e) {
      throw new IllegalArgumentException(firstLine(e), e);
    }
  }

  /**
   * By the class's id alone: Kryo itself would take a name here too, and registers strings and
   * boxes, and takes memory for whatever length they say.
   */
  // A registration does not say that its serializer is for its type.
  @SuppressWarnings("unchecked")
  private Object readMessage(Input in) {
    int id = in.readVarInt(true);
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

  void writeRef(Output out, ActorRef<?> ref) {
    if (!ref.equals(lastRef)) {
      lastRef = ref;
      lastRefText = refs.toSerializationFormat(ref).getBytes(StandardCharsets.UTF_8);
    }
    out.writeVarInt(lastRefText.length, true);
    out.writeBytes(lastRefText);
  }

  <T> ActorRef<T> readRef(Input in) {
    return refs.resolveActorRef(FrameInput.text(in));
  }

  static void writeText(Output out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, FrameInput.TEXT_BYTES_MAX);
    out.writeVarInt(length, true);
    out.writeBytes(utf8, 0, length);
  }
}
