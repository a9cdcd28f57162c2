package org.bufferyard.simulator.workload;

import java.util.List;
import org.bufferyard.allocator.DmaDirection;

/**
 * What a client asks for in one step. {@code buffer} is a dense key, unique in the workload and
 * given once by an {@link Export}; a client may also name a key that another client exports to it.
 */
public sealed interface Action {
  /**
   * Declares a buffer. Its pages are placed when it is first mapped.
   *
   * @param name for people; not unique
   * @param sharedWith clients that import the buffer; empty keeps it private
   */
  record Export(
      int buffer, long sizeBytes, String name, Preference preference, List<String> sharedWith)
      implements Action {
    public Export {
      requireKey(buffer);
      requirePositive("sizeBytes", sizeBytes);
    }
  }

  /**
   * One job of one device over all of {@code uses}: each buffer is attached and mapped if it is not
   * yet, then the device reads or writes the pages named.
   *
   * @param busyNanos time the device computes besides moving the bytes at its rate
   * @param dueNanos model time by which the job is to be done, or the frame it makes counts as
   *     dropped; {@link #NEVER_DUE} for a job that makes no frame
   */
  record Submit(String device, List<Use> uses, long busyNanos, long dueNanos) implements Action {
    public static final long NEVER_DUE = Long.MAX_VALUE;

    public Submit(String device, List<Use> uses, long busyNanos) {
      this(device, uses, busyNanos, NEVER_DUE);
    }

    /** The job makes a frame that somebody waits for. */
    public boolean isFrame() {
      return dueNanos != NEVER_DUE;
    }

    public Submit {
      if (busyNanos < 0) {
        throw new IllegalArgumentException(
            "busyNanos must not be negative, busyNanos=" + busyNanos);
      }
    }
  }

  /** The device attaches, so that its constraints are known, and maps nothing yet. */
  record Attach(int buffer, String device) implements Action {
    public Attach {
      requireKey(buffer);
    }
  }

  /** The device drops its cached mapping of the buffer and detaches from it. */
  record Unmap(int buffer, String device) implements Action {
    public Unmap {
      requireKey(buffer);
    }
  }

  /**
   * A CPU access bracket over pages {@code [firstPage, firstPage + pages)}. The direction is as in
   * {@code DMA_BUF_IOCTL_SYNC}: {@code TO_DEVICE} says that the CPU writes what the device will
   * read, {@code FROM_DEVICE} that the CPU reads what a device wrote.
   */
  record CpuAccess(int buffer, DmaDirection direction, long firstPage, long pages)
      implements Action {
    public CpuAccess {
      requireKey(buffer);
      requireRange(firstPage, pages);
    }
  }

  /** Forbids moving the buffer, through the attachment of {@code device}, until {@link Unpin}. */
  record Pin(int buffer, String device) implements Action {
    public Pin {
      requireKey(buffer);
    }
  }

  record Unpin(int buffer, String device) implements Action {
    public Unpin {
      requireKey(buffer);
    }
  }

  /** The client closes its handle; when the last client has, the buffer is freed. */
  record Release(int buffer) implements Action {
    public Release {
      requireKey(buffer);
    }
  }

  private static void requireKey(int buffer) {
    if (buffer < 0) {
      throw new IllegalArgumentException("buffer must not be negative, buffer=" + buffer);
    }
  }

  private static void requirePositive(String what, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(what + " must be positive, " + what + "=" + value);
    }
  }

  private static void requireRange(long firstPage, long pages) {
    if (firstPage < 0 || pages <= 0 || firstPage > Long.MAX_VALUE - pages) {
      throw new IllegalArgumentException(
          "page range must be within the buffer, firstPage=" + firstPage + ", pages=" + pages);
    }
  }
}
