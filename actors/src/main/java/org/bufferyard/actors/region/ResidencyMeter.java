package org.bufferyard.actors.region;

/** Peak and time-weighted mean of the pages resident in a region. Owned by the region. */
final class ResidencyMeter {
  private long pages;
  private long peakPages;
  private long sinceNanos;
  private double pageNanos;

  void set(long nowPages, long nowNanos) {
    pageNanos += (double) pages * (nowNanos - sinceNanos);
    sinceNanos = nowNanos;
    pages = nowPages;
    peakPages = Math.max(peakPages, nowPages);
  }

  long peakPages() {
    return peakPages;
  }

  long meanPages(long nowNanos) {
    double total = pageNanos + (double) pages * (nowNanos - sinceNanos);
    return nowNanos == 0 ? pages : Math.round(total / nowNanos);
  }
}
