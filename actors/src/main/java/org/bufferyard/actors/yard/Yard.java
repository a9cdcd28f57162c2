package org.bufferyard.actors.yard;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.buffer.Placer;
import org.bufferyard.actors.buffer.SlabActor;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.iommu.IommuActor;
import org.bufferyard.actors.migration.LinkActor;
import org.bufferyard.actors.migration.MigrationActor;
import org.bufferyard.actors.migration.Yardmates;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Link;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.Waits;
import org.bufferyard.actors.region.RegionActor;
import org.bufferyard.actors.session.SessionActor;
import org.bufferyard.actors.waits.WaitsActor;
import org.bufferyard.allocator.iommu.DomainSettings;

/**
 * The actors of one open yard. They are children of the actor that opened it and stop with it.
 *
 * @param regions by region index
 * @param iommus in the order of the plan
 * @param waits tells at any time who waits for whom
 */
public record Yard(
    Environment environment,
    List<ActorRef<Region.Command>> regions,
    ActorRef<Migration.Command> migration,
    List<ActorRef<Iommu.Command>> iommus,
    List<ActorRef<Slab.Command>> slabs,
    ActorRef<Waits.Command> waits) {
  /**
   * An IOMMU and the domains of the devices behind it.
   *
   * @param domains index is the domain's number
   */
  public record IommuPlan(String name, List<DomainSettings> domains) {}

  /** Spawns the yard's actors as children of {@code context}'s actor. */
  public static Yard open(
      ActorContext<?> context,
      Environment environment,
      Regions regionPlan,
      List<IommuPlan> iommuPlan,
      int slabCount) {
    return open(context, environment, regionPlan, iommuPlan, slabCount, Props.empty());
  }

  /**
   * As above, where copies to and from files take their own dispatcher.
   *
   * @param tierLinks of the links that touch a region no device reaches
   */
  public static Yard open(
      ActorContext<?> context,
      Environment environment,
      Regions regionPlan,
      List<IommuPlan> iommuPlan,
      int slabCount,
      Props tierLinks) {
    List<ActorRef<Region.Command>> regions = regions(context, environment, regionPlan);
    ActorRef<Migration.Command> migration =
        context.spawn(
            MigrationActor.create(
                environment, new Yardmates(regions, links(context, environment, tierLinks))),
            "migration");
    List<ActorRef<Iommu.Command>> iommus = iommus(context, environment, iommuPlan);
    List<ActorRef<Slab.Command>> slabs = slabs(context, environment, regions, migration, slabCount);
    ActorRef<Waits.Command> waits =
        context.spawn(WaitsActor.create(environment, slabs, migration), "waits");
    return new Yard(environment, regions, migration, iommus, slabs, waits);
  }

  /** A session for one client; its name in the actor tree is the client's. */
  public ActorRef<Session.Command> openSession(
      ActorContext<?> context, ClientId client, long epoch) {
    return context.spawn(
        SessionActor.create(environment, client, epoch, slabs), "session-" + client.value());
  }

  private static List<ActorRef<Region.Command>> regions(
      ActorContext<?> context, Environment environment, Regions plan) {
    List<ActorRef<Region.Command>> regions = new ArrayList<>();
    for (int region = 0; region < environment.topology().regions().size(); region++) {
      String name = environment.topology().region(region).name();
      regions.add(
          context.spawn(
              RegionActor.create(environment, region, plan.space(region), plan.policy(region)),
              "region-" + name));
    }
    return regions;
  }

  private static List<ActorRef<Link.Command>> links(
      ActorContext<?> context, Environment environment, Props tierLinks) {
    Topology topology = environment.topology();
    List<ActorRef<Link.Command>> links = new ArrayList<>();
    for (Topology.LinkPlace place : topology.links()) {
      String name = topology.region(place.from()).name() + "-" + topology.region(place.to()).name();
      boolean tier = topology.region(place.from()).file() || topology.region(place.to()).file();
      links.add(
          context.spawn(
              LinkActor.create(environment, name, place),
              "link-" + name,
              tier ? tierLinks : Props.empty()));
    }
    return links;
  }

  private static List<ActorRef<Iommu.Command>> iommus(
      ActorContext<?> context, Environment environment, List<IommuPlan> plan) {
    List<ActorRef<Iommu.Command>> iommus = new ArrayList<>();
    for (IommuPlan each : plan) {
      iommus.add(
          context.spawn(
              IommuActor.create(
                  each.name(), environment.memory(), environment.faults(), each.domains()),
              "iommu-" + each.name()));
    }
    return iommus;
  }

  private static List<ActorRef<Slab.Command>> slabs(
      ActorContext<?> context,
      Environment environment,
      List<ActorRef<Region.Command>> regions,
      ActorRef<Migration.Command> migration,
      int count) {
    Placer placer = new Placer(environment.topology());
    List<ActorRef<Slab.Command>> slabs = new ArrayList<>();
    for (int slab = 0; slab < count; slab++) {
      slabs.add(
          context.spawn(
              SlabActor.create(environment, placer, regions, migration, slab, count),
              "slab-" + slab));
    }
    return slabs;
  }
}
