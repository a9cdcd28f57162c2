package org.bufferyard.allocator.iommu;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * The mapped tables of buffers in one domain by constraint signature, so that a second attachment
 * of equal constraints, and every later map of the first, reads no page and takes no IOVA. Model of
 * {@code cache_sgt_mapping}, widened from one attachment to all of equal signature.
 *
 * <p>A table stays cached while nobody uses it and leaves with {@link #drain}, at the buffer's move
 * or its last detach. An open-addressing table of columns; all entries of a buffer lie in one probe
 * chain. Not thread-safe; owned by the owner of the domain.
 */
public final class MappingCache {
  /** Is given the tables that left the cache, to be unmapped. */
  public interface Drained {
    /** {@code users} map calls have not been matched by an unmap. */
    void table(SgTable table, DmaDirection direction, int users);
  }

  private final List<DmaConstraints> signatures = new ArrayList<>();
  private long[] buffers = new long[16];
  private long[] generations = new long[16];
  private int[] signatureIds = new int[16];
  private int[] users = new int[16];
  private @Nullable SgTable[] tables = new @Nullable SgTable[16];
  private int size;

  /**
   * A small number for a pair of constraints and direction; equal pairs have equal numbers. Kept by
   * an attachment, so that it is looked up once. Cost: linear in the distinct constraints seen.
   */
  public int signatureOf(DmaConstraints constraints, DmaDirection direction) {
    int at = signatures.indexOf(constraints);
    if (at < 0) {
      at = signatures.size();
      signatures.add(constraints);
    }
    return at << 2 | (int) DomainSpace.accessOf(direction);
  }

  /** The cached table, with one more user, or null. */
  public @Nullable SgTable acquire(long buffer, long generation, int signature) {
    int slot = find(buffer, generation, signature);
    if (slot < 0) {
      return null;
    }
    users[slot]++;
    return tables[slot];
  }

  /** Caches a table that was just mapped, with one user; it must not be cached yet. */
  public void add(long buffer, long generation, int signature, SgTable table) {
    if (find(buffer, generation, signature) >= 0) {
      throw new IllegalArgumentException(
          "cached already, buffer=" + buffer + ", generation=" + generation);
    }
    if (2 * (size + 1) > buffers.length) {
      grow();
    }
    put(buffer, generation, signature, 1, table);
  }

  /** One user less; the users left, or -1 where there was none. The table stays cached. */
  public int release(long buffer, long generation, int signature) {
    int slot = find(buffer, generation, signature);
    if (slot < 0 || users[slot] == 0) {
      return -1;
    }
    users[slot]--;
    return users[slot];
  }

  /** Removes every table of a buffer, of all generations, and shows each; returns how many. */
  public int drain(long buffer, Drained drained) {
    int removed = 0;
    int slot = home(buffer);
    while (tables[slot] != null) {
      SgTable table = tables[slot];
      if (table != null && buffers[slot] == buffer) {
        int access = signatureIds[slot] & 3;
        int left = users[slot];
        remove(slot);
        drained.table(table, directionOf(access), left);
        removed++;
      } else {
        slot = next(slot);
      }
    }
    return removed;
  }

  /** Tables cached. */
  public int size() {
    return size;
  }

  private static DmaDirection directionOf(int access) {
    if (access == PageTable.READ) {
      return DmaDirection.TO_DEVICE;
    }
    return access == PageTable.WRITE ? DmaDirection.FROM_DEVICE : DmaDirection.BIDIRECTIONAL;
  }

  private int find(long buffer, long generation, int signature) {
    int slot = home(buffer);
    while (tables[slot] != null) {
      if (buffers[slot] == buffer
          && generations[slot] == generation
          && signatureIds[slot] == signature) {
        return slot;
      }
      slot = next(slot);
    }
    return -1;
  }

  private void put(long buffer, long generation, int signature, int userCount, SgTable table) {
    int slot = home(buffer);
    while (tables[slot] != null) {
      slot = next(slot);
    }
    buffers[slot] = buffer;
    generations[slot] = generation;
    signatureIds[slot] = signature;
    users[slot] = userCount;
    tables[slot] = table;
    size++;
  }

  /** Moves later entries of the chain up, so that no probe ends early. */
  private void remove(int slot) {
    int hole = slot;
    for (int at = next(slot); tables[at] != null; at = next(at)) {
      int mask = buffers.length - 1;
      if (((at - home(buffers[at])) & mask) >= ((at - hole) & mask)) {
        buffers[hole] = buffers[at];
        generations[hole] = generations[at];
        signatureIds[hole] = signatureIds[at];
        users[hole] = users[at];
        tables[hole] = tables[at];
        hole = at;
      }
    }
    tables[hole] = null;
    size--;
  }

  private void grow() {
    long[] oldBuffers = buffers;
    long[] oldGenerations = generations;
    int[] oldSignatures = signatureIds;
    int[] oldUsers = users;
    @Nullable SgTable[] oldTables = tables;
    buffers = new long[oldBuffers.length * 2];
    generations = new long[buffers.length];
    signatureIds = new int[buffers.length];
    users = new int[buffers.length];
    tables = new @Nullable SgTable[buffers.length];
    size = 0;
    for (int slot = 0; slot < oldTables.length; slot++) {
      SgTable table = oldTables[slot];
      if (table != null) {
        put(oldBuffers[slot], oldGenerations[slot], oldSignatures[slot], oldUsers[slot], table);
      }
    }
  }

  private int home(long buffer) {
    return (int) ((buffer * 0x9E37_79B9_7F4A_7C15L) >>> 32) & (buffers.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (buffers.length - 1);
  }
}
