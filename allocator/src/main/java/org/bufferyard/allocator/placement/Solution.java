package org.bufferyard.allocator.placement;

import java.util.List;

/** The solver's answer. */
public sealed interface Solution {
  /** At least one choice, best first. */
  record Placed(List<PlacementChoice> choices) implements Solution {
    public Placed {
      choices = List.copyOf(choices);
    }

    public PlacementChoice best() {
      return choices.getFirst();
    }
  }

  record Refused(PlacementRefusal refusal) implements Solution {}
}
