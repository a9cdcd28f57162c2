package org.bufferyard.actors.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.environment.PinQuota;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.testkit.Exhaustive;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Revoking, offering, reclaiming, pinning and releasing among an importer, an owner and migration,
 * in every order of the messages on their way: each request is answered once, each placement comes
 * back once, and in the end the buffer is gone. The parties keep to the protocol, at any time they
 * like.
 */
class LifeOrdersTest {
  /** What an owner does, one after the other. */
  private enum Deed {
    OFFER,
    RECLAIM,
    REVOKE,
    CPU,
    RELEASE
  }

  /** Three parties and the messages that each has still to send, in order. */
  private static final class Play implements AutoCloseable {
    private static final long MOVE = 40;

    private final BufferRig rig;
    private final int attachment;
    private final ArrayDeque<Runnable> importer = new ArrayDeque<>();
    private final ArrayDeque<Runnable> owner = new ArrayDeque<>();
    private final ArrayDeque<Runnable> migration = new ArrayDeque<>();
    private final LinkedHashSet<Long> asked = new LinkedHashSet<>();
    private int heardImporter;
    private int heardMigration;
    private int heardClient;
    private int heardSession;
    private int placements;
    private boolean released;

    Play(PinQuota quota, List<Deed> deeds, boolean pins) {
      rig = new BufferRig(quota);
      attachment = rig.attach(true, "VRAM", "SYSTEM");
      importer.add(this::map);
      if (pins) {
        importer.add(this::pin);
      }
      deeds.forEach(deed -> owner.add(() -> perform(deed)));
      migration.add(() -> rig.prepare(MOVE, 0));
      react();
    }

    private void request(Buffer.Request request) {
      asked.add(request.header().requestId());
      rig.tell(request);
    }

    private void map() {
      request(
          new Buffer.Map(
              rig.header(),
              attachment,
              DmaDirection.BIDIRECTIONAL,
              BufferRig.ticket(1),
              rig.importer()));
    }

    private void pin() {
      request(new Buffer.Pin(rig.header(), attachment, rig.importer()));
    }

    private void perform(Deed deed) {
      switch (deed) {
        case OFFER -> request(new Buffer.Offer(rig.header(), rig.client()));
        case RECLAIM -> request(new Buffer.Reclaim(rig.header(), rig.client()));
        case REVOKE -> request(new Buffer.Revoke(rig.header(), rig.client()));
        case CPU ->
            request(
                new Buffer.BeginCpu(
                    rig.header(), DmaDirection.TO_DEVICE, 0, BufferRig.PAGES, rig.client()));
        case RELEASE -> {
          released = true;
          request(new Buffer.Release(rig.header(), rig.client()));
        }
      }
    }

    private List<ArrayDeque<Runnable>> ready() {
      return List.of(importer, owner, migration).stream().filter(each -> !each.isEmpty()).toList();
    }

    /** One party sends its next message; what that brings about makes others' next ones. */
    void step(int choice) {
      ready().get(choice).removeFirst().run();
      react();
    }

    private void react() {
      for (; heardImporter < rig.toImporters.size(); heardImporter++) {
        onImporter((Importer.Event) rig.toImporters.get(heardImporter));
      }
      for (; heardMigration < rig.toMigration.size(); heardMigration++) {
        onMigration(rig.toMigration.get(heardMigration));
      }
      for (; heardClient < rig.toClients.size(); heardClient++) {
        if (rig.toClients.get(heardClient) instanceof Buffer.CpuOpened opened) {
          owner.addFirst(() -> endCpu(opened.requestId()));
        }
      }
      for (; heardSession < rig.toSession.size(); heardSession++) {
        if (rig.toSession.get(heardSession) instanceof Session.ChargePin) {
          owner.addLast(() -> rig.tell(new Buffer.PinCharged(BufferRig.OWNER, null)));
        }
      }
    }

    private void endCpu(long bracket) {
      request(new Buffer.EndCpu(rig.header(), bracket, true, rig.client()));
    }

    private void onImporter(Importer.Event event) {
      switch (event) {
        case Importer.Mapped mapped -> {
          importer.addLast(() -> use(mapped.generation()));
          importer.addLast(() -> rig.tell(new Buffer.LetGo(BufferRig.ticket(1))));
        }
        case Importer.UseGranted granted ->
            importer.addLast(() -> rig.tell(new Buffer.Signal(BufferRig.ticket(1), true)));
        case Importer.Invalidate gone -> importer.addLast(() -> unmap(gone.generation()));
        case Importer.Revoked gone -> importer.addLast(() -> unmap(gone.generation()));
        default -> {}
      }
    }

    private void use(long generation) {
      request(
          new Buffer.Use(
              rig.header(),
              attachment,
              generation,
              FenceUsage.WRITE,
              BufferRig.ticket(1),
              0,
              BufferRig.PAGES,
              rig.importer()));
    }

