package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.validate.Place;
import org.jspecify.annotations.Nullable;

/**
 * What a buffer is told. Importers attach, map, use, unmap; sessions open CPU brackets, share and
 * release; migration moves. The states and their answers are those of the protocol's table.
 */
public final class Buffer {
  public sealed interface Command {}

  /** What it asks changes nothing. */
  public sealed interface Question extends Command {}

  /** What may change the buffer. */
  public sealed interface Order extends Command {}

  /** A request of a client; answered exactly once. */
  public sealed interface Request extends Order {
    Header header();
  }

  // --- from importers -------------------------------------------------------------------------

  /** A device becomes a user; its constraints join. */
  public record Attach(
      Header header,
      DeviceId device,
      DeviceDemand demand,
      ImportTerms terms,
      BusPath path,
      ActorRef<Importer.Event> replyTo)
      implements Request {
    /** On the usual terms: {@link ImportTerms#of}. */
    public Attach(
        Header header,
        DeviceId device,
        DeviceDemand demand,
        boolean dynamic,
        BusPath path,
        ActorRef<Importer.Event> replyTo) {
      this(header, device, demand, ImportTerms.of(dynamic), path, replyTo);
    }
  }

  /**
   * Asks for a mapping in the device's address space.
   *
   * @param ticket the submission that needs it: until that submission signals or lets go, only an
   *     older one moves the buffer away
   */
  public record Map(
      Header header,
      int attachment,
      DmaDirection direction,
      Ticket ticket,
      ActorRef<Importer.Event> replyTo)
      implements Request {}

  public record Unmap(
      Header header, int attachment, long generation, ActorRef<Importer.Event> replyTo)
      implements Request {}

  public record Detach(Header header, int attachment, ActorRef<Importer.Event> replyTo)
      implements Request {}

  /** Adds the job's fence once what conflicts has signalled. */
  public record Use(
      Header header,
      int attachment,
      long generation,
      FenceUsage usage,
      Ticket ticket,
      long firstPage,
      long pages,
      ActorRef<Importer.Event> replyTo)
      implements Request {}

  public record Pin(Header header, int attachment, ActorRef<Importer.Event> replyTo)
      implements Request {}

  public record Unpin(Header header, int attachment, ActorRef<Importer.Event> replyTo)
      implements Request {}

  /**
   * Makes the placement satisfy one of {@code places}, most wanted first; none: the contents are
   * not needed any more. Answered once it does. Model of {@code ttm_bo_validate}.
   *
   * @param ticket on whose behalf others are evicted and waited for
   * @param keepNoSpace where room ran out the answer is ENOSPC, else ENOMEM
   */
  public record Validate(
      Header header,
      List<Place> places,
      Ticket ticket,
      boolean keepNoSpace,
      ActorRef<PlacementReply> replyTo)
      implements Request {}

  /**
   * The job's fence signals. Needs no token and has no answer.
   *
   * @param landed the job's writes are in memory; otherwise its range holds nobody knows what
   */
  public record Signal(Ticket ticket, boolean landed) implements Order {}

  /** The submission gives up its hold without having used the buffer. */
  public record LetGo(Ticket ticket) implements Order {}

  /** The submission drops its fence here and maps again; its hold stays. */
  public record BackOff(Ticket ticket) implements Order {}

  // --- from sessions --------------------------------------------------------------------------

  /**
   * Opens a CPU bracket. The direction is that of {@code DMA_BUF_IOCTL_SYNC}: the CPU writes what a
   * device is to read, and reads what a device wrote.
   */
  public record BeginCpu(
      Header header, DmaDirection direction, long firstPage, long pages, ActorRef<CpuReply> replyTo)
      implements Request {
    public boolean cpuWrites() {
      return direction.deviceReads();
    }
  }

  /**
   * Closes a CPU bracket.
   *
   * @param bracket the request id of the {@link BeginCpu} that opened it
   * @param landed as for {@link Signal}
   */
  public record EndCpu(Header header, long bracket, boolean landed, ActorRef<CpuReply> replyTo)
      implements Request {}

  /**
   * The CPU becomes a user, as a program's mapping of pages {@code [firstPage, firstPage + pages)}
   * would: an attachment whose {@link Map} is a page fault, and which answers an invalidate. Past
   * the end is EINVAL, past what can be addressed EOVERFLOW.
   */
  public record Mmap(Header header, long firstPage, long pages, ActorRef<Importer.Event> replyTo)
      implements Request {}

  /** Maps the buffer for the kernel: it stays where it is until the last {@link Vunmap}. */
  public record Vmap(Header header, ActorRef<CpuReply> replyTo) implements Request {}

  public record Vunmap(Header header, ActorRef<CpuReply> replyTo) implements Request {}

  /**
   * A new handle for another client, with no more rights than the giver's.
   *
   * @param toSession the other client's: it keeps the books of what its client pins
   */
  public record Share(
      Header header,
      Handle given,
      ClientId to,
      ActorRef<Session.Command> toSession,
      int rights,
      ActorRef<HandleReply> replyTo)
      implements Request {}

  public record Release(Header header, ActorRef<HandleReply> replyTo) implements Request {}

  /**
   * Takes the buffer away from everybody, for good: each importer is told, its fences and unmaps
   * are waited for as long as a move waits, and the memory goes. Answered when it has gone.
   */
  public record Revoke(Header header, ActorRef<HandleReply> replyTo) implements Request {}

  /** The contents are not needed for now: they may be discarded rather than moved. */
  public record Offer(Header header, ActorRef<HandleReply> replyTo) implements Request {}

