package org.bufferyard.actors.region;

import java.util.Arrays;
import java.util.LinkedHashMap;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Region.Resident;
import org.bufferyard.allocator.policy.Residents;
import org.bufferyard.allocator.policy.Standing;
import org.bufferyard.allocator.policy.Standings;
import org.jspecify.annotations.Nullable;

/**
 * The buffers a region's policy knows, by dense id: resident ones, and evicted ones that may return
 * under their old id. Not thread-safe; owned by the region actor.
 */
final class ResidentTable implements Residents, Standings {
  static final int UNKNOWN = -1;

  private final LinkedHashMap<BufferId, Integer> ids = new LinkedHashMap<>();
  private @Nullable Resident[] residents = new Resident[64];
  private boolean[] here = new boolean[64];
  private boolean[] eligible = new boolean[64];
  private int[] free = new int[64];
  private int freeCount;
  private int bound;
  private int hereCount;
  private long herePages;
  private long pinnedPages;

  /** The id of a buffer, resident or remembered, or {@link #UNKNOWN}. */
  int idOf(BufferId buffer) {
    Integer id = ids.get(buffer);
    return id == null ? UNKNOWN : id;
  }

  /** Enters a resident; an evicted buffer that returns has its old id. */
  int arrived(Resident resident) {
    Integer known = ids.get(resident.buffer());
    int id = known != null ? known : bind(resident.buffer());
    residents[id] = resident;
    here[id] = true;
    eligible[id] = true;
    hereCount++;
    herePages += resident.pages();
    return id;
  }

  private int bind(BufferId buffer) {
    int id = freeCount > 0 ? free[--freeCount] : bound++;
    if (id == here.length) {
      residents = Arrays.copyOf(residents, id * 2);
      here = Arrays.copyOf(here, id * 2);
      eligible = Arrays.copyOf(eligible, id * 2);
      free = Arrays.copyOf(free, id * 2);
    }
    ids.put(buffer, id);
    return id;
  }

  void left(int id) {
    here[id] = false;
    pinnedPages -= eligible[id] ? 0 : pages(id);
    hereCount--;
    herePages -= pages(id);
  }

  /** The buffer is gone for good. */
  void forget(BufferId buffer, int id) {
    ids.remove(buffer);
    residents[id] = null;
    free[freeCount++] = id;
  }

  boolean isHere(int id) {
    return here[id];
  }

  boolean isEligible(int id) {
    return eligible[id];
  }

  /** Of a resident, which was otherwise. */
  void setEligible(int id, boolean now) {
    eligible[id] = now;
    pinnedPages += now ? -pages(id) : pages(id);
  }

  Resident resident(int id) {
    Resident resident = residents[id];
    if (resident == null) {
      throw new IllegalStateException("no buffer has this id, id=" + id);
    }
    return resident;
  }

  int hereCount() {
    return hereCount;
  }

  /** Of residents that may not move: pinned, statically mapped or open to the CPU. */
  long pinnedPages() {
    return pinnedPages;
  }

  long herePages() {
    return herePages;
  }

  @Override
  public long pages(int id) {
    return resident(id).pages();
  }

  @Override
  public int priority(int id) {
    return resident(id).priority();
  }

  @Override
  public int owner(int id) {
    return resident(id).owner().value();
  }

  @Override
  public Standing standing(int id) {
    return here[id] && eligible[id] ? Standing.EVICTABLE : Standing.PINNED;
  }
}
