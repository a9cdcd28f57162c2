package org.bufferyard.simulator.workload;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bufferyard.allocator.DmaDirection;

/**
 * A generated client program: an iterator that writes its steps one batch (a frame, a job) at a
 * time and gives back all it took at the end. It knows which buffers it holds and which devices map
 * them, so that a release unmaps first. Not thread-safe; owned by the stream that runs it.
 */
abstract class Program implements Iterator<Step> {
  private final ArrayDeque<Step> batch = new ArrayDeque<>();
  private final TreeMap<Integer, TreeSet<String>> mappedBy = new TreeMap<>();
  private final long endNanos;
  private long nowNanos;
  private int nextKey;
  private boolean finished;

  /**
   * @param firstKey key of the first buffer that this program exports; the others follow
   */
  Program(int firstKey, long endNanos) {
    this.nextKey = firstKey;
    this.endNanos = endNanos;
  }

  /** Writes the next batch, or answers false where the program has come to its end. */
  abstract boolean advance();

  @Override
  public final boolean hasNext() {
    while (batch.isEmpty() && !finished) {
      if (!advance()) {
        finished = true;
        releaseAll();
      }
    }
    return !batch.isEmpty();
  }

  @Override
  public final Step next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return batch.remove();
  }

  final long endNanos() {
    return endNanos;
  }

  /** Moves the time of the following steps on; never back. */
  final void at(long nanos) {
    nowNanos = Math.min(endNanos, Math.max(nowNanos, nanos));
  }

  final int export(long sizeBytes, String name, Preference preference, String... sharedWith) {
    int key = nextKey++;
    exportAs(key, sizeBytes, name, preference, List.of(sharedWith));
    return key;
  }

  final void exportAs(
      int key, long sizeBytes, String name, Preference preference, List<String> sharedWith) {
    mappedBy.put(key, new TreeSet<>());
    add(new Action.Export(key, sizeBytes, name, preference, sharedWith));
  }

  /** The job names each buffer once; a buffer that another client exports is held from here on. */
  final void submit(String device, long busyNanos, List<Use> uses) {
    for (Use use : uses) {
      devicesOf(use.buffer()).add(device);
    }
    add(new Action.Submit(device, List.copyOf(uses), busyNanos));
  }

  final void submit(String device, long busyNanos, Use... uses) {
    submit(device, busyNanos, List.of(uses));
  }

  /** A job that makes a frame, to be shown by then. */
  final void submitFrame(String device, long busyNanos, long dueNanos, Use... uses) {
    for (Use use : uses) {
      devicesOf(use.buffer()).add(device);
    }
    add(new Action.Submit(device, List.of(uses), busyNanos, dueNanos));
  }

  final void attach(int buffer, String device) {
    devicesOf(buffer).add(device);
    add(new Action.Attach(buffer, device));
  }

  final void unmap(int buffer, String device) {
    if (devicesOf(buffer).remove(device)) {
      add(new Action.Unmap(buffer, device));
    }
  }

  final void pin(int buffer, String device) {
    devicesOf(buffer).add(device);
    add(new Action.Pin(buffer, device));
  }

  final void unpin(int buffer, String device) {
    add(new Action.Unpin(buffer, device));
  }

  final void cpuAccess(int buffer, DmaDirection direction, long firstPage, long pages) {
    hold(buffer);
    add(new Action.CpuAccess(buffer, direction, firstPage, pages));
  }

  /** Notes a buffer that another client exports to this one, to be released at the end. */
  final void hold(int buffer) {
    devicesOf(buffer);
  }

  /** Steps that need no bookkeeping. */
  final void add(Action action) {
    batch.add(new Step(nowNanos, action));
  }

  final void release(int buffer) {
    TreeSet<String> devices = mappedBy.remove(buffer);
    if (devices != null) {
      devices.forEach(device -> add(new Action.Unmap(buffer, device)));
    }
    add(new Action.Release(buffer));
  }

  private Set<String> devicesOf(int buffer) {
    return mappedBy.computeIfAbsent(buffer, key -> new TreeSet<>());
  }

  private void releaseAll() {
    at(endNanos);
    for (int buffer : List.copyOf(mappedBy.keySet())) {
      release(buffer);
    }
  }

  /** How many buffers the whole program exports; runs it to its end. */
  static int countExports(Program program) {
    int count = 0;
    while (program.hasNext()) {
      if (program.next().action() instanceof Action.Export) {
        count++;
      }
    }
    return count;
  }
}
