package org.bufferyard.actors.fence;

import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A point of a timeline made of fences of any context: signals when its own fence and those of all
 * earlier links have. Links whose fence has signalled are dropped while walking. Model of {@code
 * struct dma_fence_chain}, {@code drivers/dma-buf/dma-fence-chain.c}.
 */
public final class FenceChain extends Fence {
  /** What a point of a timeline comes to. */
  public sealed interface Found {
    /** The point has passed with this fence: a link, or what a chain was begun behind. */
    record Link(Fence fence) implements Found {}

    record Passed() implements Found {}

    record Refused(Refusal refusal) implements Found {}
  }

  private final Fence fence;
  private final long prevSeqno;
  private @Nullable Fence prev;

  private FenceChain(long context, long seqno, long prevSeqno, @Nullable Fence prev, Fence fence) {
    super(context, seqno);
    this.fence = fence;
    this.prevSeqno = prevSeqno;
    this.prev = prev;
  }

  /**
   * A link behind {@code prev}. It continues the timeline of {@code prev} if that is a chain with
   * an earlier number, and begins a new one otherwise.
   */
  public static FenceChain append(
      FenceContexts contexts, @Nullable Fence prev, Fence fence, long seqno) {
    boolean continues = prev instanceof FenceChain before && before.seqno() < seqno;
    FenceChain link =
        prev != null && continues
            ? new FenceChain(prev.context(), seqno, prev.seqno(), prev, fence)
            : new FenceChain(contexts.take(1), seqno, 0, prev, fence);
    link.arm(fence);
    return link;
  }

  /** Waits for the next unsignalled fence on the way back; signals when there is none. */
  private void arm(Fence from) {
    for (Fence next = from; next != null; next = firstUnsignalled()) {
      if (next.join(this::arm)) {
        return;
      }
    }
    signal();
  }

  private @Nullable Fence firstUnsignalled() {
    if (!fence.signalled()) {
      return fence;
    }
    Fence link = previous();
    return link instanceof FenceChain chain ? chain.fence : link;
  }

  public Fence fence() {
    return fence;
  }

  /** The link before this one whose fence has not signalled; null if there is none. */
  public @Nullable Fence previous() {
    while (prev instanceof FenceChain before && before.fence.signalled()) {
      prev = before.prev;
    }
    if (prev != null && !(prev instanceof FenceChain) && prev.signalled()) {
      prev = null;
    }
    return prev;
  }

  /**
   * What to wait for so that point {@code seqno} of the timeline of {@code last} has passed: {@code
   * last} itself for point 0; EINVAL for a point beyond the last link, or on what is no chain.
   */
  public static Found find(Fence last, long seqno) {
    if (seqno == 0) {
      return new Found.Link(last);
    }
    if (!(last instanceof FenceChain chain) || chain.seqno() < seqno) {
      return new Found.Refused(new Refusal(Errno.EINVAL, "no point " + seqno + " on " + last));
    }
    Fence at = chain;
    while (at instanceof FenceChain link
        && link.context() == chain.context()
        && link.prevSeqno >= seqno) {
      at = link.previous();
    }
    return at == null ? new Found.Passed() : new Found.Link(at);
  }

  @Override
  public void setDeadline(long nanos) {
    super.setDeadline(nanos);
    for (Fence at = this; at != null; ) {
      FenceChain link = at instanceof FenceChain chain ? chain : null;
      if (link == null) {
        at.setDeadline(nanos);
        return;
      }
      link.fence.setDeadline(nanos);
      at = link.previous();
    }
  }
}
