package org.bufferyard.benchmarks.embed;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigFactory;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.bufferyard.actors.extension.Bufferyard;
import org.bufferyard.actors.extension.EmbeddedYard;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.allocator.DmaDirection;

/**
 * What does a buffer cost that nobody uses, and do others still move among a million of them? Takes
 * how many: {@code java -Xmx4g -XX:+UseParallelGC -cp ...
 * org.bufferyard.benchmarks.embed.IdleBuffers 1000000}.
 */
public final class IdleBuffers {
  private static final int IN_FLIGHT = 4096;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(120, TimeUnit.SECONDS).join();
  }

  public static void main(String[] args) throws InterruptedException {
    int count = Integer.parseInt(args[0]);
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "idle",
            ConfigFactory.parseString(
                    """
                    akka { loglevel = OFF, stdout-loglevel = OFF }
                    bufferyard.actors.yard-defaults {
                      memory = 16 MiB, file.size = 256 MiB, slabs = 512
                    }
                    """)
                .withFallback(ConfigFactory.load()));
    EmbeddedYard yard = Bufferyard.get(system).yard();
    get(yard.export(BufferSpec.of("first", 4096)));
    long before = heapBytes();
    long cpu = PROCESS.getProcessCpuTime();
    long start = System.nanoTime();
    Semaphore room = new Semaphore(IN_FLIGHT);
    CompletableFuture<?> last = new CompletableFuture<>();
    for (int buffer = 0; buffer < count; buffer++) {
      room.acquire();
      last =
          yard.export(BufferSpec.of("idle", 1 << 20))
              .whenComplete((exported, failure) -> room.release())
              .toCompletableFuture();
    }
    room.acquire(IN_FLIGHT);
    get(last);
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (PROCESS.getProcessCpuTime() - cpu) / 1e9;
    double bytesEach = (heapBytes() - before) / (double) count;
    System.out.printf(
        Locale.ROOT,
        "%d idle buffers in %.1f s, %.1f s of CPU; %.0f B of heap each%n",
        count,
        seconds,
        cpuSeconds,
        bytesEach);
    evict(yard);
    system.terminate();
    get(system.getWhenTerminated());
  }

  /** 64 buffers of 1 MiB through 16 MiB of memory. */
  private static void evict(EmbeddedYard yard) {
    var importer = yard.importer("busy");
    long start = System.nanoTime();
    for (int buffer = 0; buffer < 64; buffer++) {
      BufferAttachment attachment =
          get(get(yard.export(BufferSpec.of("busy", 1 << 20))).attach(importer));
      get(attachment.mapPatiently(DmaDirection.BIDIRECTIONAL)).close();
    }
    System.out.printf(
        Locale.ROOT,
        "64 more of 1 MiB mapped in 16 MiB in %.0f ms, evictions %d%n",
        (System.nanoTime() - start) / 1e6,
        get(yard.snapshot()).evictions());
  }

  private static long heapBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private IdleBuffers() {}
}
