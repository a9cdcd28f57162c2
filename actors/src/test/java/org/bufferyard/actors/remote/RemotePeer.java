package org.bufferyard.actors.remote;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.serialization.SerializationExtension;
import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.bufferyard.actors.extension.Bufferyard;
import org.bufferyard.actors.extension.EmbeddedYard;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.allocator.DmaDirection;

/**
 * The other process of {@link TwoProcessesTest}: does what it is told on standard input, a line at
 * a time, and answers with a line. Ends with its standard input.
 */
public final class RemotePeer {
  static final int BUFFER_BYTES = 3 << 20;

  private final EmbeddedYard yard;
  private final ActorSystem<Void> system;
  private final BufferAttachment mine;
  private final BufferAttachment other;

  private RemotePeer(ActorSystem<Void> system) {
    this.system = system;
    this.yard = Bufferyard.get(system).yard();
    var importer = yard.importer("local");
    this.mine = get(get(yard.export(BufferSpec.of("mine", BUFFER_BYTES))).attach(importer));
    this.other = get(get(yard.export(BufferSpec.of("other", BUFFER_BYTES))).attach(importer));
  }

  static ActorSystem<Void> system(String name) {
    return system(name, "");
  }

  /** As above, with {@code config} laid over it. */
  static ActorSystem<Void> system(String name, String config) {
    return ActorSystem.create(
        Behaviors.empty(),
        name,
        ConfigFactory.parseString(config)
            .withFallback(
                ConfigFactory.parseString(
                    """
                akka {
                  loglevel = OFF
                  stdout-loglevel = OFF
                  actor.provider = remote
                  remote {
                    use-unsafe-remote-features-outside-cluster = on
                    warn-unsafe-watch-outside-cluster = off
                    artery { transport = tcp, canonical.hostname = 127.0.0.1, canonical.port = 0 }
                    watch-failure-detector {
                      heartbeat-interval = 500 ms
                      acceptable-heartbeat-pause = 5 s
                      expected-response-after = 500 ms
                    }
                  }
                }
                bufferyard.actors.yard-defaults { memory = 4 MiB, file.size = 16 MiB }
                """))
            .withFallback(ConfigFactory.load()));
  }

  public static void main(String[] args) throws Exception {
    ActorSystem<Void> system = system("peer", args.length > 0 ? args[0] : "");
    RemotePeer peer = new RemotePeer(system);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String answer;
      try {
        answer = peer.obey(line.split(" "));
      } catch (RuntimeException e) {
        answer = "failed " + e;
      }
      System.out.println("> " + answer);
    }
    Runtime.getRuntime().halt(0);
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(40, TimeUnit.SECONDS).join();
  }

  private String obey(String[] words) {
    return switch (words[0]) {
      case "expose" -> text(system, get(yard.expose(mine.buffer())));
      case "fill" -> fill();
      case "read" -> read(Long.parseLong(words[1]));
      case "move" -> {
        get(other.mapPatiently(DmaDirection.TO_DEVICE)).close();
        yield "moved";
      }
      case "hold" -> hold((Wire.RemoteBuffer) message(system, words[1]));
      case "open" -> Bufferyard.get(system).yard(words[1]).hasEnded() ? "ended" : "opened";
      case "die" -> {
        Runtime.getRuntime().halt(1);
        yield "";
      }
      default -> "what is " + words[0];
    };
  }

  private String fill() {
    try (Mapping mapping = get(mine.mapPatiently(DmaDirection.BIDIRECTIONAL));
        MemoryView view = mapping.open()) {
      for (int at = 0; at < BUFFER_BYTES; at++) {
        view.segment(0).set(JAVA_BYTE, at, (byte) (at % 251));
      }
    }
    return "filled";
  }

  private String read(long at) {
    try (Mapping mapping = get(mine.mapPatiently(DmaDirection.TO_DEVICE));
        MemoryView view = mapping.open()) {
      return "byte " + view.segment(0).get(JAVA_BYTE, at);
    }
  }

  /** And never lets go. */
  private String hold(Wire.RemoteBuffer buffer) {
    RemoteAttachment attachment = get(yard.remoteImporter("far", null).attach(buffer));
    return "held " + get(attachment.map(DmaDirection.BIDIRECTIONAL)).generation();
  }

  static String text(ActorSystem<?> system, Object message) {
    return Base64.getEncoder()
        .encodeToString(
            SerializationExtension.get(Adapter.toClassic(system)).serialize(message).get());
  }

  static Object message(ActorSystem<?> system, String text) {
    return SerializationExtension.get(Adapter.toClassic(system))
        .deserialize(Base64.getDecoder().decode(text), Wire.RemoteBuffer.class)
        .get();
  }
}
