package org.bufferyard.simulator.dump;

import java.util.List;

/**
 * A run at a moment. The components' names are those of the file.
 *
 * @param format always {@link #FORMAT}
 * @param version always {@link #VERSION}
 * @param mode deterministic or real
 * @param atNanos model time
 * @param consistent all of it held at one instant: nothing was under way between actors
 * @param asked owners that were asked
 * @param answered of these; the others are left out
 * @param buffers by id
 */
public record Dump(
    String format,
    int version,
    String scenario,
    String policy,
    long seed,
    String mode,
    long atNanos,
    boolean consistent,
    int asked,
    int answered,
    List<Region> regions,
    List<Buffer> buffers,
    List<Wait> waits) {
  public static final String FORMAT = "bufferyard-dump";
  public static final int VERSION = 1;

  /**
   * A memory region.
   *
   * @param usedBytes of its allocator or window
   * @param residentBytes of the buffers that live there
   */
  public record Region(
      String name, long capacityBytes, long usedBytes, long residentBytes, int residents) {}

  /**
   * A buffer.
   *
   * @param exporter the client that exported it
   * @param memoryBytes its size in whole pages if it has memory, else 0
   * @param life declared, allocating, resident, moving, purged or revoked
   * @param region where it lives, or empty
   * @param runs of page frames
   * @param offered its contents may be discarded
   * @param handles the clients that hold one, once for each
   * @param openBrackets CPU accesses under way
   * @param token the submission that holds its token, or empty
   * @param held requests that wait for a placement
   * @param queued uses that wait for fences
   */
  public record Buffer(
      long id,
      String name,
      String exporter,
      long sizeBytes,
      long memoryBytes,
      String life,
      String region,
      long generation,
      int runs,
      boolean offered,
      List<String> handles,
      List<Attachment> attachments,
      List<Fence> fences,
      int openBrackets,
      String token,
      int held,
      int queued) {
    public int pins() {
      return attachments.stream().mapToInt(Attachment::pins).sum();
    }
  }

  /** A device's use of a buffer, on behalf of a client. */
  public record Attachment(
      String device,
      String client,
      boolean dynamic,
      String state,
      String direction,
      int maps,
      int pins) {}

  /** Work that has not ended, and whose. */
  public record Fence(String usage, String owner) {}

  /** One waits for another: for a token, a fence or a message. */
  public record Wait(String waiter, String awaited, String kind, String about) {}
}
