package org.bufferyard.simulator.trace;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Preference;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of one trace into steps of one client, event by event. Memory grows with the
 * live buffers only. Not thread-safe; owned by the pass that feeds it.
 *
 * <p>What the events become: an allocation is an export; page-table updates that map pages, as well
 * as residency added, are jobs of the GPU over those pages, those of one moment one job; the first
 * use of a buffer writes, later ones read. When the page table names no page of a buffer any more,
 * or its residency ends, the GPU unmaps it. A CPU mapping writes the first pages. Freeing releases;
 * what is alive at the end is released there. Events of memory that no live buffer covers (of other
 * processes, or from before the capture) are counted and have no step.
 */
final class Conversion {
  static final String CLIENT = "trace";
  static final String GPU = "gpu";
  static final int BUFFERS_MAX = 1_000_000;

  /** Even as page tags, more would be hundreds of megabytes of host memory. */
  static final long PEAK_BYTES_MAX = 256L << 30;

  private static final long RESIDENCY_PAGES_MAX = 1_024;
  private static final long SUBMIT_PAGES_MAX = 16;
  private static final long CPU_PAGES_MAX = 16;

  private final String file;
  private final LiveBuffers live = new LiveBuffers();
  private final GatheredJob job = new GatheredJob();
  private final List<Step> steps = new ArrayList<>();
  private long jobNanos;
  private int exports;
  private long unknownAddresses;
  private long implicitFrees;

  Conversion(String file) {
    this.file = file;
  }

  int buffers() {
    return exports;
  }

  long peakBytes() {
    return live.peakBytes();
  }

  long unknownAddresses() {
    return unknownAddresses;
  }

  long implicitFrees() {
    return implicitFrees;
  }

  /** The steps that {@code event} adds, in order; the list is the caller's. */
  List<Step> on(TraceEvent event) {
    if (event.timeNanos() != jobNanos) {
      flushJob();
      jobNanos = event.timeNanos();
    }
    switch (event) {
      case TraceEvent.Allocate allocate -> onAllocate(allocate);
      case TraceEvent.Free free -> onFree(free.address());
      case TraceEvent.Residency residency -> onResidency(residency);
      case TraceEvent.PageTableUpdate update -> onPageTableUpdate(update);
      case TraceEvent.CpuMap map -> onCpuMap(map);
      case TraceEvent.Misc misc -> onMisc(misc);
      case TraceEvent.Birth birth -> onBirth(birth);
      case TraceEvent.Death death -> onDeath(death);
      case TraceEvent.End end -> onEnd();
      case TraceEvent.Bind bind -> {}
      case TraceEvent.CreateResource create -> {}
      case TraceEvent.DestroyResource destroy -> {}
    }
    if (steps.isEmpty()) {
      return List.of();
    }
    List<Step> added = List.copyOf(steps);
    steps.clear();
    return added;
  }

  private void onAllocate(TraceEvent.Allocate allocate) {
    long address = allocate.address();
    long end = address + allocate.sizeBytes();
    for (LiveBuffer over : live.overlapping(address, end)) {
      implicitFrees++;
      release(over);
    }
    String name = "va 0x" + Long.toHexString(address);
    live.addAt(export(allocate.sizeBytes(), name, preference(allocate), address));
  }

  private static Preference preference(TraceEvent.Allocate allocate) {
    List<String> regions = new ArrayList<>();
    int count = Math.min(allocate.importance(), allocate.preferences().size());
    for (TraceEvent.Heap heap : allocate.preferences().subList(0, count)) {
      String region =
          heap == TraceEvent.Heap.SYSTEM || heap == TraceEvent.Heap.NONE ? "GTT" : "VRAM";
      if (!regions.contains(region)) {
        regions.add(region);
      }
    }
    return new Preference(List.copyOf(regions), 0, false, false);
  }

  private LiveBuffer export(long sizeBytes, String name, Preference preference, long address) {
    long pages = Pages.ofBytes(sizeBytes);
    long aliveBytes = live.bytes() + Pages.toBytes(pages);
    if (exports == BUFFERS_MAX || aliveBytes > PEAK_BYTES_MAX) {
      throw TraceException.ofFile(
          file,
          "at "
              + jobNanos
              + " ns: buffer "
              + exports
              + ", "
              + aliveBytes
              + " bytes alive: above "
              + BUFFERS_MAX
              + " buffers or "
              + PEAK_BYTES_MAX
              + " bytes");
    }
    LiveBuffer buffer = new LiveBuffer(exports++, address, pages);
    add(new Action.Export(buffer.key, sizeBytes, name, preference, List.of()));
    return buffer;
  }

