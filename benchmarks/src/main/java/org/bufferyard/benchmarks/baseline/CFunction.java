package org.bufferyard.benchmarks.baseline;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A function of the C side. All have one signature: two pointers and four numbers in, one number
 * out; the loop over operations is inside, so that the cost of the call itself does not count.
 */
public final class CFunction {
  private final MethodHandle handle;

  CFunction(MethodHandle handle) {
    this.handle = handle;
  }

  public long call(MemorySegment first, MemorySegment second, long ops, long b, long c, long d) {
    try {
      return (long) handle.invokeExact(first, second, ops, b, c, d);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a C function threw", impossible);
    }
  }
}
