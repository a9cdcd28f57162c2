package org.bufferyard.actors.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.buffer.BufferRig.HANDLE;
import static org.bufferyard.actors.buffer.BufferRig.OWNER;
import static org.bufferyard.actors.buffer.BufferRig.VRAM;

import java.util.List;
import java.util.stream.Stream;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.Topology.RegionPlace;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session.ExportSpec;
import org.bufferyard.actors.session.ExportCheckDoor;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile importer may ask of a buffer, number by number of docs/bad-inputs.md. */
class HostileRequestsTest {
  private final BufferRig rig = new BufferRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void expectRefused(Errno errno) {
    List<Importer.Refused> refused = rig.all(rig.toImporters, Importer.Refused.class);
    assertThat(refused).isNotEmpty();
    assertThat(refused.getLast().requestId()).isEqualTo(rig.lastRequest());
    assertThat(refused.getLast().refusal().errno()).isEqualTo(errno);
  }

  private static Stream<Handle> flipped() {
    Stream.Builder<Handle> handles = Stream.builder();
    for (int bit = 0; bit < Long.SIZE; bit++) {
      handles.add(new Handle(HANDLE.high() ^ 1L << bit, HANDLE.low()));
      handles.add(new Handle(HANDLE.high(), HANDLE.low() ^ 1L << bit));
    }
    return handles.build();
  }

  @ParameterizedTest
  @MethodSource("flipped")
  void attach_handleWithOneBitFlipped_ebadf(Handle flipped) {
    rig.tell(rig.attachRequest(rig.header(OWNER, 3, flipped), true, false, "VRAM"));
    expectRefused(Errno.EBADF);
  }

  @Test
  void map_handleThatWasClosed_ebadf() {
    int attachment = rig.mapped();
    rig.release();
    rig.map(attachment, 9);
    expectRefused(Errno.EBADF);
  }

