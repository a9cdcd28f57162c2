package org.bufferyard.deviceactors;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.protocol.Contents;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.sg.SgTable;

/**
 * A job on its way through a device: it gathers mappings, then the right to use each buffer, then
 * the engine. Owned by the device.
 */
final class Job {
  enum Phase {
    /** Waits for mappings. */
    PREPARING,
    /**
     * Asks for one use after the other, in order of buffer, so that jobs never wait in a circle.
     */
    USING,
    /** Waits for the engine. */
    READY,
    RUNNING
  }

  /** What a granted use allows. */
  record Granted(Bond bond, SgTable table, Contents expected, long stamp) {}

  final long id;
  final Device.Submit submit;
  final Ticket ticket;
  final List<Device.Use> uses;
  final List<Granted> granted = new ArrayList<>();

  /** The bonds that it needs and that are not mapped yet. */
  final LinkedHashMap<Bond, Device.Use> missing = new LinkedHashMap<>();

  Phase phase = Phase.PREPARING;
  long preparingSinceNanos;
  long stallNanos;
  boolean refused;
  long pagesRead;
  long pagesWritten;

  Job(long id, Device.Submit submit, Ticket ticket, long nowNanos) {
    this.id = id;
    this.submit = submit;
    this.ticket = ticket;
    this.preparingSinceNanos = nowNanos;
    this.uses = submit.uses().stream().sorted(Comparator.comparing(Device.Use::buffer)).toList();
  }

  boolean allGranted() {
    return granted.size() == uses.size();
  }

  /** The next use to ask for. */
  Device.Use nextUse() {
    return uses.get(granted.size());
  }

  long pages() {
    long pages = 0;
    for (Device.Use use : uses) {
      pages += use.pages();
    }
    return pages;
  }
}