  /** The contents are needed again; the answer says whether they are still there. */
  public record Reclaim(Header header, ActorRef<HandleReply> replyTo) implements Request {}

  /** The client's session answers the charge of a pin; null: charged. */
  public record PinCharged(ClientId client, @Nullable Refusal refusal) implements Order {}

  /** A session has stopped: the handles that it never took, or never heard of, go with it. */
  public record SessionGone(ActorRef<Session.Command> session) implements Order {}

  /** The giver failed before it heard of its share, so nobody was told of this handle: it goes. */
  public record TakeBack(Handle given) implements Order {}

  /**
   * The requester's deadline passed or it lost interest: a held request is answered and dropped.
   */
  public record Cancel(ClientId client, long requestId, Errno errno) implements Order {
    public boolean names(Request request) {
      return request.header().requestId() == requestId && request.header().client().equals(client);
    }
  }

  /** For the buffer's private reservation. */
  public record ToReservation(Reservation.Command command) implements Order {}

  // --- from migration -------------------------------------------------------------------------

  /**
   * Where the first allocation landed; the pages are zero.
   *
   * @param movedBytes for the demand's sake, counted as TTM's operation context does: this buffer's
   *     size for its first placement or for each hop, and every hop of every victim
   * @param fence a KERNEL fence until {@link CopyDone} names it: others' contents are still on
   *     their way out of these pages; or {@link #NO_FENCE}
   */
  public record Placed(int region, Extents extents, boolean settled, long movedBytes, long fence)
      implements Order {
    public Placed(int region, Extents extents, boolean settled) {
      this(region, extents, settled, 0, NO_FENCE);
    }
  }

  /** Nothing is to be waited for. */
  public static final long NO_FENCE = 0;

  /** The KERNEL fence of that move or placement signals: the pages may be used. */
  public record CopyDone(long fence) implements Order {}

  /** No room, or no need to move: the buffer stays as it is. */
  public record DemandRefused(Refusal refusal) implements Order {}

  /** From a region that it left: there is room again, and the region's policy wants it back. */
  public record ComeBack(int region) implements Order {}

  /**
   * Asks to enter Moving.
   *
   * @param ticket on whose behalf; an older holder of the buffer answers EBUSY
   * @param mayWait false: only if nothing has to be waited for
   * @param fate what becomes of the contents
   */
  public record PrepareMove(long move, Ticket ticket, boolean mayWait, Fate fate) implements Order {
    public PrepareMove(long move, Ticket ticket, boolean mayWait) {
      this(move, ticket, mayWait, Fate.MOVED);
    }
  }

  /** Another limit passed while mappings of the old generation remain. */
  public record Overdue(long move, boolean force) implements Order {}

  /** A limit passed while a revoked buffer is still mapped or in use. */
  public record RevokeOverdue(boolean force) implements Order {}

  /**
   * The buffer lives in {@code region} from now on.
   *
   * @param answersDemand this was the buffer's own demand, not an eviction
   * @param movedBytes as for {@link Placed}
   * @param fence as for {@link Placed}: the contents are still on their way in
   */
  public record Landed(
      long move,
      int region,
      Extents extents,
      boolean settled,
      boolean answersDemand,
      long movedBytes,
      long fence)
      implements Order {
    public Landed(long move, int region, Extents extents, boolean settled, boolean answersDemand) {
      this(move, region, extents, settled, answersDemand, 0, NO_FENCE);
    }
  }

  public record MoveFailed(long move, Refusal refusal) implements Order {}

  // --- from the IOMMU -------------------------------------------------------------------------

  public record IommuMapped(int attachment, Iommu.MapResult result) implements Order {}

  public record IommuUnmapped(int attachment, long generation) implements Order {}

  // --- from observers -------------------------------------------------------------------------

  /** The last messages this buffer handled, oldest first. */
  public record TellHistory(ActorRef<History> replyTo) implements Question {}

  /** Who waits here, and for whom, now. */
  public record TellWaits(ActorRef<WaitReport> replyTo) implements Question {}

  /** What the buffer knows of itself, now. */
  public record TellInfo(ActorRef<BufferInfo> replyTo) implements Question {}

  public record History(BufferId buffer, List<String> lines) {}

  // --- replies about placements ---------------------------------------------------------------

  public sealed interface PlacementReply {}

  /**
   * The buffer satisfies the places asked for.
   *
   * @param region where it is, or {@link Migration#NOWHERE}
   * @param movedBytes for this request's sake, as for {@link Placed}
   */
  public record Validated(
      long requestId, BufferId buffer, long generation, int region, long movedBytes)
      implements PlacementReply {}

  public record ValidateRefused(long requestId, BufferId buffer, Refusal refusal)
      implements PlacementReply {}

  // --- replies about the CPU's use
  // --------------------------------------------------------------------

  public sealed interface CpuReply {}

  /** The bracket is open: the pages stay where they are until it ends. */
  public record CpuOpened(
      long requestId, BufferId buffer, Extents extents, Contents expected, long stamp)
      implements CpuReply {}

  public record CpuClosed(long requestId, BufferId buffer) implements CpuReply {}

  public record Vmapped(long requestId, BufferId buffer) implements CpuReply {}

  public record Vunmapped(long requestId, BufferId buffer) implements CpuReply {}

  /**
   * The open bracket must end now, without its writes: answer by {@link EndCpu}.
   *
   * @param requestId of the bracket
   */
  public record CpuRecalled(long requestId, BufferId buffer, Refusal refusal) implements CpuReply {}

  public record CpuRefused(long requestId, BufferId buffer, Refusal refusal) implements CpuReply {}

  private Buffer() {}
}
