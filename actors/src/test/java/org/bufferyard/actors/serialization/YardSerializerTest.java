package org.bufferyard.actors.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import com.esotericsoftware.kryo.io.Output;
import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.remote.Wire;
import org.bufferyard.testkit.NamedRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Frames: what is written is read; what is no frame is refused, and never costs much. */
class YardSerializerTest {
  /** Ten million in the profile {@code fuzz}. */
  private static final long FRAMES = Long.getLong("bufferyard.fuzz.frames", 200_000);

  private static final long ALLOCATED_MAX = 64L << 20;

  private static final ActorSystem<Void> SYSTEM =
      ActorSystem.create(
          Behaviors.empty(),
          "frames",
          ConfigFactory.parseString("akka { loglevel = OFF, stdout-loglevel = OFF }")
              .withFallback(ConfigFactory.load()));

  private final YardSerializer serializer =
      new YardSerializer((ExtendedActorSystem) Adapter.toClassic(SYSTEM));
  private final List<Object> samples = Samples.all(SYSTEM, NamedRandom.stream(1, "samples"));

  @AfterAll
  static void end() {
    SYSTEM.terminate();
    SYSTEM.getWhenTerminated().toCompletableFuture().join();
  }

  private Object read(byte... frame) throws NotSerializableException {
    return serializer.fromBinary(frame, "");
  }

  @Test
  void frame_ofEveryMessage_isReadAsItWasWritten() throws NotSerializableException {
    for (Object sample : samples) {
      byte[] frame = serializer.toBinary(sample);
      assertThat(frame[0]).isEqualTo((byte) 1);
      assertThat(read(frame)).isEqualTo(sample);
      ByteBuffer buffer = ByteBuffer.allocateDirect(frame.length);
      serializer.toBinary(sample, buffer);
      assertThat(serializer.fromBinary(buffer.flip(), "")).isEqualTo(sample);
    }
  }

  @Test
  void samples_holdEveryMessageOfTheProtocol() {
    assertThat(samples.stream().map(Object::getClass).distinct()).containsAll(messages(Wire.class));
  }

  private static List<Class<?>> messages(Class<?> type) {
    return java.util.stream.Stream.of(type.getPermittedSubclasses())
        .flatMap(
            each -> each.isInterface() ? messages(each).stream() : java.util.stream.Stream.of(each))
        .<Class<?>>map(each -> each)
        .toList();
  }

  /** Their bytes are a contract between versions. */
  @Test
  void frame_ofAKnownMessage_hasItsBytes() {
    assertThat(serializer.toBinary(new Wire.Stored(300, 5))).containsExactly(1, 68, 0xac, 2, 5);
    assertThat(serializer.toBinary(new Wire.Invalidate(1, 2))).containsExactly(1, 72, 1, 2);
  }

  @Test
  void akka_forEachMessage_takesThisSerializer() throws Exception {
    Serialization serialization = SerializationExtension.get(Adapter.toClassic(SYSTEM));
    for (Object sample : samples) {
      assertThat(serialization.findSerializerFor(sample).identifier())
          .isEqualTo(YardSerializer.IDENTIFIER);
    }
  }

  @Test
  void read_ofAnotherVersion_isRefused() {
    byte[] frame = serializer.toBinary(samples.getFirst());
    frame[0] = 2;
    assertThatThrownBy(() -> read(frame))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("version 2, this is 1");
  }

  @Test
  void read_ofAnUnknownClass_isRefused() {
    assertThatThrownBy(() -> read((byte) 1, (byte) 120))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("no message has id 120");
    assertThatThrownBy(() -> read((byte) 1, (byte) 0)).hasMessageContaining("no message has id 0");
    assertThatThrownBy(() -> serializer.toBinary(new Object()))
        .hasMessageContaining("not registered");
  }

  @Test
  void read_ofEveryPrefixAndWithATail_isRefused() {
    for (Object sample : samples) {
      byte[] frame = serializer.toBinary(sample);
      for (int length = 0; length < frame.length; length++) {
        byte[] cut = java.util.Arrays.copyOf(frame, length);
        assertThatThrownBy(() -> read(cut)).isInstanceOf(NotSerializableException.class);
      }
      byte[] longer = java.util.Arrays.copyOf(frame, frame.length + 1);
      assertThatThrownBy(() -> read(longer))
          .isInstanceOf(NotSerializableException.class)
          .hasMessageContaining("1 bytes too many");
    }
  }

  /** Five bytes that would make plain Kryo take two gigabytes. */
  @Test
  void read_ofALengthBomb_isRefusedBeforeMemoryIsTaken() {
    allocatedByRefusing(new byte[] {1, 17, 5}); // the first frame makes the thread's codec
    for (int id : new int[] {0, 1, 2, 3, 17, 18, 34, 36, 66, 67, 71}) {
      try (Output bomb = new Output(64)) {
        bomb.writeByte(1);
        bomb.writeVarInt(id, true);
        bomb.writeByte(0);
        bomb.writeVarInt(Integer.MAX_VALUE, true);
        bomb.writeVarInt(Integer.MAX_VALUE, true);
        bomb.writeVarInt(Integer.MAX_VALUE, true);
        byte[] frame = bomb.toBytes();
        assertThat(allocatedByRefusing(frame)).isLessThan(1 << 19);
      }
    }
  }

  private long allocatedByRefusing(byte[] frame) {
    long before = allocated();
    try {
      throw new AssertionError("read: " + read(frame));
    } catch (NotSerializableException clean) {
      return allocated() - before;
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  /** Mutated frames: a message or a refusal, nothing else, and never much memory. */
  @Test
  void read_ofMutatedFrames_isAMessageOrARefusal() {
    RandomGenerator random = NamedRandom.stream(Long.getLong("bufferyard.fuzz.seed", 1), "fuzz");
    byte[][] frames = samples.stream().map(serializer::toBinary).toArray(byte[][]::new);
    long refused = 0;
    long most = 0;
    for (long frame = 0; frame < FRAMES; frame++) {
      byte[] mutated = mutate(frames[random.nextInt(frames.length)], random);
      long before = allocated();
      try {
        read(mutated);
      } catch (NotSerializableException clean) {
        refused++;
      }
      most = Math.max(most, allocated() - before);
    }
    System.out.println(
        FRAMES + " mutated frames: refused " + refused + ", crashes 0, most allocated " + most);
    assertThat(refused).isPositive();
    assertThat(most).isLessThan(ALLOCATED_MAX);
  }

  private static byte[] mutate(byte[] frame, RandomGenerator random) {
    byte[] mutated = frame.clone();
    int changes = 1 + random.nextInt(4);
    for (int change = 0; change < changes && mutated.length > 0; change++) {
      int at = random.nextInt(mutated.length);
      switch (random.nextInt(6)) {
        case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutated[at] = (byte) random.nextInt();
        case 2 -> mutated[at] = (byte) 0xff;
        case 3 -> mutated = java.util.Arrays.copyOf(mutated, at);
        case 4 -> mutated = java.util.Arrays.copyOf(mutated, mutated.length + random.nextInt(9));
        default -> {
          int from = random.nextInt(mutated.length);
          int length = Math.min(8, mutated.length - Math.max(at, from));
          System.arraycopy(mutated, from, mutated, at, length);
        }
      }
    }
    return mutated;
  }
}