    private void unmap(long generation) {
      request(new Buffer.Unmap(rig.header(), attachment, generation, rig.importer()));
    }

    private void onMigration(Object message) {
      switch (message) {
        case Migration.Demand demand when demand.optional() ->
            migration.addLast(
                () -> rig.tell(new Buffer.DemandRefused(new Refusal(Errno.EAGAIN, "stay"))));
        case Migration.Demand demand ->
            migration.addLast(
                () -> {
                  placements++;
                  rig.placed(BufferRig.VRAM);
                });
        case Migration.Prepared prepared ->
            migration.addLast(
                () -> {
                  placements++;
                  rig.landed(prepared.move(), BufferRig.SYSTEM);
                });
        default -> {}
      }
    }

    /** All have sent all: what is left is let go of, and the buffer has to end. */
    void finish() {
      while (!ready().isEmpty()) {
        step(0);
      }
      request(new Buffer.Detach(rig.header(), attachment, rig.importer()));
      react();
      if (!released) {
        perform(Deed.RELEASE);
        react();
      }
      while (!ready().isEmpty()) {
        step(0);
      }
    }

    void check() {
      for (long id : asked) {
        assertThat(answers(id)).as("answers to request %d", id).isEqualTo(1);
      }
      int returned =
          rig.all(rig.toRegions, Region.Buried.class).size()
              + rig.all(rig.toMigration, Migration.Purged.class).size()
              + rig.all(rig.toMigration, Migration.Settled.class).size();
      assertThat(returned).as("placements that came back").isEqualTo(placements);
      assertThat(rig.all(rig.toSlab, Slab.Gone.class))
          .extracting(Slab.Gone::buffer)
          .containsExactly(new BufferId(0));
      assertThat(rig.all(rig.toSession, Session.UnchargePin.class)).hasSameSizeAs(charged());
    }

    private Collection<Session.ChargePin> charged() {
      return rig.all(rig.toSession, Session.ChargePin.class);
    }

    private long answers(long id) {
      return rig.everything().stream()
          .filter(message -> message instanceof Record)
          .filter(message -> !(message instanceof Buffer.CpuRecalled))
          .filter(message -> answers((Record) message, id))
          .count();
    }

    private static boolean answers(Record message, long id) {
      return Arrays.stream(message.getClass().getRecordComponents())
          .filter(component -> component.getName().equals("requestId"))
          .anyMatch(
              component -> {
                try {
                  return component.getAccessor().invoke(message).equals(id);
                } catch (ReflectiveOperationException impossible) {
                  throw new LinkageError("a reply hides its request id", impossible);
                }
              });
    }

    @Override
    public void close() {
      rig.close();
    }
  }

  private record Scene(String name, boolean pins, List<Deed> deeds) {}

  private static final List<Scene> SCENES =
      List.of(
          new Scene("revoke and release", false, List.of(Deed.REVOKE, Deed.RELEASE)),
          new Scene("revoke twice", false, List.of(Deed.REVOKE, Deed.REVOKE)),
          new Scene("offer and reclaim", false, List.of(Deed.OFFER, Deed.RECLAIM)),
          new Scene("offer and release", false, List.of(Deed.OFFER, Deed.RELEASE)),
          new Scene("write and revoke", false, List.of(Deed.CPU, Deed.REVOKE)),
          new Scene("pin and revoke", true, List.of(Deed.REVOKE)),
          new Scene("pin and release", true, List.of(Deed.RELEASE)));

  /** The first choices in every order, the rest one party after the other. */
  private static final int CHOICES = 6;

  @TestFactory
  List<DynamicTest> everyOrder() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Scene scene : SCENES) {
      tests.add(
          DynamicTest.dynamicTest(
              scene.name(),
              () ->
                  assertThat(
                          Exhaustive.check(
                              choices -> play(scene, CHOICES, bound -> choices.below(bound))))
                      .isGreaterThan(30)));
    }
    return tests;
  }

  private interface Chooser {
    int below(int bound);
  }

  private static void play(Scene scene, int choices, Chooser chooser) {
    PinQuota quota = new PinQuota(2, scene.pins() ? 1_000 : Long.MAX_VALUE);
    try (Play play = new Play(quota, scene.deeds(), scene.pins())) {
      for (int i = 0; i < choices && !play.ready().isEmpty(); i++) {
        play.step(chooser.below(play.ready().size()));
      }
      play.finish();
      play.check();
    }
  }

  private static final Deed[] ANY = {Deed.OFFER, Deed.RECLAIM, Deed.CPU, Deed.REVOKE};

  @Seeded(runs = 200)
  void anyDeeds_anyOrder(SeededRun run) {
    RandomGenerator random = run.random("deeds");
    List<Deed> deeds = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      deeds.add(ANY[random.nextInt(ANY.length)]);
    }
    deeds.add(Deed.RELEASE);
    play(new Scene("any", random.nextBoolean(), deeds), 60, random::nextInt);
  }
}