  private void onFree(long address) {
    LiveBuffer buffer = live.startingAt(address);
    if (buffer == null) {
      unknownAddresses++;
    } else {
      release(buffer);
    }
  }

  private void onResidency(TraceEvent.Residency residency) {
    LiveBuffer buffer = known(residency.address());
    if (buffer == null) {
      return;
    }
    if (residency.added()) {
      use(buffer, 0, Math.min(buffer.pages, RESIDENCY_PAGES_MAX));
    } else {
      unmap(buffer);
    }
  }

  /** An update may cover several buffers, and pages of none. */
  private void onPageTableUpdate(TraceEvent.PageTableUpdate update) {
    boolean maps = !update.unmaps() && update.type() == TraceEvent.UpdateType.UPDATE;
    long end = update.address() + Pages.toBytes(update.pages());
    List<LiveBuffer> touched = live.overlapping(update.address(), end);
    if (touched.isEmpty()) {
      unknownAddresses++;
    }
    for (LiveBuffer buffer : touched) {
      long first = Math.max(0, (update.address() - buffer.address) >> Pages.SHIFT);
      long last = Math.min(buffer.pages, (end - buffer.address) >> Pages.SHIFT);
      if (first < last && maps) {
        buffer.mapped(last - first);
        use(buffer, first, last - first);
      } else if (first < last && update.unmaps() && buffer.unmapped(last - first)) {
        unmap(buffer);
      }
    }
  }

  private void onCpuMap(TraceEvent.CpuMap map) {
    LiveBuffer buffer = known(map.address());
    if (buffer != null && !map.unmaps()) {
      flushJob();
      long first = (map.address() - buffer.address) >> Pages.SHIFT;
      long pages = Math.min(CPU_PAGES_MAX, buffer.pages - first);
      add(new Action.CpuAccess(buffer.key, DmaDirection.TO_DEVICE, first, pages));
    }
  }

  /** A submission does not say what it uses: the buffers used last. */
  private void onMisc(TraceEvent.Misc misc) {
    if (misc.submits()) {
      for (LiveBuffer buffer : job.recent()) {
        use(buffer, 0, Math.min(buffer.pages, SUBMIT_PAGES_MAX));
      }
    }
  }

  private void onBirth(TraceEvent.Birth birth) {
    String name = "id " + birth.id();
    LiveBuffer buffer = export(birth.sizeBytes(), name, Preference.of("VRAM", "GTT"), 0);
    live.addIndexed(birth.index(), buffer);
    use(buffer, 0, buffer.pages);
  }

  private void onDeath(TraceEvent.Death death) {
    LiveBuffer buffer = live.takeIndexed(death.index());
    if (buffer != null) {
      use(buffer, 0, buffer.pages);
      release(buffer);
    }
  }

  private void onEnd() {
    live.all().forEach(this::release);
    flushJob();
  }

  /** Adds to the job of this moment. */
  private void use(LiveBuffer buffer, long firstPage, long pages) {
    if (!job.hasRoomFor(buffer)) {
      flushJob();
    }
    job.add(buffer, firstPage, pages);
    buffer.attached = true;
  }

  private void flushJob() {
    List<Use> uses = job.take();
    if (!uses.isEmpty()) {
      add(new Action.Submit(GPU, uses, 0));
    }
  }

  private void unmap(LiveBuffer buffer) {
    job.forget(buffer);
    if (buffer.attached) {
      flushJob();
      buffer.attached = false;
      add(new Action.Unmap(buffer.key, GPU));
    }
  }

  private void release(LiveBuffer buffer) {
    unmap(buffer);
    live.remove(buffer);
    add(new Action.Release(buffer.key));
  }

  /** The live buffer around {@code address}; counts where there is none. */
  private @Nullable LiveBuffer known(long address) {
    LiveBuffer buffer = live.covering(address);
    if (buffer == null) {
      unknownAddresses++;
    }
    return buffer;
  }

  /** A step is at the time of the job being gathered, which is the present. */
  private void add(Action action) {
    steps.add(new Step(jobNanos, action));
  }
}
