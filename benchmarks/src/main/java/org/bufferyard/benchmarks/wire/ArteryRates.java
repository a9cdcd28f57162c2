package org.bufferyard.benchmarks.wire;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bufferyard.actors.remote.Wire;
import org.bufferyard.allocator.DmaDirection;

/**
 * How many maps a second go to another process and back over Artery on the loopback, as frames and
 * by Jackson CBOR? Both pairs of processes live side by side and take turns; medians of the rounds:
 * {@code java -cp ... org.bufferyard.benchmarks.wire.ArteryRates}.
 */
public final class ArteryRates {
  private static final int ROUNDS = 9;
  private static final int BATCH = 64;
  private static final List<Integer> ATTACHMENTS = IntStream.range(0, BATCH).boxed().toList();

  /** Requests of {@code size} maps each, so many at once and so many in a round. */
  private record Load(String name, int size, int window, int requests) {}

  private static final List<Load> LOADS =
      List.of(
          new Load("single, window 1,000", 1, 1000, 100_000),
          new Load("arrays of 64, window 64", BATCH, 64, 10_000));

  /** A pair of processes that speak one form. */
  private static final class Pair implements AutoCloseable {
    final WireSystem here;
    private final Process there;
    private final ActorRef<Wire.Command> gateway;
    private int askers;

    Pair(String form) throws IOException {
      here = ArteryPeer.system(form, "here");
      there = start(form);
      gateway = ActorRefResolver.get(here.system()).resolveActorRef(address(there));
    }

    private static Process start(String form) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
              .filter(argument -> argument.startsWith("-"))
              .toList());
      command.addAll(
          List.of("-cp", System.getProperty("java.class.path"), ArteryPeer.class.getName(), form));
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static String address(Process there) throws IOException {
      BufferedReader lines = there.inputReader(StandardCharsets.UTF_8);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("> ")) {
          return line.substring(2);
        }
      }
      throw new IOException("the other process ended before it had an address");
    }

    /** Maps in a second. */
    double round(Load load) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      long start = System.nanoTime();
      here.system().systemActorOf(asking(load, done), "asker-" + askers++, Props.empty());
      done.orTimeout(120, TimeUnit.SECONDS).join();
      return (double) load.requests() * load.size() / (System.nanoTime() - start) * 1e9;
    }

    private Behavior<Wire.Event> asking(Load load, CompletableFuture<Void> done) {
      return Behaviors.setup(
          context -> {
            int[] sent = {0};
            int[] heard = {0};
            for (; sent[0] < load.window(); sent[0]++) {
              ask(load, sent[0], context.getSelf());
            }
            return Behaviors.receiveMessage(
                event -> {
                  if (++heard[0] == load.requests()) {
                    done.complete(null);
                    return Behaviors.stopped();
                  }
                  if (sent[0] < load.requests()) {
                    ask(load, sent[0]++, context.getSelf());
                  }
                  return Behaviors.same();
                });
          });
    }

    private void ask(Load load, long token, ActorRef<Wire.Event> self) {
      gateway.tell(
          load.size() == 1
              ? new Wire.Map(token, 17, DmaDirection.TO_DEVICE, self)
              : new Wire.MapBatch(token, ATTACHMENTS, DmaDirection.TO_DEVICE, self));
    }

    @Override
    public void close() {
      there.destroy();
      here.close();
    }
  }

  public static void main(String[] args) throws IOException {
    try (Pair frames = new Pair(ArteryPeer.FRAMES);
        Pair cbor = new Pair("cbor")) {
      System.out.println("over Artery               frames/s     CBOR/s  ratio");
      for (Load load : LOADS) {
        double[] ours = new double[ROUNDS];
        double[] theirs = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        for (int round = -2; round < ROUNDS; round++) {
          double mine = frames.round(load);
          double other = cbor.round(load);
          if (round >= 0) {
            ours[round] = mine;
            theirs[round] = other;
            ratios[round] = mine / other;
          }
        }
        System.out.printf(
            Locale.ROOT,
            "%-24s %9.0f  %9.0f  %5.2f%n",
            load.name(),
            median(ours),
            median(theirs),
            median(ratios));
      }
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private ArteryRates() {}
}
