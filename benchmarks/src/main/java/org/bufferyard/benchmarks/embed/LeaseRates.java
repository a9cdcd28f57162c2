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
import java.util.function.LongConsumer;
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
 * org.bufferyard.benchmarks.embed.LeaseRates [WAY...]}.
 */
public final class LeaseRates {
  private static final int WINDOW = 256;
  private static final int BUFFERS = 64;
  private static final int ROUNDS = 9;

  /** Rounds before those that count, until all is compiled. */
  private static final int WARMUPS = 3;

  private static final long COUNT = 1_500_000;

  /** Of the ways that take a hundred times as long. */
  private static final long COUNT_SLOW = COUNT / 15;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** One way to do {@code count} things. */
  @SuppressWarnings("ArrayRecordComponent") // a row for each round; never compared
  private record Way(
      String name,
      long count,
      LongConsumer run,
      double[] nanosEach,
      double[] cpuEach,
      double[] bytesEach) {
    Way(String name, long count, LongConsumer run) {
      this(name, count, run, new double[ROUNDS], new double[ROUNDS], new double[ROUNDS]);
    }

    void round(int round) {
      long bytes = THREADS.getTotalThreadAllocatedBytes();
      long cpu = PROCESS.getProcessCpuTime();
      long start = System.nanoTime();
      run.accept(count);
      nanosEach[round] = (System.nanoTime() - start) / (double) count;
      cpuEach[round] = (PROCESS.getProcessCpuTime() - cpu) / (double) count;
      bytesEach[round] = (THREADS.getTotalThreadAllocatedBytes() - bytes) / (double) count;
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

  private void bareTell(long count) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    spawn(Tells.asking(echo, WINDOW, count, done));
    get(done);
  }

  private void cachedMap(long count) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    spawn(Tells.mapping(buffers, WINDOW, count, done));
    get(done);
  }

  private Source<BufferAttachment, ?> elements(long count) {
    return Source.range(1, (int) count).map(number -> buffers.get(number % BUFFERS));
  }

  private void mapAsyncWithAsk(long count) {
    get(
        elements(count)
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

  private void mapAsyncWithStage(long count) {
    get(
        elements(count)
            .mapAsync(WINDOW, buffer -> buffer.map(DmaDirection.TO_DEVICE))
            .map(
                mapping -> {
                  mapping.close();
                  return 1;
                })
            .runWith(Sink.ignore(), system));
  }

  /** The same stream without leases: what any stage in it comes on top of. */
  private void streamAlone(long count) {
    get(elements(count).map(buffer -> buffer).map(buffer -> 1).runWith(Sink.ignore(), system));
  }

  private void mapFlow(long count, int batch) {
    get(
        elements(count)
            .via(YardStreams.mapFlow(Function.identity(), DmaDirection.TO_DEVICE, batch))
            .map(
                leased -> {
                  leased.close();
                  return 1;
                })
            .runWith(Sink.ignore(), system));
  }

  /** Elements of all buffers each; what is counted is buffers. */
  private void mapSets(long count) {
    get(
        Source.range(1, (int) (count / BUFFERS))
            .via(YardStreams.mapSetFlow(number -> buffers, DmaDirection.TO_DEVICE))
            .map(
                leased -> {
                  leased.close();
                  return 1;
                })
            .runWith(Sink.ignore(), system));
  }

  /** The first, and those whose name holds one of {@code names}; all where none is given. */
  private static List<Way> chosen(List<Way> ways, String... names) {
    return ways.stream()
        .filter(
            way ->
                names.length == 0
                    || way.equals(ways.getFirst())
                    || Arrays.stream(names).anyMatch(way.name()::contains))
        .toList();
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
    List<Way> all =
        List.of(
            new Way("tell and reply", COUNT, rates::bareTell),
            new Way("cached map", COUNT, rates::cachedMap),
            new Way("stream, no leases", COUNT, rates::streamAlone),
            new Way("mapAsync, ask", COUNT_SLOW, rates::mapAsyncWithAsk),
            new Way("mapAsync, stage", COUNT_SLOW, rates::mapAsyncWithStage),
            new Way("mapFlow, 64 a batch", COUNT, count -> rates.mapFlow(count, 64)),
            new Way("mapFlow, 1 a batch", COUNT, count -> rates.mapFlow(count, 1)),
            new Way("mapSetFlow, 64 a set", COUNT, rates::mapSets));
    List<Way> ways = chosen(all, args);
    for (int round = -WARMUPS; round < ROUNDS; round++) {
      for (Way way : ways) {
        way.round(Math.max(0, round));
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
