package org.bufferyard.actors.region;

import org.bufferyard.actors.environment.Management;

/**
 * What clients are entitled to in one region, and what they have. Not thread-safe; owned by the
 * region.
 */
final class Shares {
  private static final Management.Share NOTHING = new Management.Share(-1, 0, 0);

  private final Management.Share[] shares;
  private final long[] pages;

  /** Shares are of the first region; in others nobody has any. */
  Shares(Management management, int region) {
    int clients =
        region > 0
            ? 0
            : management.shares().stream().mapToInt(share -> share.client() + 1).max().orElse(0);
    shares = new Management.Share[clients];
    java.util.Arrays.fill(shares, NOTHING);
    pages = new long[clients];
    if (clients > 0) {
      management.shares().forEach(share -> shares[share.client()] = share);
    }
  }

  boolean exist() {
    return shares.length > 0;
  }

  private boolean has(int owner) {
    return owner >= 0 && owner < shares.length;
  }

  /** Pages of {@code owner} came, or went. */
  void add(int owner, long more) {
    if (has(owner)) {
      pages[owner] += more;
    }
  }

  /** None of the owner's buffers leaves for others. */
  boolean guarded(int owner) {
    return has(owner) && pages[owner] > 0 && pages[owner] <= shares[owner].minPages();
  }

  /** They leave for who has no other place. */
  boolean sheltered(int owner) {
    return has(owner) && pages[owner] > 0 && pages[owner] <= shares[owner].lowPages();
  }

  /** With so many more pages the owner has no more than its share. */
  boolean entitled(int owner, long more) {
    return has(owner) && pages[owner] + more <= shares[owner].lowPages();
  }
}
