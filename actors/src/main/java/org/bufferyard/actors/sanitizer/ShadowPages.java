package org.bufferyard.actors.sanitizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.allocator.Extents;

/**
 * Whose each page frame is, by this account: 14 bytes a page of the regions. Frames outside, such
 * as staging memory, are nobody's and not tracked. Not thread-safe; owned by the sanitizer.
 */
final class ShadowPages {
  /** What may be done with a page. */
  enum State {
    FREE,
    /** Given out, and not yet a buffer's: room for one, or on its way to be freed. */
    RESERVED,
    OWNED,
    /** A buffer's that is moving away: nobody may touch it any more. */
    LEAVING
  }

  private static final List<State> STATES = List.of(State.values());

  private static final byte OWNED = (byte) STATES.indexOf(State.OWNED);

  /** Consecutive frames of one region. */
  private static final class Span {
    final long base;
    final byte[] states;
    final int[] owners;
    final int[] indexes;
    final short[] maps;
    final boolean[] used;
    final boolean file;

    Span(Topology.RegionPlace place) {
      int pages = Math.toIntExact(place.pages());
      base = place.basePfn();
      states = new byte[pages];
      owners = new int[pages];
      indexes = new int[pages];
      maps = new short[pages];
      used = new boolean[pages];
      file = place.file();
      Arrays.fill(owners, -1);
    }

    boolean has(long pfn) {
      return pfn >= base && pfn < base + states.length;
    }
  }

  /** Is shown pages one by one. */
  interface Visitor {
    /**
     * A page of some extents.
     *
     * @param index within the extents
     */
    void page(long pfn, long index);
  }

  private final List<Span> spans = new ArrayList<>();
  private Span last;

  ShadowPages(Topology topology) {
    for (Topology.RegionPlace place : topology.regions()) {
      if (place.windowOf() == Topology.NONE) {
        spans.add(new Span(place));
      }
    }
    last = spans.getFirst();
  }

  boolean tracks(long pfn) {
    return find(pfn) != null;
  }

  private @org.jspecify.annotations.Nullable Span find(long pfn) {
    if (last.has(pfn)) {
      return last;
    }
    for (Span span : spans) {
      if (span.has(pfn)) {
        last = span;
        return span;
      }
    }
    return null;
  }

  private Span span(long pfn) {
    Span span = find(pfn);
    if (span == null) {
      throw new IllegalArgumentException("not a frame of a region, pfn=" + pfn);
    }
    return span;
  }

  State state(long pfn) {
    Span span = span(pfn);
    return STATES.get(span.states[(int) (pfn - span.base)]);
  }

  /** The number of the buffer whose the page is or was last; negative if none's. */
  int owner(long pfn) {
    Span span = span(pfn);
    return span.owners[(int) (pfn - span.base)];
  }

  /** Which of its owner's pages it is. */
  int index(long pfn) {
    Span span = span(pfn);
    return span.indexes[(int) (pfn - span.base)];
  }

  int maps(long pfn) {
    Span span = span(pfn);
    return span.maps[(int) (pfn - span.base)];
  }

  /** Somebody's data has been in it. */
  boolean used(long pfn) {
    Span span = span(pfn);
    return span.used[(int) (pfn - span.base)];
  }

  boolean inFile(long pfn) {
    return span(pfn).file;
  }

  void set(long pfn, State state) {
    Span span = span(pfn);
    span.states[(int) (pfn - span.base)] = (byte) STATES.indexOf(state);
  }

  void own(long pfn, int owner, long index) {
    Span span = span(pfn);
    int slot = (int) (pfn - span.base);
    span.states[slot] = OWNED;
    span.owners[slot] = owner;
    span.indexes[slot] = (int) index;
    span.used[slot] = true;
  }

  /** Free again, but what is in it may still be on its way out: a fence covers the next owner. */
  void vacate(long pfn) {
    Span span = span(pfn);
    span.states[(int) (pfn - span.base)] = 0;
    span.used[(int) (pfn - span.base)] = false;
  }

  void addMap(long pfn, int change) {
    Span span = span(pfn);
    span.maps[(int) (pfn - span.base)] += (short) change;
  }

  /** The first page that is not free, or negative. */
  long firstTaken() {
    for (Span span : spans) {
      for (int slot = 0; slot < span.states.length; slot++) {
        if (span.states[slot] != 0) {
          return span.base + slot;
        }
      }
    }
    return -1;
  }

  static void each(Extents extents, Visitor visitor) {
    long index = 0;
    for (int run = 0; run < extents.runs(); run++) {
      long first = extents.pfn(run);
      long pages = extents.pages(run);
      for (long pfn = first; pfn < first + pages; pfn++) {
        visitor.page(pfn, index++);
      }
    }
  }
}
