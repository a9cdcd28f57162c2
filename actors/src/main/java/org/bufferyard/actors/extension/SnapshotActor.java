package org.bufferyard.actors.extension;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.yard.Yard;
import org.bufferyard.allocator.Pages;
import org.jspecify.annotations.Nullable;

/** Collects one snapshot and ends; what has not answered within a second is left out. */
final class SnapshotActor {
  sealed interface Command {}

  private record Used(Region.Occupancy occupancy) implements Command {}

  private record Moved(Migration.Books books) implements Command {}

  private record Kept(Slab.Books books) implements Command {}

  private record Leased(ImporterActor.Books books) implements Command {}

  private record TimeUp() implements Command {}

  private static final Duration LIMIT = Duration.ofSeconds(1);

  static Behavior<Command> create(
      String name,
      long epoch,
      Yard yard,
      List<ActorRef<ImporterActor.Command>> importers,
      ActorRef<YardSnapshot> replyTo) {
    return Behaviors.setup(
        context -> new SnapshotActor(name, epoch, yard, replyTo).asking(context, importers));
  }

  private final String name;
  private final long epoch;
  private final Yard yard;
  private final ActorRef<YardSnapshot> replyTo;
  private final List<Region.Occupancy> regions = new ArrayList<>();
  private final List<ImporterActor.Books> leases = new ArrayList<>();
  private Migration.@Nullable Books moves;
  private long buffers;
  private int missing;

  private SnapshotActor(String name, long epoch, Yard yard, ActorRef<YardSnapshot> replyTo) {
    this.name = name;
    this.epoch = epoch;
    this.yard = yard;
    this.replyTo = replyTo;
  }

  private Behavior<Command> asking(
      ActorContext<Command> context, List<ActorRef<ImporterActor.Command>> importers) {
    missing = yard.regions().size() + yard.slabs().size() + importers.size() + 1;
    ActorRef<Region.Occupancy> used = context.messageAdapter(Region.Occupancy.class, Used::new);
    ActorRef<Slab.Books> kept = context.messageAdapter(Slab.Books.class, Kept::new);
    ActorRef<ImporterActor.Books> leased =
        context.messageAdapter(ImporterActor.Books.class, Leased::new);
    yard.regions().forEach(region -> region.tell(new Region.Sample(used)));
    yard.slabs().forEach(slab -> slab.tell(new Slab.CloseBooks(kept)));
    importers.forEach(importer -> importer.tell(new ImporterActor.Sample(leased)));
    yard.migration()
        .tell(new Migration.CloseBooks(context.messageAdapter(Migration.Books.class, Moved::new)));
    context.scheduleOnce(LIMIT, context.getSelf(), new TimeUp());
    return Behaviors.receiveMessage(this::collect);
  }

  private Behavior<Command> collect(Command command) {
    missing--;
    switch (command) {
      case Used(var occupancy) -> regions.add(occupancy);
      case Moved(var books) -> moves = books;
      case Kept(var books) -> buffers += books.alive();
      case Leased(var books) -> leases.add(books);
      case TimeUp() -> missing = 0;
    }
    if (missing > 0) {
      return Behaviors.same();
    }
    replyTo.tell(snapshot());
    return Behaviors.stopped();
  }

  private YardSnapshot snapshot() {
    regions.sort(Comparator.comparingInt(Region.Occupancy::region));
    Migration.Books done = moves;
    return new YardSnapshot(
        name,
        epoch,
        regions.stream().map(this::use).toList(),
        buffers,
        done == null ? 0 : done.evictions(),
        done == null ? 0 : done.migrations(),
        done == null ? 0 : done.moved().stream().mapToLong(Migration.LinkBytes::bytes).sum(),
        done == null ? 0 : done.movesInFlight(),
        leases);
  }

  private YardSnapshot.RegionUse use(Region.Occupancy at) {
    return new YardSnapshot.RegionUse(
        yard.environment().topology().region(at.region()).name(),
        Pages.toBytes(at.capacityPages()),
        Pages.toBytes(at.usedPages()),
        Pages.toBytes(at.peakResidentPages()),
        at.residents());
  }
}
