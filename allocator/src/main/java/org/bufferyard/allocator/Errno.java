package org.bufferyard.allocator;

/**
 * The closed list of errors a request can be answered with; the kernel's names. Temporary errors
 * may succeed later unchanged, permanent ones need something else to change first. The numbers are
 * Linux's, for those who read them in a log.
 */
public enum Errno {
  EINVAL(22, false, "malformed request"),
  EBADF(9, false, "no such handle"),
  EACCES(13, false, "belongs to another client, or is for reading alone"),
  EPERM(1, false, "the handle lacks this right"),
  ESTALE(116, false, "of an older epoch"),
  ENOENT(2, false, "no such mapping"),
  EBUSY(16, true, "cannot be done now"),
  EAGAIN(11, true, "too many held, or a limit that eviction may lift"),
  ENOMEM(12, true, "no placement could be satisfied"),
  ENOSPC(28, true, "address space, pool or manager exhausted"),
  EDQUOT(122, true, "over quota"),
  E2BIG(7, false, "too many segments or items"),
  ENODEV(19, false, "device or backing gone, revoked or unreachable"),
  EDEADLK(35, true, "back off and retry with the same stamp"),
  EALREADY(114, false, "already held or done"),
  ECANCELED(125, true, "cancelled by the client"),
  ETIMEDOUT(110, true, "the deadline passed"),
  EFAULT(14, false, "contents gone"),
  EIO(5, false, "DMA or copy failed"),
  EREMOTEIO(121, false, "peer path not available and not movable"),
  EOPNOTSUPP(95, false, "mapping kind not common"),
  EADDRINUSE(98, false, "IOVA already mapped"),
  EOVERFLOW(75, false, "arithmetic overflow");

  private final int number;
  private final boolean temporary;
  private final String meaning;

  Errno(int number, boolean temporary, String meaning) {
    this.number = number;
    this.temporary = temporary;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  public boolean temporary() {
    return temporary;
  }

  public String meaning() {
    return meaning;
  }
}
