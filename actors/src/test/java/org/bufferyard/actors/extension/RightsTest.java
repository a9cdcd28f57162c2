package org.bufferyard.actors.extension;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.ClientRef;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.ImporterNotice;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a handle permits, how much may be pinned, and what becomes of a buffer taken away. */
class RightsTest {
  private static final int MIB = EmbedRig.MIB;

  private final EmbedRig rig =
      new EmbedRig(
          "memory = 4 MiB, file.size = 16 MiB, pins { per-buffer = 2, per-client = 2 MiB }");
  private final HostImporter importer = rig.importer("test");

  @AfterEach
  void close() {
    rig.close();
  }

  private ClientRef client() {
    return rig.system.inside(() -> rig.yard.client());
  }

  @Test
  void map_ofAHandleSharedForReading_permitsNoWriting() {
    SharedBuffer mine = rig.export("mine", MIB);
    SharedBuffer theirs = rig.get(mine.share(client(), Rights.READ));
    BufferAttachment reading = rig.get(theirs.attach(importer));
    for (DmaDirection writes : List.of(DmaDirection.FROM_DEVICE, DmaDirection.BIDIRECTIONAL)) {
      assertThat(rig.refusal(reading.map(writes)).errno()).isEqualTo(Errno.EACCES);
    }
    try (Mapping writing = rig.get(rig.get(mine.attach(importer)).map(DmaDirection.FROM_DEVICE));
        MemoryView view = writing.open()) {
      view.segment(0).set(JAVA_BYTE, 7, (byte) 99);
    }
    try (Mapping mapping = rig.get(reading.map(DmaDirection.TO_DEVICE));
        MemoryView view = mapping.open()) {
      assertThat(view.segment(0).get(JAVA_BYTE, 7)).isEqualTo((byte) 99);
      assertThat(view.segment(0).isReadOnly()).isTrue();
    }
    assertThat(rig.refusal(reading.map(DmaDirection.FROM_DEVICE)).toString())
        .startsWith("EACCES: ")
        .contains("was shared for reading");
  }

  /** The buffer looks at its own table, not at what the message claims. */
  @Test
  void map_byAHandleThatClaimsMoreThanItHas_isRefusedByTheBuffer() {
    SharedBuffer theirs = rig.get(rig.export("mine", MIB).share(client(), Rights.READ));
    Session.Grant grant = theirs.grant();
    SharedBuffer forged =
        new SharedBuffer(
            theirs.client(),
            theirs.epoch(),
            new Session.Grant(
                grant.cookie(),
                grant.buffer(),
                grant.handle(),
                Rights.ALL,
                grant.sizePages(),
                grant.ref()),
            MIB,
            theirs.holder());
    BufferAttachment attachment = rig.get(forged.attach(importer));
    assertThat(rig.refusal(attachment.map(DmaDirection.FROM_DEVICE)).errno())
        .isEqualTo(Errno.EACCES);
    assertThat(rig.refusal(forged.share(client(), Rights.MAP)).errno()).isEqualTo(Errno.EPERM);
  }

  @Test
  void pin_beyondTheQuota_isRefusedUntilOneIsGiven() {
    assertThat(rig.yard.pinQuota().perBuffer()).isEqualTo(2);
    assertThat(rig.yard.pinQuota().pagesPerClient()).isEqualTo(512);
    BufferAttachment first = rig.attached(importer, MIB);
    rig.get(first.pin());
    rig.get(first.pin());
    assertThat(rig.refusal(first.pin()).errno()).isEqualTo(Errno.EDQUOT);
    rig.get(rig.attached(importer, MIB).pin());
    BufferAttachment third = rig.attached(importer, 4096);
    assertThat(rig.refusal(third.pin()).errno()).isEqualTo(Errno.EDQUOT);
    rig.get(first.unpin());
    rig.get(first.unpin());
    rig.get(third.pin());
  }

  @Test
  void revoke_whileLeased_tellsTheImporterAndWaitsForTheLease() {
    List<ImporterNotice> heard = new ArrayList<>();
    HostImporter watched =
        rig.system.inside(
            () -> {
              ActorRef<ImporterNotice> ear =
                  rig.system
                      .system()
                      .systemActorOf(
                          Behaviors.<ImporterNotice>receiveMessage(
                              notice -> {
                                heard.add(notice);
                                return Behaviors.same();
                              }),
                          "ear",
                          Props.empty());
              return rig.yard.importer("watched", true, ear);
            });
    BufferAttachment attachment = rig.attached(watched, MIB);
    Mapping lease = rig.get(attachment.map(DmaDirection.BIDIRECTIONAL));
    var revoked = rig.yard.application().revoke(attachment.buffer());
    rig.idle();
    assertThat(heard)
        .singleElement()
        .isInstanceOfSatisfying(
            ImporterNotice.Lost.class,
            lost -> {
              assertThat(lost.attachment()).isEqualTo(attachment);
              assertThat(lost.why().errno()).isEqualTo(Errno.ENODEV);
            });
    assertThat(revoked.toCompletableFuture()).isNotDone();
    try (MemoryView view = lease.open()) {
      view.segment(0).set(JAVA_BYTE, 0, (byte) 1);
    }
    lease.close();
    rig.get(revoked);
    assertThat(rig.refusal(attachment.map(DmaDirection.TO_DEVICE)).errno()).isEqualTo(Errno.ENODEV);
    assertThat(rig.snapshot().regions().getFirst().usedBytes()).isZero();
  }

  @Test
  void revoke_withoutTheRight_isRefusedAndNothingIsTaken() {
    SharedBuffer mine = rig.export("mine", MIB);
    ClientRef other = client();
    SharedBuffer theirs = rig.get(mine.share(other, Rights.MAP));
    assertThat(rig.refusal(other.revoke(theirs)).errno()).isEqualTo(Errno.EPERM);
    assertThat(rig.refusal(other.revoke(mine)).errno()).isEqualTo(Errno.EBADF);
    rig.get(rig.get(mine.attach(importer)).map(DmaDirection.TO_DEVICE)).close();
  }
}
