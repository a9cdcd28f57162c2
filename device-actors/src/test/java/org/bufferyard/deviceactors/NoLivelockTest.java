package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.bufferyard.testkit.junit.Seeded;

/**
 * Work that never pauses does not keep a buffer from moving, and moves do not keep it from ending.
 */
class NoLivelockTest {
  private static final long PAGES = 64;
  private static final int JOBS = 300;
  private static final int AT_ONCE = 4;

  /** Submits the next job as soon as one is done. */
  private static final class Pump {
    private final ActorRef<Device.Command> device;
    private final Session.Grant buffer;
    private final List<Device.Reply> replies;
    private int submitted;

    Pump(ActorRef<Device.Command> device, Session.Grant buffer, List<Device.Reply> replies) {
      this.device = device;
      this.buffer = buffer;
      this.replies = replies;
    }

    Behavior<Device.Reply> pumping() {
      return Behaviors.setup(
          context -> {
            for (int i = 0; i < AT_ONCE; i++) {
              submit(context.getSelf());
            }
            return Behaviors.receiveMessage(
                reply -> {
                  replies.add(reply);
                  submit(context.getSelf());
                  return Behaviors.same();
                });
          });
    }

    private void submit(ActorRef<Device.Reply> self) {
      if (submitted < JOBS) {
        DmaDirection direction =
            submitted % 3 == 0 ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
        device.tell(
            new Device.Submit(
                YardRig.CLIENT,
                YardRig.EPOCH,
                ++submitted,
                List.of(Device.Use.of(buffer, direction, 0, PAGES)),
                0,
                self));
      }
    }
  }

  @Seeded(runs = 10)
  void evictedUnderSteadyWork_moveAndWorkBothEnd(long seed) {
    Member importer = Member.of(CatalogKind.IMPORTER, "importer");
    try (YardRig rig = new YardRig(seed, Faults.NONE, importer, importer)) {
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      List<Device.Reply> replies = new ArrayList<>();
      rig.spawn(new Pump(rig.device(0), buffer, replies).pumping());
      rig.spawn(new Pump(rig.device(1), buffer, replies).pumping());
      for (int round = 0; round < 5; round++) {
        Session.Grant whole = rig.export(YardRig.REGION_PAGES, YardRig.SYSTEM);
        assertThat(rig.cpu(whole, DmaDirection.TO_DEVICE)).isInstanceOf(Session.CpuDone.class);
        rig.release(whole);
      }
      rig.run(2_000);
      assertThat(rig.migration().evictions()).isPositive();
      assertThat(replies).hasSize(2 * JOBS).allMatch(Device.JobDone.class::isInstance);
      assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
      assertThat(rig.events).noneMatch(YardEvent.Laggard.class::isInstance);
    }
  }
}
