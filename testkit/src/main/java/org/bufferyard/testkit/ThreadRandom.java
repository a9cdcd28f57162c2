package org.bufferyard.testkit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of {@code ThreadLocalRandom} that belongs to one deterministic system.
 *
 * <p>Akka draws actor uids, and with them the order of some hash tables, and backoff jitter from
 * it. The state is swapped in while its system runs. Each draw also adds the id of its thread, so a
 * thread that runs a system has the same id as any other that does, for as long as it is inside;
 * otherwise a seed found by one worker of a soak would not replay on another thread.
 */
final class ThreadRandom {
  private static final String OPTION_MISSING =
      "DeterministicSystem needs the JVM option --add-opens=java.base/java.lang=ALL-UNNAMED"
          + " to seed ThreadLocalRandom";

  /** The id of a thread inside a system. Far above any that the JVM will hand out. */
  private static final long THREAD_ID = 0x5EED_0000_0000L;

  private final ThreadState threadState;
  private long seed;
  private int probe;
  private int secondary;
  private boolean entered;

  /**
   * Derives the state from a seed.
   *
   * @throws IllegalStateException if the JVM does not let this module reach Thread's fields
   */
  ThreadRandom(long seed) {
    this.seed = seed;
    this.probe = (int) SplitMix64.mix(seed) | 1;
    this.secondary = (int) (SplitMix64.mix(seed) >>> 32) | 1;
    if (ThreadState.OPENED == null) {
      throw new IllegalStateException(OPTION_MISSING);
    }
    this.threadState = ThreadState.OPENED;
  }

  /**
   * Swaps this state in, runs the code and swaps it out. Nests, for one system inside another or in
   * itself.
   */
  <R> R during(Supplier<R> code) {
    if (entered) {
      return code.get();
    }
    Thread thread = Thread.currentThread();
    long outsideId = thread.threadId();
    ThreadRandom outside = new ThreadRandom(threadState, thread);
    store(thread, THREAD_ID);
    entered = true;
    try {
      return code.get();
    } finally {
      entered = false;
      load(thread);
      outside.store(thread, outsideId);
    }
  }

  private ThreadRandom(ThreadState threadState, Thread thread) {
    this.threadState = threadState;
    load(thread);
  }

  private void load(Thread thread) {
    seed = (long) threadState.seed.get(thread);
    probe = (int) threadState.probe.get(thread);
    secondary = (int) threadState.secondary.get(thread);
  }

  private void store(Thread thread, long threadId) {
    threadState.seed.set(thread, seed);
    threadState.probe.set(thread, probe);
    threadState.secondary.set(thread, secondary);
    threadState.setId(thread, threadId);
  }

  /** What a Thread keeps for its ThreadLocalRandom, and its id. */
  private record ThreadState(VarHandle seed, VarHandle probe, VarHandle secondary, Field id) {
    /** Null where the JVM keeps it closed. */
    static final @Nullable ThreadState OPENED = open();

    private static @Nullable ThreadState open() {
      try {
        MethodHandles.Lookup lookup =
            MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
        Field id = Thread.class.getDeclaredField("tid");
        id.setAccessible(true);
        return new ThreadState(
            lookup.findVarHandle(Thread.class, "threadLocalRandomSeed", long.class),
            lookup.findVarHandle(Thread.class, "threadLocalRandomProbe", int.class),
            lookup.findVarHandle(Thread.class, "threadLocalRandomSecondarySeed", int.class),
            id);
      } catch (ReflectiveOperationException | InaccessibleObjectException closed) {
        return null;
      }
    }

    void setId(Thread thread, long threadId) {
      try {
        id.setLong(thread, threadId);
      } catch (IllegalAccessException refused) {
        throw new IllegalStateException(OPTION_MISSING, refused);
      }
    }
  }
}
