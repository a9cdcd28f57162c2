package org.bufferyard.actors.protocol;

import java.util.List;
import org.bufferyard.allocator.DmaDirection;

/**
 * What one buffer knows of itself at one moment. Model of a buffer's entry in {@code
 * /sys/kernel/debug/dma_buf/bufinfo}.
 *
 * @param owner the client that exported it
 * @param region index of its region, or {@link Migration#NOWHERE}
 * @param firstPfn of its first run of page frames, or -1
 * @param runs of page frames
 * @param offered its contents may be discarded
 * @param handles of all clients; none: it is a zombie
 * @param openBrackets CPU accesses under way
 * @param tokenHolder the submission that holds its token, or empty
 * @param held requests that wait for a placement or the end of a move
 * @param queued uses and CPU accesses that wait for fences
 */
public record BufferInfo(
    BufferId buffer,
    String name,
    ClientId owner,
    long sizeBytes,
    int priority,
    Life life,
    int region,
    long generation,
    long firstPfn,
    int runs,
    boolean offered,
    List<HandleInfo> handles,
    List<AttachmentInfo> attachments,
    List<FenceInfo> fences,
    int openBrackets,
    String tokenHolder,
    int held,
    int queued) {
  /** Where it is in its life. */
  public enum Life {
    DECLARED,
    ALLOCATING,
    RESIDENT,
    MOVING,
    PURGED,
    REVOKED
  }

  public record HandleInfo(ClientId client, int rights) {}

  /**
   * A device's use of the buffer.
   *
   * @param direction of the mapping, if it is mapped
   */
  public record AttachmentInfo(
      int attachment,
      DeviceId device,
      String deviceName,
      ClientId client,
      boolean dynamic,
      String state,
      DmaDirection direction,
      int mapCount,
      int pins) {}

  /**
   * Work that has not ended.
   *
   * @param owner the submission, CPU access or move, by its name
   */
  public record FenceInfo(FenceUsage usage, String owner) {}

  public BufferInfo {
    handles = List.copyOf(handles);
    attachments = List.copyOf(attachments);
    fences = List.copyOf(fences);
  }

  public int pins() {
    return attachments.stream().mapToInt(AttachmentInfo::pins).sum();
  }
}
