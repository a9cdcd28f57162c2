package org.bufferyard.simulator.workload;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;

/**
 * One device's client: exports its share of the buffers, then runs jobs on random ones of those it
 * may use; now and then it unmaps one, or touches one with the CPU.
 */
final class ImporterProgram extends Program {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int UNMAP_ONE_IN = 16;
  private static final int CPU_ONE_IN = 16;
  private static final int TWO_USES_ONE_IN = 4;

  /** Clients export within this time, not all at once. */
  private static final long START_SPREAD_NANOS = 10_000_000;

  private final WorkloadSpec.Importers spec;
  private final int index;
  private final SplittableRandom random;
  private final String device;
  private final long periodNanos;
  private final long pages;
  private long timeNanos = -1;

  ImporterProgram(WorkloadSpec.Importers spec, int index, long seed, long endNanos) {
    super(0, endNanos);
    this.spec = spec;
    this.index = index;
    this.random = new SplittableRandom(seed);
    this.device = ImportersWorkload.deviceName(index);
    this.periodNanos = NANOS_PER_SECOND / spec.jobsPerSecond();
    this.pages = Pages.ofBytes(spec.sizeBytes());
  }

  @Override
  boolean advance() {
    if (timeNanos < 0) {
      timeNanos = random.nextLong(START_SPREAD_NANOS);
      at(timeNanos);
      exportOwn();
      return true;
    }
    if (timeNanos >= endNanos()) {
      return false;
    }
    at(timeNanos);
    timeNanos += periodNanos / 2 + random.nextLong(periodNanos);
    int buffer = pick();
    if (buffer < 0) {
      return false;
    }
    act(buffer);
    return true;
  }

  private void exportOwn() {
    List<String> others =
        sharers().stream().filter(i -> i != index).map(ImportersWorkload::clientName).toList();
    for (long key = index; key < spec.buffers(); key += spec.devices()) {
      String name = "buffer " + key;
      exportAs((int) key, spec.sizeBytes(), name, Preference.NONE, others);
    }
    for (int owner : owners()) {
      for (long key = owner; key < spec.buffers(); key += spec.devices()) {
        hold((int) key);
      }
    }
  }

  /** Clients whose buffers this one may use, its own included. */
  private Set<Integer> owners() {
    LinkedHashSet<Integer> clients = new LinkedHashSet<>();
    for (int k = 0; k < spec.sharedBy(); k++) {
      clients.add(ringAt(index - (long) k * ImportersWorkload.stride(spec.devices())));
    }
    return clients;
  }

  private Set<Integer> sharers() {
    LinkedHashSet<Integer> clients = new LinkedHashSet<>();
    for (int k = 0; k < spec.sharedBy(); k++) {
      clients.add(ringAt(index + (long) k * ImportersWorkload.stride(spec.devices())));
    }
    return clients;
  }

  private int ringAt(long position) {
    return Math.floorMod(position, spec.devices());
  }

  /** A buffer that this client exports or imports; negative where it has none. */
  private int pick() {
    long back = (long) random.nextInt(spec.sharedBy()) * ImportersWorkload.stride(spec.devices());
    int owner = ringAt(index - back);
    if (owner >= spec.buffers()) {
      return index < spec.buffers() ? index : -1;
    }
    int owned = (spec.buffers() - owner - 1) / spec.devices() + 1;
    return owner + random.nextInt(owned) * spec.devices();
  }

  private void act(int buffer) {
    if (random.nextInt(UNMAP_ONE_IN) == 0) {
      unmap(buffer, device);
    } else if (random.nextInt(CPU_ONE_IN) == 0) {
      boolean writes = random.nextInt(100) < spec.writePercent();
      DmaDirection direction = writes ? DmaDirection.TO_DEVICE : DmaDirection.FROM_DEVICE;
      cpuAccess(buffer, direction, 0, 1);
    } else {
      submitOn(buffer);
    }
  }

  private void submitOn(int buffer) {
    int second = random.nextInt(TWO_USES_ONE_IN) == 0 ? pick() : buffer;
    if (second == buffer) {
      submit(device, 0, use(buffer));
    } else {
      submit(device, 0, use(buffer), use(second));
    }
  }

  private Use use(int buffer) {
    long count = Math.min(pages, 1 + random.nextLong(spec.usePages()));
    long first = random.nextLong(pages - count + 1);
    boolean writes = random.nextInt(100) < spec.writePercent();
    DmaDirection direction = writes ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
    return new Use(buffer, direction, first, count);
  }
}
