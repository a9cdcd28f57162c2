package org.bufferyard.simulator.mutants;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.Reach;
import org.bufferyard.testkit.Courier;

/** Mistakes that real systems made, made again here. */
final class HistoricMutants {
  static final List<Mutant> ALL =
      List.of(
          Mutant.of(
              "H1",
              "backing store is released before the translations are flushed",
              (spy, to, message) -> {
                if (message instanceof Iommu.Dma dma) {
                  spy.lastDma.put(to.name(), dma);
                }
                if (message instanceof Iommu.Unmap unmap && to.name().startsWith("iommu")) {
                  unmap
                      .replyTo()
                      .tell(new Buffer.IommuUnmapped(unmap.attachment(), unmap.generation()));
                  Iommu.Dma late = spy.lastDma.get(to.name());
                  if (late != null) {
                    spy.later(to, speculative(late));
                  }
                  spy.later(to, quiet(unmap));
                  return null;
                }
                return message;
              }),
          Mutant.of(
              "H2",
              "an importer's translations go while jobs still run on the old place",
              (spy, to, message) -> {
                if (message instanceof Importer.Invalidate invalidate) {
                  Spy.Seen seen = spy.of(invalidate.buffer());
                  Buffer.PrepareMove last = spy.lastPrepare;
                  if (seen != null && last != null) {
                    seen.ref.tell(new Buffer.Overdue(last.move(), true));
                  }
                } else if (message instanceof Buffer.PrepareMove prepare) {
                  spy.lastPrepare = prepare;
                }
                return message;
              }),
          Mutant.of(
              "H3",
              "an error path frees what is freed already",
              (spy, to, message) ->
                  message instanceof Region.Free free && free.poison()
                      ? new Courier.Several(List.of(message, message))
                      : message),
          Mutant.of(
              "H4",
              "a mapping unwound half way overlaps itself",
              (spy, to, message) ->
                  message instanceof Iommu.Map map && map.extents().totalPages() > 1
                      ? Mutants.withExtents(map, overlapping(map.extents()))
                      : message),
          Mutant.of(
              "H5",
              "an attachment is leaked on an error path",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.Detach detach && seen != null) {
                  detach
                      .replyTo()
                      .tell(new Importer.Detached(detach.header().requestId(), seen.id));
                  return null;
                }
                return message;
              }),
          Mutant.of(
              "H6",
              "an unmap and its invalidation cover different ranges",
              (spy, to, message) ->
                  message instanceof Iommu.Map map && map.extents().totalPages() > 1
                      ? Mutants.withExtents(map, twice(map.extents()))
                      : message),
          Mutant.of(
              "H7",
              "who finds a buffer busy tries again at once, for ever",
              (spy, to, message) -> {
                if (message instanceof Migration.Busy busy && !busy.lasting()) {
                  Spy.Seen seen = spy.of(busy.buffer());
                  Buffer.PrepareMove last = spy.lastPrepare;
                  if (seen != null && last != null && last.move() == busy.move()) {
                    seen.ref.tell(last);
                    return null;
                  }
                } else if (message instanceof Buffer.PrepareMove prepare) {
                  spy.lastPrepare = prepare;
                }
                return message;
              }),
          Mutant.of(
              "H8",
              "what comes in late of what is being removed is taken for somebody else's",
              (spy, to, message) ->
                  message instanceof Buffer.IommuUnmapped late
                      ? new Courier.Several(
                          List.of(
                              late,
                              new Buffer.IommuUnmapped(late.attachment() + 1, late.generation())))
                      : message),
          Mutant.of(
              "H9",
              "a page is given back while its invalidation is still queued",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.PrepareMove && seen != null) {
                  spy.early = seen.extents;
                } else if (message instanceof Region.Reserve && spy.early != null) {
                  Extents early = spy.early;
                  spy.early = null;
                  return early.totalPages() == 0
                      ? message
                      : new Courier.Several(
                          List.of(new Region.Free(early, early.totalPages(), true), message));
                }
                return message;
              }),
          Mutant.of(
              "H10",
              "a pinned buffer is moved all the same",
              (spy, to, message) -> {
                if (message instanceof Region.SetEligible set && !set.eligible()) {
                  return null;
                }
                if (message instanceof Migration.Busy busy
                    && busy.refusal().reason().contains("pinned")) {
                  Spy.Seen seen = spy.of(busy.buffer());
                  if (seen != null) {
                    return new Migration.Prepared(
                        busy.move(), seen.id, seen.region, seen.extents, Long.MIN_VALUE);
                  }
                }
                return message;
              }),
          Mutant.of(
              "H11",
              "an eviction for one client strikes out what another's list says is in use",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (!(message instanceof Buffer.PrepareMove prepare) || seen == null) {
                  return message;
                }
                List<Object> all = new ArrayList<>(List.of(message));
                seen.fences.stream()
                    .filter(ticket -> !ticket.device().equals(prepare.ticket().device()))
                    .forEach(ticket -> all.add(new Buffer.Signal(ticket, true)));
                return new Courier.Several(all);
              }),
          Mutant.of(
              "H12",
              "a lookup finds the mapping of another address space",
              (spy, to, message) ->
                  message instanceof Iommu.Dma dma && dma.domain() > 0
                      ? new Iommu.Dma(0, dma.job(), dma.replyTo())
                      : message),
          Mutant.of(
              "H13",
              "a mapping is made in another device's address space",
              (spy, to, message) ->
                  message instanceof Iommu.Map map && map.domain() > 0
                      ? new Iommu.Map(
                          0,
                          map.attachment(),
                          map.extents(),
                          map.direction(),
                          map.constraints(),
                          map.replyTo())
                      : message),
          Mutant.of(
              "H14",
              "a handle is given for a buffer that does not know of it",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.Share share && seen != null) {
                  share
                      .replyTo()
                      .tell(
                          new HandleReply.Shared(
                              share.header().requestId(), seen.id, share.given(), share.to()));
                  return null;
                }
                return message;
              }),
          Mutant.of(
              "H15",
              "the last handle is closed and the buffer stays",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.Release release && seen != null) {
                  release
                      .replyTo()
                      .tell(new HandleReply.Released(release.header().requestId(), seen.id));
                  return null;
                }
                return message;
              }),
          Mutant.of(
              "H16",
              "a static importer pins a buffer where it is, which is to move to shared memory first",
              (spy, to, message) ->
                  message instanceof Buffer.Attach attach && !attach.terms().dynamic()
                      ? new Buffer.Attach(
                          attach.header(),
                          attach.device(),
                          reachingVram(attach.demand()),
                          attach.terms(),
                          attach.path(),
                          attach.replyTo())
                      : message));

  private static DeviceDemand reachingVram(DeviceDemand demand) {
    List<Reach> reaches = new ArrayList<>(demand.reaches());
    reaches.add(0, new Reach("VRAM", 1 + reaches.getFirst().weight()));
    return new DeviceDemand(
        demand.name(),
        demand.constraints(),
        demand.translation(),
        reaches,
        demand.copyPath(),
        demand.coherentOnly(),
        demand.secure(),
        demand.dmaAncestor());
  }

  /** The device's last accesses once more, for nobody. */
  private static Iommu.Dma speculative(Iommu.Dma dma) {
    return new Iommu.Dma(dma.domain(), dma.job(), Spy.nobody(dma.replyTo()));
  }

  /** Nobody hears that it is done: the buffer has heard already. */
  private static Iommu.Unmap quiet(Iommu.Unmap unmap) {
    return new Iommu.Unmap(
        unmap.domain(),
        unmap.attachment(),
        unmap.generation(),
        unmap.table(),
        Spy.nobody(unmap.replyTo()));
  }

  private static Extents overlapping(Extents extents) {
    Extents.Builder builder = new Extents.Builder();
    Extents head = Mutants.first(extents, extents.totalPages() - 1);
    for (int run = 0; run < head.runs(); run++) {
      builder.add(head.pfn(run), head.pages(run));
    }
    return builder.add(extents.pfn(0), 1).build();
  }

  /** More than was asked for: a page beyond the end. */
  private static Extents twice(Extents extents) {
    Extents.Builder builder = new Extents.Builder();
    for (int run = 0; run < extents.runs(); run++) {
      builder.add(extents.pfn(run), extents.pages(run));
    }
    return builder.add(extents.pfn(0), 1).build();
  }

  private HistoricMutants() {}
}
