package org.bufferyard.allocator.policy;

/**
 * The order in which the buffers of one memory region leave it. Not thread-safe; owned by the
 * region's owner. Allocation-free once its columns have grown to the largest id seen.
 *
 * <p>A buffer is a dense <em>id</em>, assigned at the edge from 0 upward and bound to that buffer
 * until {@code removed(id, FREED)} or {@link #forgotten}: a buffer that was evicted and returns has
 * its old id, which is how policies with ghosts recognise it. An owner that reuses ids at once
 * calls {@link #forgotten} first and gives ghosts up. Facts about a buffer are read through the
 * {@link Residents} of the {@link PolicyContext}.
 *
 * <p>Room is made in rounds:
 *
 * <pre>
 *   policy.begin(demand)
 *   while short of room:
 *     id = policy.victim(demand)
 *     id &gt;= 0: evict it, then removed(id, EVICTED);  not now: demand.exclude(id), ask on
 *     SPILL:  place the incoming buffer elsewhere (it is not worth a victim here)
 *     NONE:   demand.verdict() says wait, ask again in a wider pass, or fail
 *   while id = policy.surplus(demand) &gt;= 0: evict it too
 * policy.admitted(incoming)
 * </pre>
 *
 * Before the next {@code victim} call the caller has either removed the last victim or excluded it.
 * An eviction that runs in the background is an exclusion (in this demand, and as {@link
 * Standing#BUSY} in later ones) followed by {@code removed} when it has landed.
 *
 * <p>Time is a parameter in nanoseconds and never runs back; for an offline policy it is the
 * request's number.
 */
public interface EvictionPolicy {
  /** No candidate passed the demand's filter. */
  int NONE = -1;

  /**
   * The incoming buffer should be placed elsewhere rather than displace anything here. Not an
   * answer to a {@linkplain Demand#mandatory mandatory} demand.
   */
  int SPILL = -2;

  /** This policy has no {@link #serve}. */
  int NO_SHORT_CUT = -1;

  /** Buffer {@code id} became resident: it was made here or moved here. */
  void admitted(int id, long nowNanos);

  /** Resident buffer {@code id} was used. */
  void used(int id, long nowNanos);

  /** The buffers {@code ids[from, to)} of one submission were used, in that order. */
  default void used(int[] ids, int from, int to, long nowNanos) {
    for (int i = from; i < to; i++) {
      used(ids[i], nowNanos);
    }
  }

  /** Buffer {@code id}, which left this region, was used where it is now. */
  default void usedElsewhere(int id, long nowNanos) {}

  /** Resident buffer {@code id} left. */
  void removed(int id, Removal reason, long nowNanos);

  /** Buffer {@code id}, not resident, is gone for good: its id may be bound to another. */
  default void forgotten(int id) {}

  /** Resident buffer {@code id} got its first pin. The demand's filter must refuse it too. */
  default void pinned(int id) {}

  /** Resident buffer {@code id} lost its last pin. */
  default void unpinned(int id, long nowNanos) {}

  /** Priority, group, owner, sharing or worth of the contents of resident {@code id} changed. */
  default void changed(int id, long nowNanos) {}

  /** The owner's advice on resident buffer {@code id}. */
  default void hinted(int id, Hint hint, long nowNanos) {}

  /**
   * Whether the demand's incoming buffer should be resident here at all, asked before {@link
   * #begin}: {@link Admission#SPILL} where its residence costs more than it saves.
   */
  default Admission admission(Demand demand) {
    return Admission.ADMIT;
  }

  /** Starts the choice of victims for {@code demand}; borrowed until the next {@code begin}. */
  void begin(Demand demand);

  /** The next victim's id, {@link #NONE} or {@link #SPILL}. */
  int victim(Demand demand);

  /**
   * The next resident that the policy wants out although there is room, or {@link #NONE}: trimming,
   * watermarks, second thoughts. Asked after the last victim of a demand or, following a {@link
   * #tick}, of a begun demand for nothing; answered like {@link #victim}. An owner that cannot
   * afford it never asks.
   */
  default int surplus(Demand demand) {
    return NONE;
  }

  /**
   * Requests {@code ids[from, to)} to a full region in one call, where all buffers have one size
   * and nothing stands in a victim's way: each is used where it is resident, and otherwise admitted
   * in the place of a victim; some buffer is resident. Keeps {@code resident}, by id, in step and
   * returns how many were admitted. Leaves the policy as {@link #used}, or {@link #begin}, {@link
   * #victim}, {@link #removed} and {@link #admitted} would; a policy gains time by it and nothing
   * else. One that has no such short cut, as none has that looks at the time, always answers {@link
   * #NO_SHORT_CUT} and does nothing, and its caller goes the long way.
   */
  default int serve(int[] ids, int from, int to, boolean[] resident) {
    return NO_SHORT_CUT;
  }

  /**
   * The next buffer that left this region and should return to it now that {@code room} (its pages
   * are the free room) allows, or {@link #NONE}. The caller excludes what it started to move.
   */
  default int bringBack(Demand room) {
    return NONE;
  }

  /** Periodic work: ageing, trimming. The owner calls it as often as it likes. */
  default void tick(long nowNanos) {}

  /** The region has {@code capacityPages} from now on. */
  default void resized(long capacityPages) {}
}
