package org.bufferyard.testkit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The state of {@code ThreadLocalRandom} that belongs to one deterministic system.
 *
 * <p>Akka draws actor uids, and with them the order of some hash tables, and backoff jitter from
 * it. The state is swapped in when its system is entered and stays until another system on the same
 * thread is entered or it closes, so a test that spawns actors between two runs draws from it too.
 */
final class ThreadRandom {
  private static final String OPTION_MISSING =
      "DeterministicSystem needs the JVM option --add-opens=java.base/java.lang=ALL-UNNAMED"
          + " to seed ThreadLocalRandom";
  private static final ThreadLocal<Slot> SLOT = ThreadLocal.withInitial(Slot::new);

  private final ThreadFields fields;
  private long seed;
  private int probe;
  private int secondary;

  /**
   * Derives the state from a seed.
   *
   * @throws IllegalStateException if the JVM does not let this module reach Thread's fields
   */
  ThreadRandom(long seed) {
    this.seed = seed;
    this.probe = (int) SplitMix64.mix(seed) | 1;
    this.secondary = (int) (SplitMix64.mix(seed) >>> 32) | 1;
    if (ThreadFields.OPENED == null) {
      throw new IllegalStateException(OPTION_MISSING);
    }
    this.fields = ThreadFields.OPENED;
  }

  private ThreadRandom(ThreadFields fields, Thread thread) {
    this.fields = fields;
    load(thread);
  }

  void enter() {
    Slot slot = SLOT.get();
    if (slot.entered == this) {
      return;
    }
    Thread thread = Thread.currentThread();
    ThreadRandom left = slot.entered;
    if (left == null) {
      slot.outside = new ThreadRandom(fields, thread);
    } else {
      left.load(thread);
    }
    store(thread);
    slot.entered = this;
  }

  /** Puts back what the thread had before any system was entered, if this one is in. */
  void leave() {
    Slot slot = SLOT.get();
    if (slot.entered == this && slot.outside != null) {
      slot.outside.store(Thread.currentThread());
      SLOT.remove();
    }
  }

  private void load(Thread thread) {
    seed = (long) fields.seed.get(thread);
    probe = (int) fields.probe.get(thread);
    secondary = (int) fields.secondary.get(thread);
  }

  private void store(Thread thread) {
    fields.seed.set(thread, seed);
    fields.probe.set(thread, probe);
    fields.secondary.set(thread, secondary);
  }

  private static final class Slot {
    private @Nullable ThreadRandom entered;
    private @Nullable ThreadRandom outside;
  }

  /** The fields of Thread that hold its ThreadLocalRandom. */
  private record ThreadFields(VarHandle seed, VarHandle probe, VarHandle secondary) {
    /** Null where the JVM keeps them closed. */
    static final @Nullable ThreadFields OPENED = open();

    private static @Nullable ThreadFields open() {
      try {
        MethodHandles.Lookup lookup =
            MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
        return new ThreadFields(
            lookup.findVarHandle(Thread.class, "threadLocalRandomSeed", long.class),
            lookup.findVarHandle(Thread.class, "threadLocalRandomProbe", int.class),
            lookup.findVarHandle(Thread.class, "threadLocalRandomSecondarySeed", int.class));
      } catch (ReflectiveOperationException closed) {
        return null;
      }
    }
  }
}
