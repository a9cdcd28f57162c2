package org.bufferyard.actors.extension;

import akka.Done;
import akka.NotUsed;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.stream.javadsl.Flow;
import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.streams.Leased;
import org.bufferyard.actors.streams.LeasedSet;
import org.bufferyard.actors.streams.YardStreams;
import org.bufferyard.allocator.DmaDirection;

/**
 * Bufferyard in an actor system: {@code Bufferyard.get(system).yard()} is its memory. Yards open
 * when first asked for, as {@code bufferyard.actors} configures them, and close with the system.
 */
public final class Bufferyard implements Extension {
  /** The yard of those who name none. */
  public static final String DEFAULT = "default";

  /** How Akka finds the extension. */
  public static final class Id extends ExtensionId<Bufferyard> {
    private static final Id INSTANCE = new Id();

    private Id() {}

    @Override
    public Bufferyard createExtension(ActorSystem<?> system) {
      return new Bufferyard(system, Host.real());
    }
  }

  public static Id id() {
    return Id.INSTANCE;
  }

  public static Bufferyard get(ActorSystem<?> system) {
    return Id.INSTANCE.apply(system);
  }

  private final ActorSystem<?> system;
  private final Config config;
  private final Host host;

  // Guarded by this.
  private final LinkedHashMap<String, EmbeddedYard> yards = new LinkedHashMap<>();
  private long epochs;

  Bufferyard(ActorSystem<?> system, Host host) {
    this.system = system;
    this.host = host;
    this.config = system.settings().config().getConfig("bufferyard.actors");
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "bufferyard-close",
            this::closeAll);
  }

  /** The yard named {@link #DEFAULT}. */
  public EmbeddedYard yard() {
    return yard(DEFAULT);
  }

  /**
   * The yard of that name; opened if it is not open, or anew if it has failed.
   *
   * @throws IllegalArgumentException its configuration is out of range
   * @throws UncheckedIOException there is not as much memory, or its swap directory is in use
   */
  public synchronized EmbeddedYard yard(String name) {
    EmbeddedYard open = yards.get(name);
    if (open != null && !open.hasEnded()) {
      return open;
    }
    try {
      EmbeddedYard yard = EmbeddedYard.open(system, EmbedSettings.of(name, config), host, ++epochs);
      yards.put(name, yard);
      return yard;
    } catch (IOException e) {
      throw new UncheckedIOException("yard " + name + " does not open: " + e.getMessage(), e);
    }
  }

  /** Open or ended, in order of opening. */
  public synchronized List<EmbeddedYard> yards() {
    return List.copyOf(yards.values());
  }

  /** The stages over its yards; {@link #mapFlow} is the one most used. */
  public YardStreams streams() {
    return new YardStreams(config.getString("tier-dispatcher"));
  }

  /** Leases the buffer of each element: {@link YardStreams#mapFlow}. */
  public static <T> Flow<T, Leased<T>, NotUsed> mapFlow(
      Function<? super T, BufferAttachment> attachment, DmaDirection direction) {
    return YardStreams.mapFlow(attachment, direction, YardStreams.BATCH);
  }

  /** Leases all buffers of each element: {@link YardStreams#mapSetFlow}. */
  public static <T> Flow<T, LeasedSet<T>, NotUsed> mapSetFlow(
      Function<? super T, List<BufferAttachment>> attachments, DmaDirection direction) {
    return YardStreams.mapSetFlow(attachments, direction);
  }

  private CompletionStage<Done> closeAll() {
    CompletableFuture<?>[] closing =
        yards().stream()
            .map(yard -> yard.close().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(closing).thenApply(none -> Done.getInstance());
  }
}
