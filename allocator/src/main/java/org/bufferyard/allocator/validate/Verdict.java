package org.bufferyard.allocator.validate;

import java.util.List;
import org.bufferyard.allocator.Refusal;

/** What it takes to satisfy a list of places. */
public sealed interface Verdict {
  /** The buffer satisfies one of them already: nothing moves. */
  record Stays() implements Verdict {}

  /** No place is wanted: the memory goes, and the contents with it. */
  record Purges() implements Verdict {}

  /**
   * It needs room in one of these.
   *
   * @param places most wanted first; see {@link Validation#attempts}
   * @param mayStay if there is none, it may stay where it is
   */
  record Moves(List<Place> places, boolean mayStay) implements Verdict {
    public Moves {
      places = List.copyOf(places);
    }
  }

  /** It would have to move and may not. */
  record Refused(Refusal refusal) implements Verdict {}
}
