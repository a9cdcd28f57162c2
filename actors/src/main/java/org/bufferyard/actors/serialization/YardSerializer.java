package org.bufferyard.actors.serialization;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.ByteBufferSerializer;
import akka.serialization.SerializerWithStringManifest;
import com.esotericsoftware.kryo.io.Output;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;

/**
 * Akka's way to the frames of {@link WireCodec}. What is no frame is a {@link
 * NotSerializableException}: Artery drops the message and keeps the connection. Needs Kryo on the
 * class path when the first message is sent or received, not before.
 */
public final class YardSerializer extends SerializerWithStringManifest
    implements ByteBufferSerializer {
  /** As in {@code reference.conf}. */
  public static final int IDENTIFIER = 8725;

  private static final String NO_MANIFEST = "";

  private final ThreadLocal<WireCodec> codecs;
  private final ThreadLocal<byte[]> frames = ThreadLocal.withInitial(() -> new byte[1 << 10]);

  public YardSerializer(ExtendedActorSystem system) {
    this.codecs =
        ThreadLocal.withInitial(() -> new WireCodec(ActorRefResolver.get(Adapter.toTyped(system))));
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object message) {
    return NO_MANIFEST;
  }

  @Override
  public byte[] toBinary(Object message) {
    return codecs.get().write(message).toBytes();
  }

  @Override
  public void toBinary(Object message, ByteBuffer into) {
    Output frame = codecs.get().write(message);
    into.put(frame.getBuffer(), 0, frame.position());
  }

  @Override
  public Object fromBinary(byte[] frame, String manifest) throws NotSerializableException {
    return read(frame, frame.length);
  }

  @Override
  public Object fromBinary(ByteBuffer from, String manifest) throws NotSerializableException {
    int lengthBytes = from.remaining();
    byte[] frame = frames.get();
    if (frame.length < lengthBytes) {
      frame = new byte[lengthBytes];
      frames.set(frame);
    }
    from.get(frame, 0, lengthBytes);
    return read(frame, lengthBytes);
  }

  private Object read(byte[] frame, int lengthBytes) throws NotSerializableException {
    try {
      return codecs.get().read(frame, lengthBytes);
    } catch (RuntimeException e) {
      throw new NotSerializableException(
          "a frame of " + lengthBytes + " bytes is refused: " + e.getMessage());
    }
  }
}
