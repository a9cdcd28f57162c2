package org.bufferyard.allocator.bounce;

/** The memory a bounce pool copies in: whatever stands behind physical addresses. */
public interface CopyMemory {
  /** Copies {@code lengthBytes} bytes; the ranges do not overlap. Addresses in bytes. */
  void copy(long fromAddress, long toAddress, long lengthBytes);
}
