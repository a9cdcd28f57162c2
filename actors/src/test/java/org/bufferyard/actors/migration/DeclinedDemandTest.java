package org.bufferyard.actors.migration;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.PlacementChoice;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.Test;

/** Demands for room in full regions whose policies decline whatever they may. */
class DeclinedDemandTest {
  private static final int VRAM = 0;
  private static final int SYSTEM = 1;

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
    List<PlacementChoice> choices =
        optional
            ? List.of(choice(VRAM, "VRAM"))
            : List.of(choice(VRAM, "VRAM"), choice(SYSTEM, "SYSTEM"));
    Behavior<Void> root =
        Behaviors.setup(
            context -> {
              ActorRef<Migration.Command> migration = open(context);
              ActorRef<Buffer.Command> buffer =
                  context.spawn(
                      Behaviors.receiveMessage(
                          message -> {
                            toBuffer.add(message);
                            return Behaviors.same();
                          }),
                      "buffer");
              ClientId client = new ClientId(3);
              migration.tell(
                  new Migration.Demand(
                      new Region.Resident(new BufferId(1), buffer, client, 4, 2),
                      choices,
                      at,
                      optional,
                      new Ticket(0, new DeviceId(3), 1),
                      client));
              return Behaviors.empty();
            });
    try (var system = DeterministicSystem.create(root, "rig", Settings.seed(1))) {
      system.runFor(Duration.ofMillis(1));
    }
  }

  private static PlacementChoice choice(int region, String name) {
    return new PlacementChoice(
        region, name, false, 4096, 0, Long.MAX_VALUE, PlacementChoice.Rank.DESIRED, List.of());
  }

  private ActorRef<Migration.Command> open(ActorContext<Void> context) {
    Topology topology =
        new Topology(
            List.of(
                new Topology.RegionPlace("VRAM", 0, 64, Topology.NONE, false),
                new Topology.RegionPlace("SYSTEM", 64, 64, Topology.NONE, false)),
            List.of(
                new Topology.LinkPlace(VRAM, SYSTEM, 1 << 30, 0),
                new Topology.LinkPlace(SYSTEM, VRAM, 1 << 30, 0)));
    Environment environment =
        new Environment(
            ModelClock.scaled(() -> 0, 1),
            name -> NamedRandom.stream(1, name),
            Faults.NONE,
            topology,
            YardSettings.defaults(),
            new PhysicalMemory(PhysicalMemory.Kind.TAGS),
            context.getSystem().ignoreRef());
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
                            region, reserve.demand(), 4, new Refusal(Errno.ENOMEM, "full")));
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
