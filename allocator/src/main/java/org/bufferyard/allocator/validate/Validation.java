package org.bufferyard.allocator.validate;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * Decides what a list of places, most wanted first, means for a buffer. Two passes: one into free
 * room over all places but the fallbacks; one that evicts over all but the merely desired. Before
 * each, a buffer that satisfies a place of that pass stays: nobody is evicted for a buffer that a
 * fallback serves.
 */
public final class Validation {
  /**
   * What it takes.
   *
   * @param places most wanted first; empty: the contents are not needed any more
   */
  public static Verdict of(List<Place> places, Present present) {
    if (places.isEmpty()) {
      return present.stuck() ? new Verdict.Refused(stuck()) : new Verdict.Purges();
    }
    if (satisfied(places, present, false)) {
      return new Verdict.Stays();
    }
    if (present.stuck()) {
      return satisfied(places, present, true) ? new Verdict.Stays() : new Verdict.Refused(stuck());
    }
    boolean mayStay = satisfied(places, present, true);
    return new Verdict.Moves(mayStay ? intoFreeRoom(places) : places, mayStay);
  }

  private static List<Place> intoFreeRoom(List<Place> places) {
    return places.stream().filter(place -> place.pass().counts(false)).map(Place::desired).toList();
  }

  private static boolean satisfied(List<Place> places, Present present, boolean evicting) {
    return present.hasMemory()
        && places.stream()
            .anyMatch(
                place ->
                    place.pass().counts(evicting)
                        && place.satisfiedBy(present.region(), present.extents()));
  }

  private static Refusal stuck() {
    return new Refusal(
        Errno.EINVAL,
        "it is pinned, mapped by a static importer or open to the CPU, and would have to move",
        "unpinning it first");
  }

  /** The first pass, and the second unless nobody may be evicted. */
  public static List<Attempt> attempts(List<Place> places, boolean mayEvict) {
    List<Attempt> attempts = new ArrayList<>(pass(places, false));
    if (mayEvict) {
      attempts.addAll(pass(places, true));
    }
    return attempts;
  }

  private static List<Attempt> pass(List<Place> places, boolean evicting) {
    List<Attempt> attempts = new ArrayList<>(places.size());
    for (Place place : places) {
      if (place.pass().counts(evicting)) {
        boolean settled = place.region() == places.getFirst().region() && !place.temporary();
        attempts.add(new Attempt(place, evicting, settled));
      }
    }
    return attempts;
  }

  /**
   * What a caller is told when every attempt failed: that no place could be satisfied, unless it
   * asked to know that room ran out.
   */
  public static Refusal failure(Refusal last, boolean keepNoSpace) {
    return last.errno() == Errno.ENOSPC && !keepNoSpace
        ? new Refusal(Errno.ENOMEM, last.reason(), last.wouldHelp())
        : last;
  }

  private Validation() {}
}
