package org.bufferyard.benchmarks.embed;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import com.typesafe.config.ConfigFactory;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bufferyard.actors.extension.Bufferyard;
import org.bufferyard.actors.extension.EmbeddedYard;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.LeaseReply;
import org.bufferyard.actors.streams.YardStreams;
import org.bufferyard.allocator.DmaDirection;
import org.jspecify.annotations.Nullable;

/**
 * How fast are leases of cached mappings, beside a bare request and reply between two actors?
 *
 * <p>All in one JVM, a round of each after the other, medians of the rounds: {@code java -cp ...
 * org.bufferyard.benchmarks.embed.LeaseRates}.
 */
public final class LeaseRates {
  private static final int WINDOW = 256;
  private static final int BUFFERS = 64;
  private static final int ROUNDS = 9;
  private static final long COUNT = 400_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** One way to do {@code COUNT} things. */
  @SuppressWarnings("ArrayRecordComponent") // a row for each round; never compared
  private record Way(
      String name, Runnable run, double[] nanosEach, double[] cpuEach, double[] bytesEach) {
    Way(String name, Runnable run) {
      this(name, run, new double[ROUNDS], new double[ROUNDS], new double[ROUNDS]);
    }

    void round(int round) {
      long bytes = THREADS.getTotalThreadAllocatedBytes();
      long cpu = PROCESS.getProcessCpuTime();
      long start = System.nanoTime();
      run.run();
      nanosEach[round] = (System.nanoTime() - start) / (double) COUNT;
      cpuEach[round] = (PROCESS.getProcessCpuTime() - cpu) / (double) COUNT;
      bytesEach[round] = (THREADS.getTotalThreadAllocatedBytes() - bytes) / (double) COUNT;
    }

    /** Median over the rounds of {@code base}'s time over this one's: both had the same load. */
    double rateTo(Way base) {
      double[] ratios = new double[ROUNDS];
      Arrays.setAll(ratios, round -> base.nanosEach[round] / nanosEach[round]);
      return median(ratios);
    }

    static double median(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      return sorted[sorted.length / 2];
    }
  }

  private final ActorSystem<Void> system;
  private final List<BufferAttachment> buffers = new ArrayList<>();
  private final ActorRef<Tells.Ask> echo;
  private int names;

  private LeaseRates(ActorSystem<Void> system) {
    this.system = system;
    EmbeddedYard yard = Bufferyard.get(system).yard();
    HostImporter importer = yard.importer("bench");
    for (int buffer = 0; buffer < BUFFERS; buffer++) {
      buffers.add(get(get(yard.export(BufferSpec.of("b", 64 << 10))).attach(importer)));
      get(buffers.getLast().map(DmaDirection.TO_DEVICE)).close();
    }
    this.echo = spawn(Tells.echo());
  }

  private <T> ActorRef<T> spawn(Behavior<T> behavior) {
    return system.systemActorOf(behavior, "bench-" + names++, Props.empty());
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(120, TimeUnit.SECONDS).join();
  }

  private void bareTell() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    spawn(Tells.asking(echo, WINDOW, COUNT, done));
    get(done);
  }

  private void cachedMap() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    spawn(Tells.mapping(buffers, WINDOW, COUNT, done));
    get(done);
  }

  private Source<BufferAttachment, ?> elements() {
    return Source.range(1, (int) COUNT).map(number -> buffers.get(number % BUFFERS));
  }

  private void mapAsyncWithAsk() {
    get(
        elements()
            .mapAsync(
                WINDOW,
                buffer ->
                    AskPattern.<Object, LeaseReply>ask(
                        asker(),
                        replyTo -> new Asked(buffer, replyTo),
                        Duration.ofSeconds(30),
                        system.scheduler()))
            .map(
                reply -> {
                  ((LeaseReply.Mapped) reply).mapping().close();
                  return 1;
                })
            .runWith(Sink.ignore(), system));
  }

  private record Asked(BufferAttachment buffer, ActorRef<LeaseReply> replyTo) {}

  private @Nullable ActorRef<Object> asker;

  /** Passes an ask's temporary reference on to the importer. */
  private ActorRef<Object> asker() {
    ActorRef<Object> ready = asker;
    if (ready == null) {
      ready =
          spawn(
              Behaviors.receiveMessage(
                  message -> {
                    if (message instanceof Asked(var buffer, var replyTo)) {
                      buffer.map(DmaDirection.TO_DEVICE, 0, replyTo);
                    }
                    return Behaviors.same();
                  }));
      asker = ready;
    }
    return ready;
  }

  private void mapAsyncWithStage() {
    get(
        elements()
            .mapAsync(WINDOW, buffer -> buffer.map(DmaDirection.TO_DEVICE))
            .map(
                mapping -> {
                  mapping.close();
                  return 1;
                })
            .runWith(Sink.ignore(), system));
  }

  private void mapFlow(int batch) {
    get(
        elements()
            .via(YardStreams.mapFlow(Function.identity(), DmaDirection.TO_DEVICE, batch))
            .map(
                leased -> {
                  leased.close();
                  return 1;
                })
            .runWith(Sink.ignore(), system));
  }

  public static void main(String[] args) {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "rates",
            ConfigFactory.parseString(
                    """
                    akka { loglevel = OFF, stdout-loglevel = OFF }
                    akka.actor.default-dispatcher {
                      throughput = 64
                      fork-join-executor { parallelism-min = 2, parallelism-factor = 1.0 }
                    }
                    bufferyard.actors.yard-defaults { memory = 64 MiB, file.size = 0 }
                    """)
                .withFallback(ConfigFactory.load()));
    LeaseRates rates = new LeaseRates(system);
    List<Way> ways =
        List.of(
            new Way("tell and reply", rates::bareTell),
            new Way("cached map", rates::cachedMap),
            new Way("mapAsync, ask", rates::mapAsyncWithAsk),
            new Way("mapAsync, stage", rates::mapAsyncWithStage),
            new Way("mapFlow, 64 a batch", () -> rates.mapFlow(64)),
            new Way("mapFlow, 1 a batch", () -> rates.mapFlow(1)));
    for (int round = 0; round < ROUNDS; round++) {
      for (Way way : ways) {
        way.round(round);
      }
    }
    System.out.println("way                   ns each   CPU ns   B each   rate to tell");
    for (Way way : ways) {
      System.out.printf(
          Locale.ROOT,
          "%-20s %8.0f %8.0f %8.0f %14.2f%n",
          way.name(),
          Way.median(way.nanosEach()),
          Way.median(way.cpuEach()),
          Way.median(way.bytesEach()),
          way.rateTo(ways.getFirst()));
    }
    system.terminate();
    get(system.getWhenTerminated());
  }
}
