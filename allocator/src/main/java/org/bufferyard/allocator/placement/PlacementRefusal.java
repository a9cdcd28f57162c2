package org.bufferyard.allocator.placement;

import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * Why no region will do.
 *
 * @param devices the smallest set in conflict: without any one of them there is a placement; empty
 *     when the buffer alone fits nowhere
 * @param field what they disagree about
 * @param reason the parties, the rule and the values
 * @param wouldHelp one change that would allow it
 */
public record PlacementRefusal(
    Errno errno, List<String> devices, Field field, String reason, String wouldHelp) {

  /** The constraint in conflict. */
  public enum Field {
    /** Regions that each has a path to. */
    REACHABLE("reachable"),
    /** Addresses a device without a remapper can emit. */
    DMA_MASK("dmaMask"),
    /** One run of frames, for a device that takes a single segment. */
    CONTIGUOUS("contiguous"),
    ALIGNMENT("alignment"),
    /** Longest segment or segment boundary against the number of segments allowed. */
    MAX_SEGMENTS("maxSegments"),
    COHERENT("coherent"),
    SECURE("protected"),
    SIZE("size"),
    /** More than one of the above has to change. */
    SEVERAL("several");

    private final String label;

    Field(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  public PlacementRefusal {
    devices = List.copyOf(devices);
  }

  public Refusal asRefusal() {
    return new Refusal(errno, reason, wouldHelp);
  }
}
