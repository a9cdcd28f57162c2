package org.bufferyard.allocator.iommu;

import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * Why the last refused call of a domain was refused. It lets the primitive calls answer with a
 * negated errno and allocate only when they refuse. Not thread-safe; owned by its domain.
 */
final class LastRefusal {
  private Refusal refusal = new Refusal(Errno.EINVAL, "nothing was refused");

  int set(Errno errno, String reason) {
    return set(new Refusal(errno, reason));
  }

  int set(Errno errno, String reason, String wouldHelp) {
    return set(new Refusal(errno, reason, wouldHelp));
  }

  int set(Refusal why) {
    refusal = why;
    return -why.errno().number();
  }

  Refusal get() {
    return refusal;
  }
}
