package org.bufferyard.simulator.run;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.Tally;
import org.bufferyard.actors.sanitizer.Sampler;
import org.bufferyard.deviceactors.Device;
import org.jspecify.annotations.Nullable;

/**
 * The books of all the yard's owners at one time, and what in them is not zero although every
 * client has given everything back.
 */
final class Audit {
  private final int expected;
  private int received;

  final TreeMap<Integer, Region.Occupancy> regions = new TreeMap<>();
  final List<Iommu.Books> iommus = new ArrayList<>();
  final List<Session.Books> sessions = new ArrayList<>();
  final List<Device.Books> devices = new ArrayList<>();
  final List<Slab.Books> slabs = new ArrayList<>();
  Migration.@Nullable Books migration;
  Sampler.@Nullable Report sampled;

  /** Waits for the books of {@code expected} owners. */
  Audit(int expected) {
    this.expected = expected;
  }

  /** One more owner's books; returns whether they are complete. */
  boolean enter(Direction.Command books) {
    received++;
    switch (books) {
      case Direction.Sampled(var occupancy) -> regions.put(occupancy.region(), occupancy);
      case Direction.IommuBooks(var iommu) -> iommus.add(iommu);
      case Direction.SessionBooks(var session) -> sessions.add(session);
      case Direction.DeviceBooks(var device) -> devices.add(device);
      case Direction.SlabBooks(var slab) -> slabs.add(slab);
      case Direction.MigrationBooks(var moves) -> migration = moves;
      case Direction.SamplerBooks(var report) -> sampled = report;
      case Direction.Command other ->
          throw new IllegalArgumentException("these are no books: " + other);
    }
    return received == expected;
  }

  Tally.Counts counts() {
    Tally.Counts counts = Tally.Counts.none();
    for (Session.Books session : sessions) {
      counts = counts.plus(session.counts());
    }
    for (Device.Books device : devices) {
      counts = counts.plus(device.counts());
    }
    return counts;
  }

  Histogram stalls() {
    Histogram all = devices.getFirst().stalls().copy();
    for (Device.Books device : devices.subList(1, devices.size())) {
      all.add(device.stalls());
    }
    return all;
  }

  /** Messages handled by all owners. */
  long handled() {
    long handled = counts().handled();
    handled += migration == null ? 0 : migration.handled();
    for (Region.Occupancy region : regions.values()) {
      handled += region.handled();
    }
    for (Iommu.Books iommu : iommus) {
      handled += iommu.handled();
    }
    for (Slab.Books slab : slabs) {
      handled += slab.handled();
    }
    return handled;
  }

  /** What does not balance, in words; empty when all is zero. */
  List<String> imbalances() {
    List<String> found = new ArrayList<>();
    regions.values().forEach(region -> expectZero(found, region));
    iommus.forEach(iommu -> expectZero(found, iommu));
    sessions.forEach(session -> expectZero(found, session));
    devices.forEach(device -> expectZero(found, device));
    slabs.forEach(slab -> zero(found, "slab " + slab.slab() + ": live buffers", slab.alive()));
    if (migration != null) {
      zero(found, "migration: open demands", migration.demands());
      zero(found, "migration: moves in flight", migration.movesInFlight());
    }
    expectAnswers(found);
    return found;
  }

  private static void expectZero(List<String> found, Region.Occupancy region) {
    zero(found, "region " + region.region() + ": pages in use", region.usedPages());
    zero(found, "region " + region.region() + ": resident buffers", region.residents());
  }

  private static void expectZero(List<String> found, Iommu.Books iommu) {
    zero(found, iommu.iommu() + ": mappings", iommu.mappings());
    zero(found, iommu.iommu() + ": mapped pages", iommu.mappedPages());
    zero(found, iommu.iommu() + ": IOVA pages", iommu.iovaPages());
  }

  private static void expectZero(List<String> found, Session.Books session) {
    zero(found, session.client() + ": open handles", session.openHandles());
    zero(found, session.client() + ": unanswered requests", session.openRequests());
  }

  private static void expectZero(List<String> found, Device.Books device) {
    zero(found, device.name() + ": attachments " + device.bonds(), device.attachments());
    zero(found, device.name() + ": unanswered requests", device.openRequests());
  }

  private void expectAnswers(List<String> found) {
    Tally.Counts counts = counts();
    for (RequestKind kind : RequestKind.values()) {
      long asked = counts.requests().getOrDefault(kind, 0L);
      long answered = counts.replies().getOrDefault(kind, 0L);
      if (asked != answered) {
        found.add(kind.label() + ": " + asked + " requests, " + answered + " replies");
      }
    }
  }

  private static void zero(List<String> found, String what, long value) {
    if (value != 0) {
      found.add(what + " = " + value);
    }
  }
}
