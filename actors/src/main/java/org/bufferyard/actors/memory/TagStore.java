package org.bufferyard.actors.memory;

import java.util.Arrays;

/** One content tag per page: 512 times smaller than the bytes, for large simulations. */
final class TagStore implements PageStore {
  private final long[] tags;

  TagStore(long pages) {
    tags = new long[Math.toIntExact(pages)];
  }

  @Override
  public long pages() {
    return tags.length;
  }

  @Override
  public void fill(long page, long pages, long tag) {
    Arrays.fill(tags, (int) page, (int) (page + pages), tag);
  }

  @Override
  public void write(long page, long tag) {
    tags[(int) page] = tag;
  }

  @Override
  public long read(long page) {
    return tags[(int) page];
  }

  @Override
  public void copyTo(long page, PageStore to, long toPage, long pages) {
    System.arraycopy(tags, (int) page, ((TagStore) to).tags, (int) toPage, (int) pages);
  }
}
