package org.bufferyard.actors.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.ImporterNotice;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.actors.streams.YardStreams;
import org.bufferyard.allocator.DmaDirection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What ends in the middle of its work, on Akka's dispatchers: nothing hangs, nothing is kept. */
class YardLifeTest {
  private static final int MIB = 1 << 20;
  private static final long LIMIT_SECONDS = 20;

  private final ActorSystem<Void> system =
      ActorSystem.create(
          Behaviors.empty(),
          "life",
          ConfigFactory.parseString(
                  """
                  akka { loglevel = OFF, stdout-loglevel = OFF, jvm-shutdown-hooks = off }
                  bufferyard.actors.yard-defaults {
                    memory = 4 MiB, file.size = 16 MiB
                    shutdown-grace = 100 ms, room-wait = 100 ms
                  }
                  """)
              .withFallback(ConfigFactory.load()));
  private final EmbeddedYard yard = Bufferyard.get(system).yard();

  @AfterEach
  void end() {
    system.terminate();
    get(system.getWhenTerminated());
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }

  private static BufferAttachment attached(EmbeddedYard yard, HostImporter importer, long bytes) {
    return get(get(yard.export(BufferSpec.of("b", bytes))).attach(importer));
  }

  /** The buffer went with its yard: its handle is of an older epoch than the yard that is open. */
  @Test
  void handle_ofAnEarlierYard_isRefusedByTheNext() {
    SharedBuffer old = get(yard.export(BufferSpec.of("old", MIB)));
    get(yard.close());
    EmbeddedYard next = Bufferyard.get(system).yard();
    assertThat(next.epoch()).isGreaterThan(old.epoch());
    HostImporter importer = next.importer("i");
    assertThatThrownBy(() -> get(old.attach(importer)))
        .hasMessageContaining("ENODEV: buffer-0 has died");
    get(attached(next, importer, MIB).map(DmaDirection.TO_DEVICE)).close();
  }

  @Test
  void importer_whoseActorThrows_letsGoOfAll() {
    ActorRef<ImporterNotice> listener =
        system.systemActorOf(
            Behaviors.receiveMessage(
                notice -> {
                  throw new IllegalStateException("broken on purpose");
                }),
            "listener",
            Props.empty());
    HostImporter importer = yard.importer("i", true, listener);
    BufferAttachment mine = attached(yard, importer, 3 * MIB);
    get(mine.map(DmaDirection.BIDIRECTIONAL)).close();
    // It has to move, its actor hears of it, and throws.
    BufferAttachment others = attached(yard, yard.importer("other"), 3 * MIB);
    get(others.mapPatiently(DmaDirection.TO_DEVICE)).close();
    for (int look = 0; attachmentsOf("i") > 0; look++) {
      assertThat(look).as("what a dead importer had is kept").isLessThan(1000);
    }
    mine.buffer().release();
    for (int look = 0; get(yard.snapshot()).buffers() > 1; look++) {
      assertThat(look).as("its buffer is kept").isLessThan(1000);
    }
    assertThat(yard.hasEnded()).isFalse();
  }

  private int attachmentsOf(String name) {
    return get(yard.snapshot()).importers().stream()
        .filter(books -> books.importer().equals(name))
        .mapToInt(books -> books.attachments())
        .sum();
  }

  /** Streams that wait for memory and streams that hold it, as the application stops. */
  @Test
  void shutdown_inTheMiddleOfStreams_endsThemAndTheSystem() throws InterruptedException {
    HostImporter importer = yard.importer("i");
    List<BufferAttachment> buffers = new ArrayList<>();
    for (int each = 0; each < 8; each++) {
      buffers.add(attached(yard, importer, MIB));
    }
    // What it holds is no victim: the other stream need not wait for it.
    HostImporter fixed = yard.importer("fixed", false, null);
    List<BufferAttachment> held =
        List.of(attached(yard, fixed, MIB / 2), attached(yard, fixed, MIB / 2));
    List<Mapping> seen = java.util.Collections.synchronizedList(new ArrayList<>());
    CountDownLatch running = new CountDownLatch(10);
    CompletionStage<?> busy =
        Source.cycle(buffers::iterator)
            .via(YardStreams.mapFlow(Function.identity(), DmaDirection.BIDIRECTIONAL, 2))
            .map(
                leased -> {
                  seen.add(leased.mapping());
                  running.countDown();
                  leased.close();
                  return 1;
                })
            .toMat(Sink.ignore(), Keep.right())
            .run(system);
    CompletionStage<?> holding =
        Source.from(held)
            .via(YardStreams.mapFlow(Function.identity(), DmaDirection.TO_DEVICE, 2))
            .map(
                leased -> {
                  seen.add(leased.mapping());
                  return 1;
                })
            .concat(Source.maybe())
            .toMat(Sink.ignore(), Keep.right())
            .run(system);
    assertThat(running.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    end();
    assertThat(yard.hasEnded()).isTrue();
    assertThat(busy.toCompletableFuture()).failsWithin(java.time.Duration.ofSeconds(5));
    assertThat(holding.toCompletableFuture()).failsWithin(java.time.Duration.ofSeconds(5));
    assertThat(seen).noneMatch(Mapping::isOpen);
  }
}
