package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.ReservationRef;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.SharedReservation;
import org.bufferyard.actors.protocol.Tally;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** What a device is told, by the programs that submit jobs and by the buffers it uses. */
public final class Device {
  public sealed interface Command {}

  /**
   * Pages of one buffer that a job reads, writes, or reads and then writes.
   *
   * @param handle the submitting client's
   * @param shared the reservation that the buffer shares with others; null if it has its own
   */
  public record Use(
      Handle handle,
      BufferId buffer,
      ActorRef<Buffer.Command> ref,
      DmaDirection direction,
      long firstPage,
      long pages,
      @Nullable SharedReservation shared) {
    /** By a client's handle, whatever reservation the buffer has. */
    public static Use of(Session.Grant grant, DmaDirection direction, long firstPage, long pages) {
      return new Use(
          grant.handle(),
          grant.buffer(),
          grant.ref(),
          direction,
          firstPage,
          pages,
          grant.reservation());
    }

    /** Of a buffer with a reservation of its own. */
    public Use(
        Handle handle,
        BufferId buffer,
        ActorRef<Buffer.Command> ref,
        DmaDirection direction,
        long firstPage,
        long pages) {
      this(handle, buffer, ref, direction, firstPage, pages, null);
    }
  }

  /** More buffers than this in one job are refused E2BIG. */
  public static final int USES_MAX = 65_536;

  /**
   * A job over many buffers, as one transaction: it maps them all, takes the tokens of their
   * reservations, adds its fence to each, and runs; or it is refused as a whole. A buffer that
   * appears twice is EALREADY.
   *
   * @param token the submitter's name for it; comes back in the reply
   * @param busyNanos compute time besides the time to move the data
   */
  public record Submit(
      ClientId client,
      long epoch,
      long token,
      List<Use> uses,
      long busyNanos,
      ActorRef<Reply> replyTo)
      implements Command {}

  /** The client has no more use for the buffer here: unmap and detach when its jobs are done. */
  public record Forget(ClientId client, long epoch, BufferId buffer) implements Command {}

  public record Pin(
      ClientId client,
      long epoch,
      long token,
      Handle handle,
      BufferId buffer,
      ActorRef<Buffer.Command> ref,
      boolean pin,
      ActorRef<Reply> replyTo)
      implements Command {}

  /**
   * Attaches without mapping, so that the device's constraints are known before the buffer is
   * allocated. A refusal is told by {@link JobRefused}.
   */
  public record Attach(
      ClientId client,
      long epoch,
      long token,
      Handle handle,
      BufferId buffer,
      ActorRef<Buffer.Command> ref,
      ActorRef<Reply> replyTo)
      implements Command {}

  public record CloseBooks(ActorRef<Books> replyTo) implements Command {}

  /** Which jobs wait here, and for whom. */
  public record TellWaits(ActorRef<WaitReport> replyTo) implements Command {}

  // --- from buffers, the IOMMU, and to itself -------------------------------------------------

  public record FromBuffer(Importer.Event event) implements Command {}

  /**
   * A buffer that the device asked for something is freed: what it did not answer, it never will.
   */
  public record BufferGone(BufferId buffer, ActorRef<Buffer.Command> ref) implements Command {}

  public record FromReservation(Reservation.Reply reply) implements Command {}

  /** A shared reservation has ended. */
  public record ReservationGone(ReservationRef reservation) implements Command {}

  public record FromDma(DmaJob.Report report) implements Command {}

  /** The job on the engine has run its time. */
  public record Finished(long job) implements Command {}

  /** The oldest job's deadline may have passed. */
  public record Sweep() implements Command {}

  /** A late answer to an invalidate, where a fault asks for it. */
  public record UnmapLate(ClientId client, BufferId buffer) implements Command {}

  // --- replies --------------------------------------------------------------------------------

  public sealed interface Reply {
    long token();
  }

  /** The job's fence has signalled. */
  public record JobDone(long token, long pagesRead, long pagesWritten) implements Reply {}

  /** The job did not run; nothing was written. */
  public record JobRefused(long token, Refusal refusal) implements Reply {}

  public record PinDone(long token) implements Reply {}

  public record AttachDone(long token) implements Reply {}

  /**
   * What a device's jobs have moved.
   *
   * @param copiedBytes by its path on their behalf, in and out; 0 where it reaches memory
   */
  public record Traffic(long pagesRead, long pagesWritten, long copiedBytes) {}

  /**
   * What a device has counted.
   *
   * @param bonds the first few attachments that remain, in words
   * @param stalls how long jobs waited for their buffers to be mapped and in place, ns; a copy
   * @param stallSeries the same over time; a copy
   */
  public record Books(
      DeviceId device,
      String name,
      Tally.Counts counts,
      long jobs,
      long jobsRefused,
      Traffic traffic,
      int openRequests,
      int attachments,
      List<String> bonds,
      Histogram stalls,
      StallSeries stallSeries) {
    /** Pages read and compared with what was last written there. */
    public long pagesVerified() {
      return traffic.pagesRead();
    }
  }

  private Device() {}
}
