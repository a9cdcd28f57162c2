package org.bufferyard.deviceactors.path;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.allocator.bounce.BouncePool;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.allocator.tiler.TilerContainer;

/**
 * The path actors of one yard: one for each kind of way, so that what devices share, the bounce
 * pool and the tiler's container, has one owner.
 *
 * @param actors in order of kind
 * @param byDevice each device's way, as its attachments name it
 */
public record Paths(List<ActorRef<Iommu.Command>> actors, Map<String, BusPath> byDevice) {
  /** OMAP's DMM shows its first view here. */
  public static final long TILER_BASE_ADDRESS = 0x6000_0000L;

  /**
   * Where the bounce pool lies.
   *
   * @param basePfn below every mask that is to bounce
   */
  public record Pool(long basePfn, int pages) {}

  /** Spawns the actors as children of {@code context}'s actor. */
  public static Paths open(
      ActorContext<?> context, Environment environment, Pool pool, List<PathSpec> specs) {
    TreeMap<DmaPath, List<PathSpec>> byKind = new TreeMap<>();
    for (PathSpec spec : specs) {
      byKind.computeIfAbsent(spec.path(), kind -> new ArrayList<>()).add(spec);
    }
    BouncePool bounce = new BouncePool(pool.basePfn(), pool.pages());
    TilerContainer tiler = new TilerContainer(TILER_BASE_ADDRESS);
    List<ActorRef<Iommu.Command>> actors = new ArrayList<>();
    Map<String, BusPath> byDevice = new LinkedHashMap<>();
    byKind.forEach(
        (kind, devices) -> {
          List<DmaModel> models = new ArrayList<>();
          devices.forEach(spec -> models.add(model(environment.memory(), bounce, tiler, spec)));
          String name = "path-" + kind.name().toLowerCase(java.util.Locale.ROOT);
          ActorRef<Iommu.Command> actor =
              context.spawn(PathActor.create(environment, name, models), name);
          actors.add(actor);
          for (int domain = 0; domain < devices.size(); domain++) {
            PathSpec spec = devices.get(domain);
            boolean coherent = spec.hook() != HookKind.FLUSH;
            byDevice.put(spec.device(), new BusPath.Translated(actor, domain, coherent));
          }
        });
    return new Paths(actors, byDevice);
  }

  private static DmaModel model(
      PhysicalMemory memory, BouncePool bounce, TilerContainer tiler, PathSpec spec) {
    List<MappingHook> hooks = new ArrayList<>();
    if (spec.mappingBytesMax() != PathSpec.NO_LIMIT) {
      hooks.add(new RejectHook(spec.device(), spec.mappingBytesMax()));
    }
    if (spec.hook() == HookKind.FLUSH) {
      hooks.add(new FlushHook());
    }
    DmaModel inner = inner(memory, bounce, tiler, spec);
    return hooks.isEmpty() ? inner : new HookedModel(inner, hooks);
  }

  /** A hook that copies stands in front of whatever way the device would have had. */
  private static DmaModel inner(
      PhysicalMemory memory, BouncePool bounce, TilerContainer tiler, PathSpec spec) {
    if (spec.needsStaging()) {
      boolean retiles = spec.hook() == HookKind.RETILE;
      return new ShadowModel(memory, spec.stagingPfn(), spec.stagingPages(), retiles);
    }
    return switch (spec.path()) {
      case IOMMU -> new DomainModel(memory, spec.addressBits());
      case DIRECT -> new DirectModel(memory);
      case BOUNCE -> new BounceModel(memory, bounce);
      case TILER -> new TilerModel(memory, tiler, spec.view().format(), spec.view().columns());
      case CPU -> throw new IllegalStateException("the CPU's way has staging memory: " + spec);
    };
  }
}
