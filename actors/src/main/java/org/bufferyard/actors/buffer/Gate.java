package org.bufferyard.actors.buffer;

import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.SharedReservation;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask what of a buffer: by the handle, its rights, and what has become of the buffer. What
 * ends something goes by whose it is, not by the handle, which may be gone.
 */
final class Gate {
  private final BufferCore core;

  Gate(BufferCore core) {
    this.core = core;
  }

  /** Why the request may not be served, or null. */
  @Nullable Refusal refuses(Buffer.Request request) {
    return switch (request) {
      case Buffer.Attach r -> live(r.header(), Rights.READ);
      case Buffer.Map r -> withContents(r.header(), mapRights(r));
      case Buffer.Mmap r -> live(r.header(), Rights.CPU | Rights.READ);
      case Buffer.Vmap r -> withContents(r.header(), Rights.CPU | Rights.MAP);
      case Buffer.Vunmap r -> null;
      case Buffer.Use r -> live(r.header(), useRights(r.usage()));
      case Buffer.Pin r -> withContents(r.header(), Rights.PIN);
      case Buffer.BeginCpu r -> withContents(r.header(), Rights.CPU | cpuRights(r));
      case Buffer.Validate r -> withContents(r.header(), Rights.READ);
      case Buffer.Share r -> live(r.header(), Rights.EXPORT);
      case Buffer.Offer r -> live(r.header(), Rights.REVOKE);
      case Buffer.Reclaim r -> live(r.header(), Rights.REVOKE);
      case Buffer.Revoke r -> core.rights.refuses(r.header(), Rights.REVOKE);
      case Buffer.Release r -> core.rights.refuses(r.header(), 0);
      case Buffer.Unmap r -> null;
      case Buffer.Detach r -> null;
      case Buffer.Unpin r -> null;
      case Buffer.EndCpu r -> null;
    };
  }

  /** A program's own mapping is a CPU access. */
  private int mapRights(Buffer.Map map) {
    Attachment attachment = core.attachment(map.attachment());
    boolean cpu = attachment != null && attachment.device.equals(DeviceId.CPU);
    int rights = map.direction().deviceWrites() ? Rights.MAP : Rights.READ;
    return cpu ? rights | Rights.CPU : rights;
  }

  /** As {@code DMA_BUF_IOCTL_SYNC} names directions: what the CPU writes a device is to read. */
  private static int cpuRights(Buffer.BeginCpu begin) {
    int reads = begin.direction().deviceWrites() ? Rights.READ : 0;
    return begin.cpuWrites() ? reads | Rights.WRITE : reads;
  }

  private static int useRights(FenceUsage usage) {
    boolean writes = usage == FenceUsage.WRITE || usage == FenceUsage.KERNEL;
    return writes ? Rights.MAP : Rights.READ;
  }

  /** The same for the buffer's private reservation. */
  @Nullable Refusal refuses(Reservation.Request request) {
    return switch (request) {
      case Reservation.Reserve r -> ownReservation(r.header());
      case Reservation.AddFence r -> ownReservation(r.header());
      case Reservation.ImportFence r -> ownReservation(r.header());
      case Reservation.ExportFence r -> live(r.header(), 0);
      case Reservation.Poll r -> live(r.header(), 0);
    };
  }

  /** Its order among other buffers is kept where they share it. */
  private @Nullable Refusal ownReservation(Header header) {
    Refusal refusal = live(header, Rights.READ);
    SharedReservation shared = core.spec.options().reservation();
    return refusal != null || shared == null
        ? refusal
        : new Refusal(
            Errno.EINVAL,
            core.id + " shares the reservation " + shared.ref().path().name(),
            "asking that one, with its handle");
  }

  private @Nullable Refusal live(Header header, int needed) {
    Refusal refusal = core.rights.refuses(header, needed);
    return refusal == null && core.state == State.REVOKED ? revoked() : refusal;
  }

  private @Nullable Refusal withContents(Header header, int needed) {
    Refusal refusal = live(header, needed);
    return refusal == null && core.state == State.PURGED ? purged() : refusal;
  }

  Refusal revoked() {
    return new Refusal(Errno.ENODEV, core.id + " was revoked");
  }

  private Refusal purged() {
    return new Refusal(
        Errno.EFAULT,
        "the contents of " + core.id + " were offered, and discarded for want of room",
        "reclaiming the buffer and writing its contents again");
  }
}
