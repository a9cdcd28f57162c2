package org.bufferyard.simulator.mutants;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.scenario.Contents;
import org.bufferyard.simulator.soak.Relation;
import org.bufferyard.testkit.Courier;
import org.jspecify.annotations.Nullable;

/**
 * For each relation between two worlds a yard in which it does not hold: it looks at what should
 * make no difference, and refuses what it should not. Each single run of it is a right one.
 */
final class RelationMutants {
  private static final int PAGES_MAX = 8;
  private static final int EVERY = 3;

  /**
   * A mistake that shows only when two worlds are compared.
   *
   * @param change what makes the mistake in the run of a world
   */
  record RelationMutant(Relation relation, String mistake, UnaryOperator<Trial.Plan> change) {
    @Override
    public String toString() {
      return relation + ": " + mistake;
    }
  }

  private interface Refuses {
    boolean job(String device, Device.Submit job);
  }

  static final List<RelationMutant> ALL =
      List.of(
          new RelationMutant(
              Relation.MORE_ROOM,
              "some placements are refused for want of room that there is",
              plan -> plan.withCourier(Spy.of((spy, to, message) -> withoutRoom(spy, message)))),
          new RelationMutant(
              Relation.UNWATCHED,
              "a yard that is watched does a little more",
              plan -> plan.checked() ? plan.withCourier(RelationMutants::twice) : plan),
          refusing(
              Relation.RENAMED,
              "a device with a certain name is not served",
              plan -> (device, job) -> device.endsWith("-x")),
          refusing(
              Relation.REORDERED,
              "the first device is not served",
              plan -> (device, job) -> first(plan).test(device)),
          refusing(
              Relation.IDLE_DEVICES,
              "a table has room for one device",
              plan -> (device, job) -> !first(plan).test(device)),
          refusing(
              Relation.DOUBLED,
              "jobs of more pages than some limit are not served",
              plan ->
                  (device, job) -> job.uses().stream().anyMatch(use -> use.pages() > PAGES_MAX)),
          refusing(
              Relation.OTHER_POLICY,
              "the policy says who is served",
              plan -> (device, job) -> plan.scenario().policy().equals("lru")),
          refusing(
              Relation.OTHER_STORE,
              "the store says who is served",
              plan -> (device, job) -> plan.scenario().contents() == Contents.BYTES),
          refusing(
              Relation.OTHER_ORDER, "who comes first is not served", plan -> new Overtaking()));

  private interface Refusing {
    Refuses in(Trial.Plan plan);
  }

  private static RelationMutant refusing(Relation relation, String mistake, Refusing refusing) {
    return new RelationMutant(
        relation, mistake, plan -> plan.withCourier(refusing(refusing.in(plan))));
  }

  private static Courier refusing(Refuses refuses) {
    return (from, to, message) -> {
      if (message instanceof Device.Submit job && refuses.job(to.name(), job)) {
        job.replyTo()
            .tell(new Device.JobRefused(job.token(), new Refusal(Errno.EIO, "not served")));
        return null;
      }
      return message;
    };
  }

  private static Predicate<String> first(Trial.Plan plan) {
    return ("device-" + plan.scenario().devices().getFirst().name())::equals;
  }

  /** Whom another client's job has just overtaken. */
  private static final class Overtaking implements Refuses {
    private int last = -1;

    @Override
    public boolean job(String device, Device.Submit job) {
      boolean overtaken = job.client().value() < last;
      last = job.client().value();
      return overtaken;
    }
  }

  private static Object twice(@Nullable Object from, Object to, Object message) {
    return message instanceof Buffer.Signal
        ? new Courier.Several(List.of(message, message))
        : message;
  }

  private static @Nullable Object withoutRoom(Spy spy, Object message) {
    if (message instanceof Migration.Demand demand) {
      Spy.Seen seen = spy.of(demand.buffer().buffer());
      if (seen != null && seen.region < 0 && seen.id.value() % EVERY == 0) {
        seen.ref.tell(new Buffer.DemandRefused(new Refusal(Errno.ENOSPC, "no room")));
        return null;
      }
    }
    return message;
  }

  private RelationMutants() {}
}
