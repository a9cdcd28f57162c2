package org.bufferyard.allocator.placement;

import java.util.List;
import org.bufferyard.allocator.Extents;
import org.jspecify.annotations.Nullable;

/**
 * A placement decision with its reasons: either a placement and the extents it would get, or a
 * refusal.
 *
 * @param placement the choice taken, or null
 * @param refusal why there is none, or null
 * @param extents what the region gave; empty when refused
 * @param devices one per device, in the order given
 * @param why the reasons for the placement, most important first; empty when refused
 * @param rejected regions that were not possible, in the order given
 */
public record Explanation(
    @Nullable PlacementChoice placement,
    @Nullable PlacementRefusal refusal,
    Extents extents,
    List<DeviceView> devices,
    List<String> why,
    List<RejectedRegion> rejected) {

  /**
   * How one device sees the buffer.
   *
   * @param segments of its mapping; 0 when it makes none
   * @param why in a sentence
   */
  public record DeviceView(String device, DmaPath path, long segments, String why) {}

  /** A region, and the field and devices that rule it out. */
  public record RejectedRegion(String region, PlacementRefusal.Field field, List<String> devices) {}

  public Explanation {
    if ((placement == null) == (refusal == null)) {
      throw new IllegalArgumentException("either a placement or a refusal");
    }
    devices = List.copyOf(devices);
    why = List.copyOf(why);
    rejected = List.copyOf(rejected);
  }
}
