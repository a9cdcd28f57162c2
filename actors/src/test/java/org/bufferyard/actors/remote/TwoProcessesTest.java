package org.bufferyard.actors.remote;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bufferyard.actors.extension.Bufferyard;
import org.bufferyard.actors.extension.EmbeddedYard;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.allocator.DmaDirection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A buffer in one process, used in another over Artery on the loopback. */
class TwoProcessesTest {
  private final ActorSystem<Void> system = RemotePeer.system("here");
  private final EmbeddedYard yard = Bufferyard.get(system).yard();
  private final BlockingQueue<RemoteImporterActor.Invalidated> invalidated =
      new ArrayBlockingQueue<>(10);
  private final ActorRef<RemoteImporterActor.Invalidated> listener =
      system.systemActorOf(
          Behaviors.receiveMessage(
              heard -> {
                invalidated.add(heard);
                return Behaviors.same();
              }),
          "listener",
          Props.empty());
  private final PeerProcess peer = new PeerProcess();

  @AfterEach
  void end() {
    peer.close();
    system.terminate();
    RemotePeer.get(system.getWhenTerminated());
  }

  private Wire.RemoteBuffer exposed() throws IOException {
    return (Wire.RemoteBuffer) RemotePeer.message(system, peer.order("expose"));
  }

  @Test
  void map_ofARemoteBuffer_readsWritesAndHearsOfMoves() throws Exception {
    peer.order("fill");
    Wire.RemoteBuffer buffer = exposed();
    RemoteAttachment attachment =
        RemotePeer.get(yard.remoteImporter("far", listener).attach(buffer));
    RemoteMapping mapping = RemotePeer.get(attachment.map(DmaDirection.BIDIRECTIONAL));
    long generation = mapping.generation();
    try (MemoryView view = mapping.open()) {
      for (int at = 0; at < RemotePeer.BUFFER_BYTES; at += 997) {
        assertThat(view.segment(0).get(JAVA_BYTE, at)).isEqualTo((byte) (at % 251));
      }
      view.segment(0).set(JAVA_BYTE, 2_000_000, (byte) 99);
    }
    RemotePeer.get(mapping.unmap());
    assertThat(peer.order("read 2000000")).isEqualTo("byte 99");
    assertThat(peer.order("move")).isEqualTo("moved");
    assertThat(invalidated.poll(40, TimeUnit.SECONDS))
        .isEqualTo(new RemoteImporterActor.Invalidated(buffer, generation));
    try (RemoteMapping again = RemotePeer.get(attachment.map(DmaDirection.TO_DEVICE));
        MemoryView view = again.open()) {
      assertThat(again.generation()).isGreaterThan(generation);
      assertThat(view.segment(0).get(JAVA_BYTE, 2_000_000)).isEqualTo((byte) 99);
    }
  }

  @Test
  void map_afterTheOtherProcessDied_isRefusedInTime() throws Exception {
    RemoteAttachment attachment =
        RemotePeer.get(yard.remoteImporter("far", null).attach(exposed()));
    RemoteMapping mapping = RemotePeer.get(attachment.map(DmaDirection.BIDIRECTIONAL));
    peer.die();
    try (MemoryView view = mapping.open()) {
      assertThat(view.segment(0).get(JAVA_BYTE, 0)).isZero();
    }
    assertThatThrownBy(() -> RemotePeer.get(attachment.map(DmaDirection.TO_DEVICE)))
        .hasMessageMatching(".*(ENODEV|ENOENT).*");
    mapping.close();
    for (int look = 0; RemotePeer.get(yard.snapshot()).buffers() > 0; look++) {
      assertThat(look).as("staging memory is kept").isLessThan(1000);
      Thread.onSpinWait();
    }
  }

  @Test
  void importer_thatDiesInItsProcess_letsGoInTime() throws Exception {
    SharedBuffer mine = RemotePeer.get(yard.export(BufferSpec.of("mine", RemotePeer.BUFFER_BYTES)));
    Wire.RemoteBuffer buffer = RemotePeer.get(yard.expose(mine));
    assertThat(peer.order("hold " + RemotePeer.text(system, buffer))).startsWith("held ");
    assertThat(openLeases()).isEqualTo(1);
    peer.die();
    var other =
        RemotePeer.get(
            RemotePeer.get(yard.export(BufferSpec.of("other", RemotePeer.BUFFER_BYTES)))
                .attach(yard.importer("i")));
    RemotePeer.get(other.mapPatiently(DmaDirection.TO_DEVICE)).close();
    assertThat(openLeases()).isZero();
  }

  private int openLeases() {
    return RemotePeer.get(yard.snapshot()).importers().stream()
        .mapToInt(books -> books.openLeases())
        .sum();
  }

  /** The lock is the file system's: it holds between processes, and goes with its owner. */
  @Test
  void yard_onTheSwapDirectoryOfAnotherProcess_isRefusedUntilThatDies(@TempDir Path directory)
      throws Exception {
    String config = "bufferyard.actors.yards.swapping.file.directory = \"" + directory + "\"";
    ActorSystem<Void> third = RemotePeer.system("third", config);
    try (PeerProcess owner = new PeerProcess(config)) {
      assertThat(owner.order("open swapping")).isEqualTo("opened");
      assertThatThrownBy(() -> Bufferyard.get(third).yard("swapping"))
          .hasMessageContaining("is used by another yard");
      owner.die();
      assertThat(Bufferyard.get(third).yard("swapping").hasEnded()).isFalse();
    } finally {
      third.terminate();
      RemotePeer.get(third.getWhenTerminated());
    }
  }

  @Test
  void attach_withAHandleThatWasNotExposed_isRefused() throws Exception {
    Wire.RemoteBuffer buffer = exposed();
    Wire.RemoteBuffer guessed =
        new Wire.RemoteBuffer(
            buffer.gateway(), new Handle(1, 2), buffer.buffer(), buffer.sizeBytes());
    assertThatThrownBy(() -> RemotePeer.get(yard.remoteImporter("far", null).attach(guessed)))
        .hasMessageContaining("EBADF");
    assertThat(List.of(peer.order("move"))).containsExactly("moved");
  }
}
