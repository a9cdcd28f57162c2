package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgTable;

/**
 * What stands between devices and memory is told: buffers map and unmap, devices run DMA through
 * their domain. An IOMMU, or a device's own path: a bounce pool, a tiler, a copier.
 */
public final class Iommu {
  public sealed interface Command {}

  public record Map(
      int domain,
      int attachment,
      Extents extents,
      DmaDirection direction,
      DmaConstraints constraints,
      ActorRef<Buffer.Command> replyTo)
      implements Command {}

  /** Answered when the invalidation has completed: from then on no DMA reaches the pages. */
  public record Unmap(
      int domain, int attachment, long generation, SgTable table, ActorRef<Buffer.Command> replyTo)
      implements Command {}

  /**
   * Pages of a live mapping change hands between the CPU and a device that does not snoop. No
   * answer: whatever the device does with them afterwards comes later here. Model of {@code
   * dma_sync_sgtable_for_device} and {@code dma_sync_sgtable_for_cpu}.
   */
  public record Sync(int domain, SgTable table, long pages, boolean forDevice) implements Command {}

  /** Runs a device's DMA, page by page through the domain's translation. */
  public record Dma(int domain, DmaJob job, ActorRef<DmaJob.Report> replyTo) implements Command {}

  public record CloseBooks(ActorRef<Books> replyTo) implements Command {}

  /**
   * What is still in use, all zero when every buffer is gone; and what was done.
   *
   * @param flushedPages cleaned or invalidated in caches by mapping hooks
   */
  public record Books(
      String iommu,
      long mappings,
      long mappedPages,
      long iovaPages,
      long faults,
      long flushedPages,
      long handled) {}

  /** How a map ended. */
  public sealed interface MapResult {
    static MapResult of(Outcome<SgTable> outcome) {
      return switch (outcome) {
        case Outcome.Done<SgTable>(var table) -> new Mapped(table);
        case Outcome.Refused<SgTable>(var refusal) -> new MapRefused(refusal);
      };
    }
  }

  public record Mapped(SgTable table) implements MapResult {}

  public record MapRefused(Refusal refusal) implements MapResult {}

  private Iommu() {}
}
