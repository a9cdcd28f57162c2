package org.bufferyard.actors.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.Rigs.SYSTEM;
import static org.bufferyard.actors.rig.Rigs.VRAM;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.rig.Rigs;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.validate.Place;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.Test;

/** Demands for room in full regions whose policies decline whatever they may. */
class DeclinedDemandTest {
  private final List<String> picks = new ArrayList<>();
  private final List<Buffer.Command> toBuffer = new ArrayList<>();

  @Test
  void demand_declinedAndNoRoomElsewhere_isInsistedOnOnce() {
    demand(Migration.NOWHERE, false);
    assertThat(picks).containsExactly("0 declinable", "1 must", "0 must", "1 must");
    assertThat(toBuffer).singleElement().isInstanceOf(Buffer.DemandRefused.class);
  }

  /** The buffer stays where it is. */
  @Test
  void demand_optionalAndDeclined_isRefused() {
    demand(SYSTEM, true);
    assertThat(picks).containsExactly("0 declinable");
    assertThat(toBuffer).singleElement().isInstanceOf(Buffer.DemandRefused.class);
  }

  private void demand(int at, boolean optional) {
    List<Place> places =
        optional ? List.of(Place.in(VRAM)) : List.of(Place.in(VRAM), Place.in(SYSTEM));
    Behavior<Void> root =
        Behaviors.setup(
            context -> {
              ActorRef<Migration.Command> migration = open(context);
              ActorRef<Buffer.Command> buffer = Rigs.probe(context, "buffer", toBuffer);
              ClientId client = new ClientId(3);
              migration.tell(
                  new Migration.Demand(
                      new Region.Resident(new BufferId(1), buffer, client, 4, 2),
                      places,
                      at,
                      Extents.NONE,
                      optional,
                      new Ticket(0, new DeviceId(3), 1),
                      client));
              return Behaviors.empty();
            });
    try (var system = DeterministicSystem.create(root, "rig", Settings.seed(1))) {
      system.runFor(Duration.ofMillis(1));
    }
  }

  private ActorRef<Migration.Command> open(ActorContext<Void> context) {
    Environment environment =
        Rigs.environment(
            context, Rigs.vramAndSystem(64), new PhysicalMemory(PhysicalMemory.Kind.TAGS));
    List<ActorRef<Region.Command>> regions =
        List.of(
            context.spawn(full(VRAM), "region-VRAM"), context.spawn(full(SYSTEM), "region-SYSTEM"));
    return context.spawn(
        MigrationActor.create(environment, new Yardmates(regions, List.of())), "migration");
  }

  /** Nothing fits, nothing can be evicted. */
  private Behavior<Region.Command> full(int region) {
    return Behaviors.receiveMessage(
        message -> {
          switch (message) {
            case Region.Reserve reserve ->
                reserve
                    .replyTo()
                    .tell(
                        new Migration.NoRoom(
                            region, reserve.demand(), 4, 0, new Refusal(Errno.ENOMEM, "full")));
            case Region.PickVictims pick -> {
              picks.add(region + (pick.declinable() ? " declinable" : " must"));
              pick.replyTo()
                  .tell(
                      pick.declinable()
                          ? new Migration.Declined(region, region, pick.demand())
                          : new Migration.Victims(region, region, pick.demand(), List.of(), false));
            }
            default -> {}
          }
          return Behaviors.same();
        });
  }
}
