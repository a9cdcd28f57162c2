package org.bufferyard.simulator.mutants;

import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.Extents;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.testkit.Courier;

/** The protocol mutants B1 to B15. */
final class Mutants {
  static final List<Mutant> ALL =
      List.of(
          Mutant.of(
              "B1",
              "a move waits for no fence",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (!(message instanceof Buffer.PrepareMove) || seen == null) {
                  return message;
                }
                List<Object> all = new java.util.ArrayList<>(List.of(message));
                seen.fences.forEach(ticket -> all.add(new Buffer.Signal(ticket, true)));
                return new Courier.Several(all);
              }),
          Mutant.of(
              "B2",
              "a move leaves the old translation behind",
              (spy, to, message) -> unmapForgotten(spy, message, true)),
          Mutant.of(
              "B3",
              "an unmap leaves the translation behind",
              (spy, to, message) -> unmapForgotten(spy, message, false)),
          Mutant.of(
              "B4",
              "a map during a move is answered at once",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.Map map && seen != null && seen.moving) {
                  Importer.Mapped last = seen.mapped.get(map.attachment());
                  if (last != null) {
                    map.replyTo()
                        .tell(
                            new Importer.Mapped(
                                map.header().requestId(),
                                seen.id,
                                map.attachment(),
                                last.generation(),
                                last.table(),
                                last.region(),
                                last.settled()));
                    return null;
                  }
                }
                return message;
              }),
          Mutant.of(
              "B5",
              "a pin during a move is answered at once",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.Pin pin && seen != null && seen.moving) {
                  pin.replyTo().tell(new Importer.Pinned(pin.header().requestId(), seen.id));
                  return null;
                }
                return message;
              }),
          Mutant.of(
              "B6",
              "the copy begins before the importers are done",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.PrepareMove prepare
                    && seen != null
                    && spy.migration != null) {
                  spy.migration.tell(
                      new Migration.Prepared(
                          prepare.move(), seen.id, seen.region, seen.extents, Long.MIN_VALUE));
                }
                return message;
              }),
          Mutant.of(
              "B7",
              "a second eviction is taken up during the first",
              (spy, to, message) ->
                  message instanceof Migration.Prepared
                      ? new Courier.Several(List.of(message, message))
                      : message),
          Mutant.of(
              "B8",
              "one importer is not told that it may go on",
              (spy, to, message) ->
                  message instanceof Importer.Mapped mapped && mapped.generation() == 2
                      ? null
                      : message),
          Mutant.of(
              "B9",
              "room that was not needed after all is not given back",
              (spy, to, message) ->
                  message instanceof Region.Free free
                          && !free.poison()
                          && !free.extents().equals(Extents.NONE)
                      ? null
                      : message),
          Mutant.of(
              "B10",
              "what a client that died had attached stays attached",
              (spy, to, message) -> message instanceof Device.Forget ? null : message),
          Mutant.of(
              "B11",
              "a pin that nobody holds is released",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.Unpin unpin
                    && seen != null
                    && seen.pins.getOrDefault(unpin.attachment(), -1) == 0) {
                  unpin.replyTo().tell(new Importer.Unpinned(unpin.header().requestId(), seen.id));
                  return null;
                }
                return message;
              }),
          Mutant.of(
              "B12",
              "an unmap that comes twice is done twice",
              (spy, to, message) ->
                  message instanceof Buffer.Unmap
                      ? new Courier.Several(List.of(message, message))
                      : message),
          Mutant.of(
              "B13",
              "the last page is not mapped again",
              (spy, to, message) ->
                  message instanceof Iommu.Map map && map.extents().totalPages() > 1
                      ? withExtents(map, shortened(map.extents()))
                      : message),
          Mutant.of(
              "B14",
              "a job that cannot run is not answered",
              (spy, to, message) -> message instanceof Device.JobRefused ? null : message),
          Mutant.of(
              "B15",
              "who waits for the end of a move is forgotten",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                boolean waits = message instanceof Buffer.Map || message instanceof Buffer.Attach;
                return waits && seen != null && seen.moving ? null : message;
              }));

  /** The buffer hears that the mapping has gone, and the IOMMU does not hear of it. */
  private static Object unmapForgotten(Spy spy, Object message, boolean moving) {
    if (message instanceof Iommu.Unmap unmap) {
      Spy.Seen seen = spy.at(akka.actor.typed.javadsl.Adapter.toClassic(unmap.replyTo()).path());
      if (seen != null && seen.moving == moving) {
        unmap.replyTo().tell(new Buffer.IommuUnmapped(unmap.attachment(), unmap.generation()));
        return null;
      }
    }
    return message;
  }

  static Iommu.Map withExtents(Iommu.Map map, Extents extents) {
    return new Iommu.Map(
        map.domain(), map.attachment(), extents, map.direction(), map.constraints(), map.replyTo());
  }

  private static Extents shortened(Extents extents) {
    return first(extents, extents.totalPages() - 1);
  }

  /** The first pages of the extents. */
  static Extents first(Extents extents, long pages) {
    Extents.Builder builder = new Extents.Builder();
    long left = pages;
    for (int run = 0; run < extents.runs() && left > 0; run++) {
      long taken = Math.min(left, extents.pages(run));
      builder.add(extents.pfn(run), taken);
      left -= taken;
    }
    return builder.build();
  }

  private Mutants() {}
}
