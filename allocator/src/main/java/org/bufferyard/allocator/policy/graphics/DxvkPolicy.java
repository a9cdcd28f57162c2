package org.bufferyard.allocator.policy.graphics;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * DXVK's second chance by chunk: while the region has less than two chunks free, a hand visits the
 * next chunk every {@link #VISIT_NANOS}; a buffer found unused since the hand's last visit is moved
 * out in the background, the others are marked. A demand takes marked buffers first, from the hand
 * onward, then any. What was moved out and is used again is brought back while the region is not
 * tight, in the order of those uses. Both ways at most {@link #BACKGROUND_PAGES} are moved between
 * ticks, or a single larger buffer. A chunk is where the buffer lies or, where that is not known,
 * the run of admissions that would fill one. DXVK 2.7, pull request 4989. 23 bytes per id, 40 per
 * chunk.
 */
public final class DxvkPolicy implements EvictionPolicy {
  /** 256 MiB. */
  public static final long CHUNK_PAGES = 1L << 16;

  public static final long VISIT_NANOS = 500_000_000L;

  /** Moved out in the background per submission: 1 MiB. */
  public static final long BACKGROUND_PAGES = 256;

  private static final byte FRESH = 0;
  private static final byte MARKED = 1;
  private static final byte DEMOTED = 2;

  private static final int RETURNING = 0;

  /** Away and not used there yet; {@link #away} of those that are resident or forgotten is 0. */
  private static final byte MOVED_OUT = 1;

  private static final byte USED_AWAY = 2;

  private final Residents residents;
  private final Orders chunks;
  private final Orders returning;
  private OldestFirst[] walks = new OldestFirst[0];
  private int[] chunkOf;
  private byte[] state;
  private byte[] away;
  private long capacity;
  private long usedPages;
  private long admittedPages;
  private long nextVisit;
  private int hand;
  private int visited;
  private byte least;
  private long background;

  public DxvkPolicy(PolicyContext context) {
    residents = context.residents();
    chunkOf = new int[Math.max(16, context.expectedIds())];
    state = new byte[chunkOf.length];
    away = new byte[chunkOf.length];
    returning = new Orders(1, chunkOf.length);
    chunks = new Orders(1, chunkOf.length);
    resized(context.capacityPages());
  }

  @Override
  public void resized(long capacityPages) {
    capacity = capacityPages;
    int count = (int) ((capacityPages + CHUNK_PAGES - 1) / CHUNK_PAGES);
    int old = walks.length;
    if (count > old) {
      chunks.ensureOrders(count);
      walks = Arrays.copyOf(walks, count);
      for (int chunk = old; chunk < count; chunk++) {
        walks[chunk] = new OldestFirst(chunks, chunk);
      }
    }
  }

  @Override
  public void admitted(int id, long nowNanos) {
    if (id >= chunkOf.length) {
      chunkOf = Arrays.copyOf(chunkOf, Math.max(2 * chunkOf.length, id + 1));
      state = Arrays.copyOf(state, chunkOf.length);
      away = Arrays.copyOf(away, chunkOf.length);
    }
    forgotten(id);
    long pfn = residents.firstPfn(id);
    chunkOf[id] = (int) ((pfn >= 0 ? pfn : admittedPages) / CHUNK_PAGES % walks.length);
    admittedPages += residents.pages(id);
    usedPages += residents.pages(id);
    state[id] = FRESH;
    chunks.addNewest(chunkOf[id], id);
  }

  /** Reactivates it: its second chance starts again. */
  @Override
  public void used(int id, long nowNanos) {
    state[id] = FRESH;
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    walks[chunkOf[id]].leaving(id);
    chunks.remove(chunkOf[id], id);
    usedPages -= residents.pages(id);
    away[id] = reason == Removal.EVICTED ? MOVED_OUT : 0;
  }

  @Override
  public void usedElsewhere(int id, long nowNanos) {
    if (id < away.length && away[id] == MOVED_OUT) {
      away[id] = USED_AWAY;
      returning.addNewest(RETURNING, id);
    }
  }

  @Override
  public void forgotten(int id) {
    if (id < away.length) {
      if (away[id] == USED_AWAY) {
        returning.remove(RETURNING, id);
      }
      away[id] = 0;
    }
  }

  @Override
  public void hinted(int id, Hint hint, long nowNanos) {
    state[id] = hint == Hint.WILL_NEED ? FRESH : DEMOTED;
  }

  @Override
  public void tick(long nowNanos) {
    if (tight() && nowNanos >= nextVisit) {
      nextVisit = nowNanos + VISIT_NANOS;
      visit(hand);
      hand = (hand + 1) % walks.length;
    }
    background = BACKGROUND_PAGES;
  }

  private boolean tight() {
    return usedPages + 2 * CHUNK_PAGES > capacity;
  }

  private void visit(int chunk) {
    for (int id = chunks.oldest(chunk); id != NONE; id = chunks.newerThan(id)) {
      state[id] = state[id] == FRESH ? MARKED : DEMOTED;
    }
  }

  @Override
  public void begin(Demand demand) {
    least = DEMOTED;
    background = BACKGROUND_PAGES;
    turn();
  }

  private void turn() {
    visited = 0;
    for (OldestFirst walk : walks) {
      walk.restart();
    }
  }

  /** Demoted ones, then marked ones, then any, each in one turn from the hand. */
  @Override
  public int victim(Demand demand) {
    while (true) {
      int victim = inThisTurn(demand);
      if (victim != NONE || least == FRESH) {
        return victim;
      }
      least--;
      turn();
    }
  }

  private int inThisTurn(Demand demand) {
    for (; visited < walks.length; visited++) {
      OldestFirst walk = walks[(hand + visited) % walks.length];
      for (int id = walk.peek(); id != NONE; id = walk.peek()) {
        walk.leaving(id);
        if (state[id] == least && demand.accepts(id)) {
          return id;
        }
      }
    }
    return NONE;
  }

  /** Demoted buffers, up to what one submission may move, while the region is tight. */
  @Override
  public int surplus(Demand demand) {
    if (least != DEMOTED || background <= 0 || !tight()) {
      return NONE;
    }
    int id = inThisTurn(demand);
    background -= id == NONE ? background : residents.pages(id);
    return id;
  }

  @Override
  public int bringBack(Demand room) {
    if (background <= 0 || tight()) {
      return NONE;
    }
    for (int id = returning.oldest(RETURNING); id != NONE; id = returning.newerThan(id)) {
      if (residents.pages(id) <= room.pages() && room.accepts(id)) {
        background -= residents.pages(id);
        return id;
      }
    }
    return NONE;
  }
}
