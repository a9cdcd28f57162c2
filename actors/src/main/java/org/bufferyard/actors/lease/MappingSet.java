package org.bufferyard.actors.lease;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leases of several buffers, taken together and closed together, as those of a submission are. Each
 * may also be closed or reclaimed by itself. Thread-safe as {@link Mapping} is.
 */
public final class MappingSet implements AutoCloseable {
  private final List<Mapping> mappings;

  /** In the importer's list of sets that it does not know yet; set by who takes it. */
  private @Nullable MappingSet taken;

  private int position;
  private volatile boolean closed;

  /**
   * @param mappings in the order asked; not changed any more
   */
  public MappingSet(List<Mapping> mappings) {
    this.mappings = mappings;
  }

  /** In the order of their attachments. */
  public List<Mapping> mappings() {
    return mappings;
  }

  /** Ends each lease. More than once is no error. */
  @Override
  public void close() {
    closed = true;
    for (int at = 0; at < mappings.size(); at++) {
      mappings.get(at).close();
    }
  }

  /** All its leases have ended, or are ending: nobody has to look at them one by one. */
  boolean isClosed() {
    return closed;
  }

  /** No gate has been closed since its lease was taken. */
  boolean isWelcome() {
    for (int at = 0; at < mappings.size(); at++) {
      if (!mappings.get(at).gate().isOpen()) {
        return false;
      }
    }
    return true;
  }

  /** Comes after {@code before} in the importer's list. */
  void follow(@Nullable MappingSet before) {
    taken = before;
    position = before == null ? 1 : before.position + 1;
  }

  /** In the importer's list, from 1. */
  int position() {
    return position;
  }

  /** Takes the one before it out of the list, so that no set keeps another. */
  @Nullable MappingSet unfollow() {
    MappingSet before = taken;
    taken = null;
    return before;
  }
}
