package org.bufferyard.allocator.policy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A wish for room in a region, and the record of the search for it: who asks, for how much, where,
 * and which candidates may be taken. Mutable and reused by its one owner; {@link #reset} starts the
 * next one. A policy asks {@link #accepts} about each candidate.
 */
public final class Demand {
  /** How far the search goes; the filter decides what each pass lets through. */
  public enum Pass {
    /** Only what can be evicted without waiting. Model of the trylock pass of TTM. */
    TRY,
    /** Also what is protected by a guarantee. */
    BREAK_PROTECTION,
    /** Also what is busy, waiting for it by ticket. */
    WAIT
  }

  /** What to do when no candidate is left. */
  public enum Verdict {
    /** Something busy would do: wait a bounded time and ask again. */
    WAIT,
    /** Only protected buffers are left: ask again in {@link Pass#BREAK_PROTECTION}. */
    BREAK_PROTECTION,
    /** Nothing resident can ever serve this demand: no memory. */
    FAIL
  }

  private final Residents residents;
  private int incoming = EvictionPolicy.NONE;
  private long pages;
  private long nowNanos;

  /**
   * Anything from here to {@link #excludedIn} was set since {@link #reset}: most demands are not.
   */
  private boolean shaped;

  private @Nullable Standings standings;
  private int owner;
  private int group = Residents.NO_GROUP;
  private Pass pass = Pass.TRY;
  private boolean ranged;
  private boolean contiguous;
  private boolean mustReside;
  private long firstPfn;
  private long endPfn;

  private boolean anyExcluded;
  private int serial;
  private int[] excludedIn = new int[0];
  private long scanned;
  private int busy;
  private int shielded;

  public Demand(Residents residents) {
    this.residents = residents;
  }

  /**
   * Starts a demand of {@code pages} for buffer {@code incoming} ({@link EvictionPolicy#NONE} where
   * room is wanted for its own sake). No filter, no range, owner 0, {@link Pass#TRY}, may be
   * spilled.
   */
  public Demand reset(int incoming, long pages, long nowNanos) {
    this.incoming = incoming;
    this.pages = pages;
    this.nowNanos = nowNanos;
    scanned = 0;
    if (shaped) {
      unshape();
    }
    return this;
  }

  private void unshape() {
    shaped = false;
    standings = null;
    owner = 0;
    group = Residents.NO_GROUP;
    pass = Pass.TRY;
    ranged = false;
    contiguous = false;
    mustReside = false;
    anyExcluded = false;
    serial++;
    restart();
  }

  /** Forgets what stood in the way, keeps the exclusions: the same demand in another pass. */
  public Demand pass(Pass next) {
    shaped = true;
    pass = next;
    restart();
    return this;
  }

  private void restart() {
    busy = 0;
    shielded = 0;
  }

  public Demand filter(Standings filter) {
    shaped = true;
    standings = filter;
    return this;
  }

  /** The client and the group that ask. */
  public Demand askedBy(int client, int clientGroup) {
    shaped = true;
    owner = client;
    group = clientGroup;
    return this;
  }

  /** Only victims with a frame in {@code [first, end)} help. */
  public Demand within(long first, long end) {
    shaped = true;
    ranged = true;
    firstPfn = first;
    endPfn = end;
    return this;
  }

  /** The freed pages must be one run. */
  public Demand contiguously() {
    shaped = true;
    contiguous = true;
    return this;
  }

  /** The incoming buffer has nowhere else to go: no {@link EvictionPolicy#SPILL}. */
  public Demand mandatory() {
    shaped = true;
    mustReside = true;
    return this;
  }

  /** The last victim cannot be had now; it is not yielded again in this demand. */
  public void exclude(int id) {
    if (id >= excludedIn.length) {
      excludedIn = Arrays.copyOf(excludedIn, Math.max(64, 2 * id));
    }
    excludedIn[id] = serial;
    shaped = true;
    anyExcluded = true;
  }

  /** Whether candidate {@code id} may be a victim; counts it as scanned. */
  public boolean accepts(int id) {
    scanned++;
    return !shaped || passes(id);
  }

  private boolean passes(int id) {
    if (anyExcluded && id < excludedIn.length && excludedIn[id] == serial) {
      busy++;
      return false;
    }
    if (ranged && !residents.intersects(id, firstPfn, endPfn)) {
      return false;
    }
    return standings == null || admits(standings.standing(id));
  }

  private boolean admits(Standing standing) {
    switch (standing) {
      case EVICTABLE -> {
        return true;
      }
      case BUSY -> busy++;
      case PROTECTED -> shielded++;
      case PINNED -> {}
    }
    return false;
  }

  /** After {@link EvictionPolicy#NONE}: what the refused candidates allow. */
  public Verdict verdict() {
    if (shielded > 0 && pass == Pass.TRY) {
      return Verdict.BREAK_PROTECTION;
    }
    return busy > 0 ? Verdict.WAIT : Verdict.FAIL;
  }

  /** The buffer that wants in, or {@link EvictionPolicy#NONE}. */
  public int incoming() {
    return incoming;
  }

  /** Pages wanted. */
  public long pages() {
    return pages;
  }

  public long nowNanos() {
    return nowNanos;
  }

  public int owner() {
    return owner;
  }

  public int group() {
    return group;
  }

  public Pass pass() {
    return pass;
  }

  public boolean contiguous() {
    return contiguous;
  }

  public boolean mustReside() {
    return mustReside;
  }

  /** Candidates looked at since {@link #reset}. */
  public long scanned() {
    return scanned;
  }
}
