package org.bufferyard.simulator.fault;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue. A permitted fault is one that the protocol says is survived: requests may be
 * refused, but no rule is broken and everything is given back. A forbidden one breaks a promise
 * that the yard builds on, and is there to show that the checks find out.
 */
public enum FaultKind {
  DEVICE_SLOW(true, 10, 5_000_000, "a job's DMA takes longer by time; scope: device"),
  DEVICE_HANGS(
      true,
      2,
      200_000_000,
      "as device-slow, past the deadlines; devices with an IOMMU; scope: device"),
  DEVICE_LATE_UNMAP(true, 10, 30_000_000, "an invalidate is answered late; scope: device"),
  DEVICE_FAILS(true, 5, 0, "DMA stops half way through its writes with an error; scope: device"),
  DEVICE_REPORTS_TWICE(true, 10, 0, "a completion comes twice; scope: device"),
  DEVICE_STRAYS(true, 10, 0, "DMA to addresses that were just unmapped; scope: IOMMU"),
  IOMMU_REFUSES(true, 5, 0, "no address range or page table for a mapping; scope: IOMMU or path"),
  REGION_FULL(true, 10, 0, "a region refuses room that it has; scope: region"),
  LINK_FAILS(true, 10, 0, "a copy fails at its end; scope: link, as VRAM-GTT"),
  LINK_SLOW(true, 10, 2_000_000, "a piece of a copy takes longer by time; scope: link"),
  FENCE_TWICE(true, 10, 0, "a fence is signalled twice; scope: device"),
  CLIENT_DIES(true, 1, 0, "a client ends between two of its steps, jobs in flight; scope: client"),
  CLIENT_CLOSES_TWICE(true, 20, 0, "a handle is closed twice; scope: client"),
  ACTOR_DELAYED(true, 100, 0, "one actor after another comes last within an instant"),
  ACTOR_STARVED(true, 100, 0, "one actor after another is held back while time goes on"),
  MEMORY_FLIPS(false, 5, 0, "a page changes by itself; scope: none"),
  MESSAGE_LOST(false, 1, 0, "a message of the protocol is lost; scope: receiver"),
  MESSAGE_TWICE(false, 1, 0, "a message of the protocol comes twice; scope: receiver");

  private final boolean permitted;
  private final int percent;
  private final long timeNanos;
  private final String description;

  FaultKind(boolean permitted, int percent, long timeNanos, String description) {
    this.permitted = permitted;
    this.percent = percent;
    this.timeNanos = timeNanos;
    this.description = description;
  }

  /** As in a scenario file and after {@code --fault}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static @Nullable FaultKind of(String label) {
    for (FaultKind kind : values()) {
      if (kind.label().equals(label)) {
        return kind;
      }
    }
    return null;
  }

  public static List<String> labels() {
    return Arrays.stream(values()).map(FaultKind::label).toList();
  }

  /** Those that are survived. */
  public static List<FaultKind> allPermitted() {
    return Arrays.stream(values()).filter(FaultKind::permitted).toList();
  }

  public boolean permitted() {
    return permitted;
  }

  /** It is about an order that a strategy makes, not about single events. */
  public boolean isOrder() {
    return this == ACTOR_DELAYED || this == ACTOR_STARVED;
  }

  /** How often, unless told otherwise: percent of the occasions. */
  int percent() {
    return percent;
  }

  /** How long, unless told otherwise; 0 where it takes no time. */
  long timeNanos() {
    return timeNanos;
  }

  public String description() {
    return description;
  }
}
