package org.bufferyard.actors.region;

import java.util.Arrays;
import org.bufferyard.actors.environment.Claims;
import org.bufferyard.actors.environment.Claims.Bounds;
import org.bufferyard.actors.protocol.ClientId;

/**
 * What clients may count on in one region, what they are held to, and what they have. Not
 * thread-safe; owned by the region.
 */
final class Shares {
  private static final int NOBODY = ClientId.YARD.value();

  private final Claims claims;
  private final long capacityPages;
  private final boolean exist;
  private Bounds[] bounds = new Bounds[0];

  /** Of buffers that live here. */
  private long[] herePages = new long[0];

  /** Of those, of buffers on their way out. */
  private long[] leavingPages = new long[0];

  /** Granted and not come back: of those, and of buffers that are coming or passing. */
  private long[] chargedPages = new long[0];

  private int foreground = NOBODY;
  private int clientsHere;

  /** Claims are of the first region; in others nobody has any. */
  Shares(Claims claims, int region, long capacityPages) {
    this.claims = claims;
    this.capacityPages = capacityPages;
    this.exist = region == 0 && !claims.equals(Claims.NONE);
  }

  boolean exist() {
    return exist;
  }

  /** True if it was somebody else. */
  boolean foreground(int client) {
    boolean other = exist && client != foreground;
    foreground = client;
    for (int owner = 0; other && owner < bounds.length; owner++) {
      bounds[owner] = boundsOf(owner);
    }
    return other;
  }

  private Bounds boundsOf(int owner) {
    Bounds part = owner == foreground ? claims.foreground() : claims.background();
    for (Claims.Share share : claims.own()) {
      if (share.client() == owner) {
        return share.bounds().and(part);
      }
    }
    return part;
  }

  private boolean has(int owner) {
    if (!exist || owner < 0) {
      return false;
    }
    if (owner >= bounds.length) {
      int known = bounds.length;
      bounds = Arrays.copyOf(bounds, Math.max(owner + 1, 2 * known));
      herePages = Arrays.copyOf(herePages, bounds.length);
      leavingPages = Arrays.copyOf(leavingPages, bounds.length);
      chargedPages = Arrays.copyOf(chargedPages, bounds.length);
      for (int client = known; client < bounds.length; client++) {
        bounds[client] = boundsOf(client);
      }
    }
    return true;
  }

  /** Buffers of {@code owner} came to live here, or left. */
  void add(int owner, long pages) {
    if (has(owner)) {
      clientsHere -= herePages[owner] > 0 ? 1 : 0;
      herePages[owner] += pages;
      clientsHere += herePages[owner] > 0 ? 1 : 0;
    }
  }

  /** Buffers of {@code owner} are on their way out, or no longer. */
  void leave(int owner, long pages) {
    if (has(owner)) {
      leavingPages[owner] += pages;
    }
  }

  private long staying(int owner) {
    return herePages[owner] - leavingPages[owner];
  }

  /** Pages were granted to buffers of {@code owner}, or came back. */
  void charge(ClientId owner, long pages) {
    if (has(owner.value())) {
      chargedPages[owner.value()] += pages;
    }
  }

  /** None of the owner's buffers leaves for others. */
  boolean guarded(int owner) {
    return counts(owner) && staying(owner) <= bounds[owner].minPages();
  }

  /** They leave for who has no other place. */
  boolean sheltered(int owner) {
    return counts(owner) && staying(owner) <= bounds[owner].lowPages();
  }

  /** The same, while {@code asking} wants room: it counts as one that has buffers here. */
  boolean withinBudgetBeside(int owner, int asking) {
    return has(owner) && budgeted() && staying(owner) <= budget(owner, asking);
  }

  /** With so many more pages the owner has no more than is its own. */
  boolean entitled(int owner, long more) {
    if (!has(owner)) {
      return false;
    }
    return staying(owner) + more <= bounds[owner].lowPages() || withinBudget(owner, more);
  }

  /** With so many more pages the owner has no more than its budget. */
  boolean withinBudget(int owner, long more) {
    return has(owner) && budgeted() && staying(owner) + more <= budget(owner, owner);
  }

  private boolean budgeted() {
    return claims.budgets().rule() != Claims.Rule.NONE;
  }

  private long budget(int owner, int asking) {
    int clients = clientsHere + (counts(asking) ? 0 : 1);
    boolean divided =
        claims.budgets().rule() == Claims.Rule.FOREGROUND
            && (foreground == asking || counts(foreground));
    if (clients == 1 || !divided) {
      return capacityPages / clients;
    }
    long first = capacityPages * claims.budgets().foregroundPercent() / 100;
    return owner == foreground ? first : (capacityPages - first) / (clients - 1);
  }

  /** It has buffers here; or is nobody. */
  private boolean counts(int client) {
    return has(client) && herePages[client] > 0;
  }

  /** Pages of the owner's buffers that live here. */
  long here(int owner) {
    return has(owner) ? herePages[owner] : 0;
  }

  /** So much of the owner's should stay, whoever wants room. */
  long promised(int owner) {
    return has(owner) ? bounds[owner].lowPages() : 0;
  }

  /** Somebody may be promised something. */
  boolean promise() {
    return exist
        && (claims.foreground().lowPages() > 0
            || claims.background().lowPages() > 0
            || claims.own().stream().anyMatch(share -> share.bounds().lowPages() > 0));
  }

  /** By how much the owner would have more than it may, with so many more pages; or 0. */
  long excess(int owner, long more) {
    return has(owner) ? Math.max(0, chargedPages[owner] + more - bounds[owner].maxPages()) : 0;
  }

  /** Even with nothing else the owner may not have so much. */
  boolean neverAllowed(int owner, long pages) {
    return has(owner) && pages > bounds[owner].maxPages();
  }

  /** In pages. */
  long max(int owner) {
    return has(owner) ? bounds[owner].maxPages() : Long.MAX_VALUE;
  }

  /** Some of what the owner was granted is not a resident's yet, which can leave. */
  boolean arriving(int owner) {
    return has(owner) && chargedPages[owner] > herePages[owner];
  }
}
