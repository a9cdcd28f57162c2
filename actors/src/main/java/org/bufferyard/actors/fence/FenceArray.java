package org.bufferyard.actors.fence;

import java.util.List;
import org.bufferyard.allocator.Errno;

/**
 * Signals with the last of its fences, or with the first, and carries the first error among those
 * it waited for. Model of {@code struct dma_fence_array}.
 */
public final class FenceArray extends Fence {
  /** Fences in one array; more are refused. */
  public static final int FENCES_MAX = 65_536;

  private final List<Fence> fences;
  private int pending;
  private boolean failed;

  /**
   * An array with a place of its own in {@code context}.
   *
   * @param onAny signals with the first instead of the last
   */
  public FenceArray(long context, long seqno, List<Fence> fences, boolean onAny) {
    super(context, seqno);
    if (fences.isEmpty() || fences.size() > FENCES_MAX) {
      throw new IllegalArgumentException("1 to " + FENCES_MAX + " fences, were " + fences.size());
    }
    this.fences = List.copyOf(fences);
    this.pending = onAny ? 1 : this.fences.size();
    for (Fence fence : this.fences) {
      if (!fence.join(this::one)) {
        one(fence);
      }
    }
  }

  private void one(Fence fence) {
    if (signalled()) {
      return;
    }
    Errno errno = fence.error();
    if (errno != null && !failed) {
      failed = true;
      setError(errno);
    }
    if (--pending == 0) {
      signal();
    }
  }

  /** In the order given. */
  public List<Fence> fences() {
    return fences;
  }

  @Override
  public void setDeadline(long nanos) {
    super.setDeadline(nanos);
    fences.forEach(fence -> fence.setDeadline(nanos));
  }
}
