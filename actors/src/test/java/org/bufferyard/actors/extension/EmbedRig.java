package org.bufferyard.actors.extension;

import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.RefusedException;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;

/**
 * An embedded yard with real bytes on the deterministic system: time is virtual, and every buffer
 * is checked by the sanitizer among the actors.
 */
public final class EmbedRig implements AutoCloseable {
  public static final int MIB = 1 << 20;

  public final DeterministicSystem<Void> system;
  public final EmbeddedYard yard;

  /** 4 MiB of memory, a file of 16 MiB behind it. */
  public EmbedRig() {
    this("memory = 4 MiB, file.size = 16 MiB");
  }

  /**
   * @param config keys of {@code yard-defaults}
   */
  public EmbedRig(String config) {
    this(config, 1);
  }

  public EmbedRig(String config, long seed) {
    system = DeterministicSystem.create(Behaviors.empty(), "embed", Settings.seed(seed));
    LongSupplier nanos = system::nowNanos;
    Host host = new Host(clock(nanos), name -> NamedRandom.stream(seed, name));
    EmbedSettings settings = settings("rig", config);
    yard =
        system.inside(
            () -> {
              try {
                return EmbeddedYard.open(system.system(), settings, host, 1);
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    idle();
  }

  static EmbedSettings settings(String name, String config) {
    return EmbedSettings.of(
        name,
        ConfigFactory.parseString("yards." + name + " { sanitize = all, " + config + " }")
            .withFallback(
                ConfigFactory.parseResources("reference.conf").getConfig("bufferyard.actors")));
  }

  private static ModelClock clock(LongSupplier nanos) {
    return new ModelClock() {
      @Override
      public long nowNanos() {
        return nanos.getAsLong();
      }

      @Override
      public Duration toScheduler(long modelNanos) {
        return Duration.ofNanos(modelNanos);
      }
    };
  }

  public void idle() {
    system.runUntilIdle(1_000_000);
    if (system.failures().count() > 0) {
      throw new AssertionError("an actor failed: " + system.failures());
    }
  }

  public void after(Duration virtual) {
    system.runFor(virtual);
    idle();
  }

  /** What the stage completes with, within ten virtual minutes. */
  public <T> T get(CompletionStage<T> stage) {
    system.run(() -> stage.toCompletableFuture().isDone(), 5_000_000);
    if (!stage.toCompletableFuture().isDone()) {
      throw new AssertionError("no answer");
    }
    return stage.toCompletableFuture().join();
  }

  public Refusal refusal(CompletionStage<?> stage) {
    try {
      Object value = get(stage);
      throw new AssertionError("not refused: " + value);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RefusedException refused) {
        return refused.refusal();
      }
      throw e;
    }
  }

  public HostImporter importer(String name) {
    return system.inside(() -> yard.importer(name));
  }

  public SharedBuffer export(String name, long sizeBytes) {
    return get(yard.export(BufferSpec.of(name, sizeBytes)));
  }

  public BufferAttachment attached(HostImporter importer, long sizeBytes) {
    return get(export("b", sizeBytes).attach(importer));
  }

  public YardSnapshot snapshot() {
    return get(system.inside(yard::snapshot));
  }

  @Override
  public void close() {
    if (!yard.hasEnded()) {
      get(yard.close());
    }
    system.close();
  }
}
