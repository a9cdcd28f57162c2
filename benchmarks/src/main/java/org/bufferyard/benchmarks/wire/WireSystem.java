package org.bufferyard.benchmarks.wire;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bufferyard.actors.remote.Wire;

/** An actor system with Artery on the loopback, in which both codecs can be made. */
public final class WireSystem implements AutoCloseable {
  private static final String SETTINGS =
      """
      akka {
        loglevel = OFF
        stdout-loglevel = OFF
        actor {
          provider = remote
          default-dispatcher {
            throughput = 64
            fork-join-executor { parallelism-min = 2, parallelism-factor = 1.0 }
          }
        }
        remote {
          use-unsafe-remote-features-outside-cluster = on
          warn-unsafe-watch-outside-cluster = off
          artery {
            transport = tcp
            canonical { hostname = 127.0.0.1, port = 0 }
          }
        }
        serialization.jackson {
          # Scala's is left out: nothing here is Scala's, and Jackson is faster without it.
          jackson-modules = [
            "akka.serialization.jackson.AkkaTypedJacksonModule"
            "com.fasterxml.jackson.module.paramnames.ParameterNamesModule"
            "org.bufferyard.benchmarks.wire.SgTableModule"
          ]
          allowed-class-prefix = ["org.bufferyard."]
        }
      }
      """;

  private final ActorSystem<Void> system;

  private WireSystem(String name, Config over) {
    this.system =
        ActorSystem.create(
            Behaviors.empty(),
            name,
            over.withFallback(ConfigFactory.parseString(SETTINGS))
                .withFallback(ConfigFactory.load())
                .resolve());
  }

  /** Sends the project's frames. */
  public static WireSystem frames(String name) {
    return new WireSystem(name, ConfigFactory.empty());
  }

  /** Sends the same messages by Jackson CBOR. */
  public static WireSystem cbor(String name) {
    return new WireSystem(
        name,
        ConfigFactory.parseMap(
            Map.of(
                "akka.actor.serialization-bindings.\"" + Wire.class.getName() + "\"",
                "jackson-cbor")));
  }

  public ActorSystem<Void> system() {
    return system;
  }

  /** An importer in another process. */
  public ActorRef<Wire.Event> importer() {
    return ActorRefResolver.get(system)
        .resolveActorRef(
            "akka://video-wall@127.0.0.1:25520/system/bufferyard-default-1-remote-importer-7"
                + "#-1847203561");
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
