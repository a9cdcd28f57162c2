package org.bufferyard.actors.buffer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.bufferyard.actors.fence.Fence;
import org.bufferyard.actors.fence.ReservedFences;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.allocator.Errno;
import org.jspecify.annotations.Nullable;

/**
 * The work on a buffer's own pages, as fences of its private reservation: jobs of devices, and open
 * CPU brackets. Each piece of work is a context of its own, since devices finish jobs in any order.
 * Not thread-safe; owned by the buffer.
 */
final class WorkFences {
  /** Names a CPU access: its client and the request that opened it. */
  record Bracket(ClientId client, long requestId) {}

  /** Names the copy that brings the contents, or takes others' away. */
  record Move(long id) {
    @Override
    public String toString() {
      return "move-" + id;
    }
  }

  private static final int NOBODY = -2;

  /** Work that touches pages {@code [firstPage, firstPage + pages)}. */
  static final class Work extends Fence {
    /** The ticket of a job, or the {@link Bracket} of a CPU access. */
    final Object owner;

    final FenceUsage usage;

    /** Whose, or -1 for the CPU. */
    final int attachment;

    final long firstPage;
    final long pages;

    /** Of the write, 0 for a reader. */
    final long stamp;

    Work(
        long context,
        Object owner,
        FenceUsage usage,
        int attachment,
        long firstPage,
        long pages,
        long stamp) {
      super(context, 1);
      this.owner = owner;
      this.usage = usage;
      this.attachment = attachment;
      this.firstPage = firstPage;
      this.pages = pages;
      this.stamp = stamp;
    }
  }

  private final ReservedFences fences;
  private long contexts;

  WorkFences(ReservedFences fences) {
    this.fences = fences;
  }

  /** New work of {@code usage} has to wait: for what conflicts, or for room for one more fence. */
  boolean block(FenceUsage usage) {
    return !fences.signalled(usage.waitsFor()) || fences.spare() == 0;
  }

  /** After {@link #block} has said no. */
  void add(Object owner, FenceUsage usage, int attachment, long firstPage, long pages, long stamp) {
    fences.addBeside(
        new Work(--contexts, owner, usage, attachment, firstPage, pages, stamp), usage);
  }

  /** Nobody may touch the pages before migration says so. Takes its room without being asked. */
  void addKernel(long move) {
    fences.addBeside(
        new Work(--contexts, new Move(move), FenceUsage.KERNEL, NOBODY, 0, 0, 0),
        FenceUsage.KERNEL);
  }

  /** The contents are in place. */
  void signalKernel(long move) {
    signal(new Move(move));
  }

  /** Nothing is on its way into the pages, or out of them. */
  boolean contentsInPlace() {
    return fences.signalled(FenceUsage.KERNEL);
  }

  /** Signals and drops the fence of {@code owner}; null if it has none. */
  @Nullable Work signal(Object owner) {
    Work work = first(each -> each.owner.equals(owner));
    if (work != null) {
      work.signal();
      fences.dropSignalled();
    }
    return work;
  }

  /** The fences of a device that is gone signal with EIO. */
  List<Work> abandon(int attachment) {
    List<Work> gone = new ArrayList<>(1);
    for (Work work = first(each -> each.attachment == attachment);
        work != null;
        work = first(each -> each.attachment == attachment)) {
      work.setError(Errno.EIO);
      work.signal();
      gone.add(work);
    }
    fences.dropSignalled();
    return gone;
  }

  boolean isEmpty() {
    return fences.signalled(FenceUsage.BOOKKEEP);
  }

  /** CPU accesses under way. */
  int brackets() {
    int count = 0;
    for (Fence fence : fences.fences(FenceUsage.BOOKKEEP)) {
      count += fence instanceof Work work && work.owner instanceof Bracket ? 1 : 0;
    }
    return count;
  }

  boolean hasBracket() {
    return first(work -> work.owner instanceof Bracket) != null;
  }

  private @Nullable Work first(Predicate<Work> matches) {
    return (Work)
        fences.first(
            FenceUsage.BOOKKEEP, fence -> fence instanceof Work work && matches.test(work));
  }
}
