package org.bufferyard.simulator.fault;

import akka.actor.ActorPath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.Randomness;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.testkit.Courier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the faults of a plan happen, at the seams that the yard has for them, among its messages,
 * and in the clients' programs. Not thread-safe; owned by a deterministic run.
 */
public final class FaultInjector implements Faults, ClientFaults, Courier {
  /** Whom faults happen to. */
  public interface Devices {
    String name(DeviceId device);

    /** Something can take its mappings away: there is an IOMMU or a path of its own. */
    boolean translated(DeviceId device);
  }

  private static final long FLIPPED = 0x0f11bbedL;
  private static final int STRAY_TOKEN = -1;

  private final FaultDice dice;
  private final Devices devices;
  private final PhysicalMemory memory;
  private final Map<String, Iommu.Dma> lastDma = new LinkedHashMap<>();
  private long flippable = -1;

  /** An injector over a run's memory; the other parameters are those of {@link FaultDice}. */
  public FaultInjector(
      List<FaultSpec> specs,
      Randomness randomness,
      LongSupplier clock,
      long untilNanos,
      @Nullable Firings written,
      Devices devices,
      PhysicalMemory memory) {
    this.dice = new FaultDice(specs, randomness, clock, untilNanos, written);
    this.devices = devices;
    this.memory = memory;
  }

  /** What has happened so far. */
  public Firings firings() {
    return dice.firings();
  }

  private boolean happens(FaultKind kind, String name) {
    return dice.happens(kind, name) != null;
  }

  // --- at the yard's seams --------------------------------------------------------------------

  private Optional<Refusal> refusal(FaultKind kind, String name, Errno errno) {
    return happens(kind, name)
        ? Optional.of(new Refusal(errno, name + ": " + kind.label()))
        : Optional.empty();
  }

  @Override
  public Optional<Refusal> failCopy(BufferId buffer, String link) {
    return refusal(FaultKind.LINK_FAILS, link, Errno.EIO);
  }

  @Override
  public Optional<Refusal> failReserve(String region) {
    return refusal(FaultKind.REGION_FULL, region, Errno.ENOSPC);
  }

  @Override
  public Optional<Refusal> failMap(String translator) {
    return refusal(FaultKind.IOMMU_REFUSES, translator, Errno.ENOSPC);
  }

  @Override
  public long lateUnmapNanos(DeviceId device, BufferId buffer) {
    FaultSpec late = dice.happens(FaultKind.DEVICE_LATE_UNMAP, devices.name(device));
    return late == null ? 0 : late.timeNanos();
  }

  @Override
  public boolean failDma(DeviceId device) {
    return happens(FaultKind.DEVICE_FAILS, devices.name(device));
  }

  @Override
  public long dmaNanos(DeviceId device, long nominalNanos) {
    FaultSpec slow = dice.happens(FaultKind.DEVICE_SLOW, devices.name(device));
    FaultSpec hung =
        devices.translated(device)
            ? dice.happens(FaultKind.DEVICE_HANGS, devices.name(device))
            : null;
    return nominalNanos + time(slow) + time(hung);
  }

  @Override
  public long copyNanos(String link, long nominalNanos) {
    return nominalNanos + time(dice.happens(FaultKind.LINK_SLOW, link));
  }

  private static long time(@Nullable FaultSpec spec) {
    return spec == null ? 0 : spec.timeNanos();
  }

  // --- in the clients' programs ---------------------------------------------------------------

  @Override
  public boolean dies(String client) {
    return happens(FaultKind.CLIENT_DIES, client);
  }

  @Override
  public boolean closesTwice(String client) {
    return happens(FaultKind.CLIENT_CLOSES_TWICE, client);
  }

  // --- among the messages ---------------------------------------------------------------------

  @Override
  public @Nullable Object carry(@Nullable ActorPath from, ActorPath to, Object message) {
    return switch (message) {
      case Buffer.Signal signal ->
          twiceIf(FaultKind.FENCE_TWICE, devices.name(signal.ticket().device()), to, signal);
      case DmaJob.Report report ->
          twiceIf(FaultKind.DEVICE_REPORTS_TWICE, to.name().replace("device-", ""), to, report);
      case Iommu.Dma dma -> {
        lastDma.put(to.name(), dma);
        yield carried(to, dma);
      }
      case Iommu.Unmap unmap -> withStray(to, unmap);
      case Buffer.Placed placed -> {
        flippable = placed.extents().pfn(0);
        yield carried(to, placed);
      }
      case Buffer.Command command -> carried(to, command);
      case Importer.Event event -> carried(to, event);
      case Migration.Command command -> carried(to, command);
      case Region.Command command -> carried(to, command);
      case Iommu.Command command -> carried(to, command);
      default -> message;
    };
  }

  private @Nullable Object carried(ActorPath to, Object message) {
    if (happens(FaultKind.MEMORY_FLIPS, "") && flippable >= 0) {
      memory.write(flippable, FLIPPED);
    }
    if (happens(FaultKind.MESSAGE_LOST, to.name())) {
      return null;
    }
    return happens(FaultKind.MESSAGE_TWICE, to.name()) ? twice(message) : message;
  }

  private @Nullable Object twiceIf(FaultKind kind, String name, ActorPath to, Object message) {
    return happens(kind, name) ? twice(message) : carried(to, message);
  }

  private static Courier.Several twice(Object message) {
    return new Courier.Several(List.of(message, message));
  }

  /** The device's last accesses again, right after a mapping of its IOMMU has gone. */
  private @Nullable Object withStray(ActorPath to, Iommu.Unmap unmap) {
    Iommu.Dma last = lastDma.get(to.name());
    if (last == null || last.domain() != unmap.domain() || !sameTable(last, unmap)) {
      return carried(to, unmap);
    }
    if (!happens(FaultKind.DEVICE_STRAYS, to.name())) {
      return carried(to, unmap);
    }
    List<DmaJob.Access> gone =
        last.job().accesses().stream()
            .filter(access -> access.table().equals(unmap.table()))
            .toList();
    DmaJob stray = new DmaJob(last.job().device(), STRAY_TOKEN, gone);
    return new Courier.Several(List.of(unmap, new Iommu.Dma(last.domain(), stray, last.replyTo())));
  }

  private static boolean sameTable(Iommu.Dma dma, Iommu.Unmap unmap) {
    return dma.job().accesses().stream().anyMatch(a -> a.table().equals(unmap.table()));
  }
}