  @Test
  void unmap_twice_enoentAndTheSecondFreesNothing() {
    int attachment = rig.mapped();
    rig.unmap(attachment, 1);
    rig.unmap(attachment, 1);
    expectRefused(Errno.ENOENT);
    assertThat(rig.all(rig.toImporters, Importer.Unmapped.class)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE - 10, BufferRig.PAGES, 1L << 40})
  void use_firstPageOutside_einvalWithoutOverflow(long firstPage) {
    int attachment = rig.mapped();
    rig.tell(
        new Buffer.Use(
            rig.header(),
            attachment,
            1,
            FenceUsage.WRITE,
            BufferRig.ticket(1),
            firstPage,
            100,
            rig.importer()));
    expectRefused(Errno.EINVAL);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, BufferRig.PAGES + 1})
  void use_pagesOfNoSense_einval(long pages) {
    int attachment = rig.mapped();
    rig.tell(
        new Buffer.Use(
            rig.header(),
            attachment,
            1,
            FenceUsage.READ,
            BufferRig.ticket(1),
            0,
            pages,
            rig.importer()));
    expectRefused(Errno.EINVAL);
  }

  @Test
  void map_attachmentThatIsNone_enoent() {
    rig.mapped();
    for (int attachment : new int[] {0, -1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      rig.map(rig.header(), attachment, DmaDirection.TO_DEVICE, 1);
      expectRefused(Errno.ENOENT);
    }
  }

  /** A message that comes again has no second effect: the pin of another stays. */
  @Test
  void unpin_replayed_einvalAndOtherPinsStay() {
    int one = rig.mapped();
    int other = rig.attach(true, "VRAM");
    rig.tell(new Buffer.Pin(rig.header(), one, rig.importer()));
    rig.tell(new Buffer.Pin(rig.header(), other, rig.importer()));
    Buffer.Unpin unpin = new Buffer.Unpin(rig.header(), one, rig.importer());
    rig.tell(unpin);
    rig.tell(unpin);
    assertThat(rig.all(rig.toImporters, Importer.Unpinned.class)).hasSize(1);
    expectRefused(Errno.EINVAL);
    rig.unmap(one, 1);
    rig.prepare(3, 99);
    assertThat(rig.all(rig.toMigration, Migration.Busy.class)).hasSize(1);
  }

  /** Once more than a buffer takes, and as if nothing had been asked. */
  @Test
  void attach_oneTooMany_edquotAndTheOthersStay() {
    int last = 0;
    for (int each = 0; each < YardSettings.USERS_MAX; each++) {
      last = rig.attach(true, "VRAM");
    }
    rig.tell(rig.attachRequest(rig.header(), true, false, "VRAM"));
    expectRefused(Errno.EDQUOT);
    rig.tell(new Buffer.Detach(rig.header(), last, rig.importer()));
    assertThat(rig.attach(true, "VRAM")).isEqualTo(last + 1);
  }

  @Test
  void share_oneTooMany_edquotAndTheBufferKnowsNothingOfIt() {
    for (int each = 1; each < YardSettings.USERS_MAX; each++) {
      rig.tell(rig.share(rig.header(), new Handle(7, each), Rights.MAP));
    }
    assertThat(rig.all(rig.toClients, HandleReply.Shared.class))
        .hasSize(YardSettings.USERS_MAX - 1);
    Handle tooMany = new Handle(8, 8);
    rig.tell(rig.share(rig.header(), tooMany, Rights.MAP));
    HandleReply.Refused refused = rig.last(rig.toClients, HandleReply.Refused.class);
    assertThat(refused.refusal().errno()).isEqualTo(Errno.EDQUOT);
    rig.tell(rig.attachRequest(rig.header(BufferRig.STRANGER, 1, tooMany), true, false, "VRAM"));
    expectRefused(Errno.EBADF);
  }

  /** Its own job still runs there: the memory does not go before the fence. */
  @Test
  void unmap_whileItsOwnJobRuns_theMoveWaitsForTheFence() {
    int attachment = rig.mapped();
    rig.use(attachment, 1, FenceUsage.WRITE, 1);
    rig.unmap(attachment, 1);
    rig.prepare(3, 0);
    assertThat(rig.all(rig.toMigration, Migration.Prepared.class)).isEmpty();
    rig.tell(new Buffer.Signal(BufferRig.ticket(1), true));
    assertThat(rig.all(rig.toMigration, Migration.Prepared.class)).hasSize(1);
  }

  /** A completion that comes twice, or of a job that was never here, ends no other's. */
  @Test
  void signal_twiceOrOfNothing_noOtherFenceGoes() {
    int attachment = rig.mapped();
    rig.use(attachment, 1, FenceUsage.READ, 1);
    rig.use(attachment, 1, FenceUsage.READ, 2);
    for (int again = 0; again < 3; again++) {
      rig.tell(new Buffer.Signal(BufferRig.ticket(1), true));
      rig.tell(new Buffer.Signal(BufferRig.ticket(77), false));
    }
    rig.unmap(attachment, 1);
    rig.prepare(3, 0);
    assertThat(rig.all(rig.toMigration, Migration.Prepared.class)).isEmpty();
    rig.tell(new Buffer.Signal(BufferRig.ticket(2), true));
    assertThat(rig.all(rig.toMigration, Migration.Prepared.class)).hasSize(1);
  }

  private static Refusal export(long sizeBytes, List<Integer> preferred, int priority) {
    Topology topology =
        new Topology(List.of(new RegionPlace("VRAM", 512, 64, Topology.NONE, false)), List.of());
    return ExportCheckDoor.refusal(
        new ExportSpec(0, "b", sizeBytes, preferred, priority, false), topology);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 4095})
  void export_sizeOfNoSense_einval(long sizeBytes) {
    assertThat(export(sizeBytes, List.of(), 0).errno()).isEqualTo(Errno.EINVAL);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void export_regionThatIsNone_einval(int region) {
    assertThat(export(4096, List.of(region), 0).errno()).isEqualTo(Errno.EINVAL);
    assertThat(VRAM).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4, Integer.MAX_VALUE})
  void export_priorityOfNoSense_einval(int priority) {
    assertThat(export(4096, List.of(), priority).errno()).isEqualTo(Errno.EINVAL);
  }
}
