package org.bufferyard.actors.extension;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.lease.ImporterNotice;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.allocator.DmaDirection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The extension on Akka's own dispatchers: threads, time and the end are real. */
class BufferyardTest {
  private static final int MIB = 1 << 20;
  private static final long LIMIT_SECONDS = 30;

  private final BlockingQueue<Object> heard = new ArrayBlockingQueue<>(100);
  private ActorSystem<Void> system = start("");

  private static ActorSystem<Void> start(String config) {
    return ActorSystem.create(
        Behaviors.empty(),
        "embedding",
        ConfigFactory.parseString(
                config
                    + """

                    akka.loglevel = OFF
                    akka.stdout-loglevel = OFF
                    akka.jvm-shutdown-hooks = off
                    bufferyard.actors.yard-defaults { memory = 4 MiB, file.size = 16 MiB }
                    """)
            .withFallback(ConfigFactory.load()));
  }

  private void restart(String config) {
    end();
    system = start(config);
  }

  @AfterEach
  void end() {
    system.terminate();
    get(system.getWhenTerminated());
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }

  private Object hear() {
    try {
      return java.util.Objects.requireNonNull(heard.poll(LIMIT_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> ActorRef<T> ear(String name) {
    return system.systemActorOf(
        Behaviors.receiveMessage(
            message -> {
              heard.add(message);
              return message.equals("stop") ? Behaviors.stopped() : Behaviors.same();
            }),
        name,
        Props.empty());
  }

  private static BufferAttachment attached(EmbeddedYard yard, HostImporter importer, long bytes) {
    return get(get(yard.export(BufferSpec.of("b", bytes))).attach(importer));
  }

  @Test
  void yard_byName_isTheSameEachTimeAndApartFromOthers() {
    Bufferyard bufferyard = Bufferyard.get(system);
    EmbeddedYard one = bufferyard.yard();
    assertThat(bufferyard.yard()).isSameAs(one);
    assertThat(Bufferyard.get(system)).isSameAs(bufferyard);
    EmbeddedYard other = bufferyard.yard("frames");
    assertThat(other).isNotSameAs(one);
    assertThat(other.name()).isEqualTo("frames");
    assertThat(bufferyard.yards()).containsExactly(one, other);
  }

  @Test
  void yard_afterItWasClosed_opensAnewWithALaterEpoch() {
    EmbeddedYard first = Bufferyard.get(system).yard();
    get(first.close());
    EmbeddedYard second = Bufferyard.get(system).yard();
    assertThat(second.epoch()).isGreaterThan(first.epoch());
    get(attached(second, second.importer("i"), MIB).map(DmaDirection.TO_DEVICE)).close();
  }

  @Test
  void yard_ofAConfigurationOutOfRange_saysWhichKeyAndWhy() {
    restart("bufferyard.actors.yards.odd { max-moves = 0 }");
    assertThatThrownBy(() -> Bufferyard.get(system).yard("odd"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bufferyard.actors.yards.odd.max-moves is 0, must be 1 to 1024");
  }

  @Test
  void yard_largerThanTheMachine_doesNotOpen() {
    restart("bufferyard.actors.yards.huge { memory = 900 TiB }");
    assertThatThrownBy(() -> Bufferyard.get(system).yard("huge"))
        .isInstanceOf(java.io.UncheckedIOException.class)
        .hasMessageContaining("the machine has");
  }

  @Test
  void yard_onASwapDirectoryInUse_isRefused(@TempDir Path directory) {
    restart(
        "bufferyard.actors.yards { a.file.directory = \""
            + directory
            + "\", b.file.directory = \""
            + directory
            + "\" }");
    EmbeddedYard first = Bufferyard.get(system).yard("a");
    assertThatThrownBy(() -> Bufferyard.get(system).yard("b"))
        .isInstanceOf(java.io.UncheckedIOException.class)
        .hasMessageContaining("is used by another yard");
    get(first.close());
    get(Bufferyard.get(system).yard("b").close());
    assertThat(directory.toFile().list()).containsExactly("bufferyard.lock");
  }

  /** The mover waits for the block; no other buffer gets pages that a thread can still touch. */
  @Test
  void move_whileAnotherThreadIsInABlock_waitsForItsEnd() throws InterruptedException {
    EmbeddedYard yard = Bufferyard.get(system).yard();
    HostImporter importer = yard.importer("i");
    Mapping mapping = get(attached(yard, importer, 4 * MIB).map(DmaDirection.BIDIRECTIONAL));
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<Byte> read = new CompletableFuture<>();
    Thread user = Thread.ofPlatform().start(() -> useFor(mapping, open, end, read));
    open.await();
    mapping.close();
    CompletableFuture<Mapping> other =
        attached(yard, importer, 4 * MIB)
            .mapPatiently(DmaDirection.BIDIRECTIONAL)
            .toCompletableFuture();
    get(yard.snapshot());
    assertThat(other).isNotDone();
    end.countDown();
    user.join();
    try (Mapping second = get(other);
        MemoryView view = second.open()) {
      assertThat(view.segment(0).get(JAVA_BYTE, 0)).isZero();
    }
    assertThat(get(read)).isEqualTo((byte) 9);
  }

  private static void useFor(
      Mapping mapping, CountDownLatch open, CountDownLatch end, CompletableFuture<Byte> read) {
    try (MemoryView view = mapping.open()) {
      view.segment(0).set(JAVA_BYTE, 0, (byte) 9);
      open.countDown();
      end.await();
      read.complete(view.segment(0).get(JAVA_BYTE, 0));
    } catch (InterruptedException | RuntimeException e) {
      read.completeExceptionally(e);
    }
  }

  @Test
  void lease_whoseOwnerDies_isReclaimed() {
    EmbeddedYard yard = Bufferyard.get(system).yard();
    ActorRef<ImporterNotice> listener = ear("listener");
    HostImporter importer = yard.importer("i", true, listener);
    ActorRef<Object> owner = ear("owner");
    Mapping mapping = get(attached(yard, importer, MIB).map(DmaDirection.BIDIRECTIONAL, owner));
    owner.tell("stop");
    assertThat(hear()).isEqualTo("stop");
    assertThat(hear())
        .isInstanceOfSatisfying(
            ImporterNotice.Reclaimed.class,
            reclaimed -> {
              assertThat(reclaimed.because()).contains("its owner").contains("died");
              assertThat(reclaimed.place()).contains("BufferyardTest.lease_whoseOwnerDies");
            });
    assertThat(mapping.isOpen()).isFalse();
  }

  @Test
  void importer_whoseActorDies_letsGoOfAll() {
    EmbeddedYard yard = Bufferyard.get(system).yard();
    ActorRef<Object> listener = ear("listener");
    HostImporter importer = yard.importer("i", true, listener);
    BufferAttachment attachment = attached(yard, importer, MIB);
    Mapping mapping = get(attachment.map(DmaDirection.BIDIRECTIONAL));
    attachment.buffer().release();
    listener.tell("stop");
    HostImporter other = yard.importer("other");
    get(attached(yard, other, 4 * MIB).mapPatiently(DmaDirection.TO_DEVICE)).close();
    assertThat(mapping.isOpen()).isFalse();
    assertThat(get(yard.snapshot()).buffers()).isEqualTo(1);
  }

  @Test
  void importer_whenItsBufferHasToMove_isToldAndMapsAgain() {
    EmbeddedYard yard = Bufferyard.get(system).yard();
    HostImporter importer = yard.importer("i", true, this.<ImporterNotice>ear("listener"));
    BufferAttachment mine = attached(yard, importer, 3 * MIB);
    Mapping mapping = get(mine.map(DmaDirection.BIDIRECTIONAL));
    try (MemoryView view = mapping.open()) {
      view.segment(0).set(JAVA_BYTE, 0, (byte) 5);
    }
    long generation = mapping.generation();
    mapping.close();
    HostImporter other = yard.importer("other");
    get(attached(yard, other, 3 * MIB).mapPatiently(DmaDirection.TO_DEVICE)).close();
    assertThat(hear()).isEqualTo(new ImporterNotice.Invalidated(mine, generation));
    try (Mapping again = get(mine.mapPatiently(DmaDirection.TO_DEVICE));
        MemoryView view = again.open()) {
      assertThat(again.generation()).isGreaterThan(generation);
      assertThat(view.segment(0).get(JAVA_BYTE, 0)).isEqualTo((byte) 5);
    }
  }

  /** It holds its lease for ever: it is forced out at the deadline, and told. */
  @Test
  void importer_thatNeverLetsGo_isForcedOut() {
    restart(
        """
        bufferyard.actors.yards.default {
          lease-timeout = 1 h
          invalidate-report = 10 ms
          invalidate-deadline = 100 ms
        }
        """);
    EmbeddedYard yard = Bufferyard.get(system).yard();
    HostImporter importer = yard.importer("i", true, this.<ImporterNotice>ear("listener"));
    BufferAttachment mine = attached(yard, importer, 3 * MIB);
    get(mine.map(DmaDirection.BIDIRECTIONAL)).close();
    Mapping held = get(mine.map(DmaDirection.BIDIRECTIONAL));
    HostImporter other = yard.importer("other");
    get(attached(yard, other, 3 * MIB).mapPatiently(DmaDirection.TO_DEVICE)).close();
    assertThat(hear()).isInstanceOf(ImporterNotice.Invalidated.class);
    assertThat(hear()).isInstanceOf(ImporterNotice.Reclaimed.class);
    assertThat(hear()).isEqualTo(new ImporterNotice.ForcedOut(mine));
    assertThat(held.isOpen()).isFalse();
    assertThat(yard.events().laggards()).isPositive();
    get(get(mine.buffer().attach(importer)).mapPatiently(DmaDirection.TO_DEVICE)).close();
  }

  @Test
  void importer_thatPinsByMapping_standsInTheWay() {
    EmbeddedYard yard = Bufferyard.get(system).yard();
    HostImporter fixed = yard.importer("static", false, null);
    Mapping held = get(attached(yard, fixed, 3 * MIB).map(DmaDirection.BIDIRECTIONAL));
    HostImporter other = yard.importer("other");
    BufferAttachment wants = attached(yard, other, 3 * MIB);
    assertThatThrownBy(() -> get(wants.map(DmaDirection.TO_DEVICE))).hasMessageContaining("ENOMEM");
    held.close();
    get(wants.mapPatiently(DmaDirection.TO_DEVICE)).close();
  }

  @Test
  void publish_importer_isFoundByItsKey() {
    EmbeddedYard yard = Bufferyard.get(system).yard();
    HostImporter importer = yard.importer("shown");
    yard.publish(importer);
    ActorRef<Receptionist.Listing> ear = ear("listings");
    system.receptionist().tell(Receptionist.subscribe(yard.importerKey("shown"), ear));
    Receptionist.Listing listing = (Receptionist.Listing) hear();
    if (listing.getServiceInstances(yard.importerKey("shown")).isEmpty()) {
      listing = (Receptionist.Listing) hear();
    }
    assertThat(listing.getServiceInstances(yard.importerKey("shown")))
        .containsExactly(importer.ref());
  }

  @Test
  void shutdown_withOpenLeases_endsThemAndTheSystem() {
    restart("bufferyard.actors.yard-defaults.shutdown-grace = 100 ms");
    EmbeddedYard yard = Bufferyard.get(system).yard();
    Mapping mapping = get(attached(yard, yard.importer("i"), MIB).map(DmaDirection.TO_DEVICE));
    end();
    assertThat(mapping.isOpen()).isFalse();
    assertThat(yard.hasEnded()).isTrue();
  }

  /** Whoever owns state takes the yard along; the next one under the name has empty books. */
  @Test
  @SuppressWarnings("NullAway") // so that it crashes
  void yard_whoseImporterCrashes_failsAndTheNextOneIsEmpty() {
    EmbeddedYard yard = Bufferyard.get(system).yard();
    HostImporter importer = yard.importer("i");
    Mapping mapping = get(attached(yard, importer, MIB).map(DmaDirection.BIDIRECTIONAL));
    importer.ref().tell(new ImporterActor.Open(null));
    checkFailed(yard, mapping);
  }

  @Test
  @SuppressWarnings("NullAway") // so that it crashes
  void yard_whoseBufferCrashes_failsAndTheNextOneIsEmpty() {
    EmbeddedYard yard = Bufferyard.get(system).yard();
    Mapping mapping = get(attached(yard, yard.importer("i"), MIB).map(DmaDirection.BIDIRECTIONAL));
    mapping.buffer().grant().ref().tell(new Buffer.ToReservation(null));
    checkFailed(yard, mapping);
  }

  private void checkFailed(EmbeddedYard yard, Mapping mapping) {
    get(yard.whenEnded());
    assertThat(mapping.isOpen()).isFalse();
    assertThatThrownBy(() -> get(yard.export(BufferSpec.of("b", MIB))))
        .hasMessageContaining("yard default failed: ");
    EmbeddedYard next = Bufferyard.get(system).yard();
    assertThat(get(next.snapshot()).regions().getFirst().usedBytes()).isZero();
    get(attached(next, next.importer("i"), MIB).map(DmaDirection.TO_DEVICE)).close();
  }
}
