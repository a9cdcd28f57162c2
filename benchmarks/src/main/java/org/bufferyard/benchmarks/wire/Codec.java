package org.bufferyard.benchmarks.wire;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.Serialization$;
import akka.serialization.SerializerWithStringManifest;
import akka.serialization.jackson.JacksonCborSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.bufferyard.actors.serialization.YardSerializer;

/** One way to turn messages into bytes and back. */
public final class Codec {
  private final ExtendedActorSystem system;
  private final SerializerWithStringManifest serializer;

  private Codec(ExtendedActorSystem system, SerializerWithStringManifest serializer) {
    this.system = system;
    this.serializer = serializer;
  }

  /** The project's own frames, on Kryo. */
  public static Codec frames(ActorSystem<?> system) {
    ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
    return new Codec(classic, new YardSerializer(classic));
  }

  /** Jackson CBOR as Akka configures it; the system's configuration names {@link SgTableModule}. */
  public static Codec cbor(ActorSystem<?> system) {
    ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
    return new Codec(classic, new JacksonCborSerializer(classic, "jackson-cbor"));
  }

  public byte[] write(Object message) {
    return serializer.toBinary(message);
  }

  public String manifest(Object message) {
    return serializer.manifest(message);
  }

  public Object read(byte[] bytes, String manifest) {
    try {
      return serializer.fromBinary(bytes, manifest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Within Akka's note of who sends, which references are written with; Artery has one too. */
  public <T> T sending(Supplier<T> work) {
    return Serialization$.MODULE$.withTransportInformation(system, work::get);
  }

  /** Of the payload and the manifest that goes with it. */
  public int bytes(Object message) {
    return length(message) + manifest(message).getBytes(StandardCharsets.UTF_8).length;
  }

  /** Of the payload alone. */
  public int length(Object message) {
    return sending(() -> write(message)).length;
  }

  /**
   * Writes and reads once.
   *
   * @throws IllegalStateException what is read is not what was written
   */
  public void check(Object message) {
    Object read = sending(() -> read(write(message), manifest(message)));
    if (!message.equals(read)) {
      throw new IllegalStateException("written " + message + ", read " + read);
    }
  }
}
