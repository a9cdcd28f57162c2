package org.bufferyard.examples.videowall;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bufferyard.actors.extension.Bufferyard;
import org.bufferyard.actors.extension.EmbeddedYard;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.streams.Frame;
import org.bufferyard.actors.streams.HandOver;

/** Runs the wall: prints what it has shown, and ends. */
public final class VideoWall {
  private static final int CAMERAS = 4;
  private static final int FRAMES_EACH = 150;

  /** With the two after it: a minute at most, whatever happens. */
  private static final long SHOW_SECONDS = 45;

  private static final long SNAPSHOT_SECONDS = 5;
  private static final long END_SECONDS = 5;

  public static void main(String[] args) {
    int exit = 1;
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "wall");
    try {
      exit = show(system);
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failed) {
      System.err.println("video wall: " + failed);
      exit = 1;
    }
    System.exit(exit);
  }

  private static int show(ActorSystem<Void> system)
      throws InterruptedException, ExecutionException, TimeoutException {
    EmbeddedYard yard = Bufferyard.get(system).yard();
    Report report = new Report();
    Encoder encoder = new Encoder(yard.importer("encoder"), CAMERAS, report);
    long start = System.nanoTime();
    CompletionStage<Integer> shown =
        cameras(system, yard)
            .via(encoder.encode())
            .toMat(Sink.fold(0, Integer::sum), Keep.right())
            .run(system);
    shown.toCompletableFuture().get(SHOW_SECONDS, TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    report.print(
        System.out,
        yard.snapshot().toCompletableFuture().get(SNAPSHOT_SECONDS, TimeUnit.SECONDS),
        seconds);
    encoder.close();
    return report.wrong() == 0 && report.frames() == CAMERAS * FRAMES_EACH ? 0 : 1;
  }

  /** Each camera is a stream of its own; its frames are handed to the wall's stream. */
  private static Source<Frame, NotUsed> cameras(ActorSystem<Void> system, EmbeddedYard yard) {
    HostImporter effect = yard.importer("effect");
    List<Source<Frame, NotUsed>> screens = new ArrayList<>();
    for (int number = 0; number < CAMERAS; number++) {
      HandOver<Frame> handOver = new HandOver<>(2);
      new Camera(number, yard)
          .frames(FRAMES_EACH)
          .via(Effect.border(effect))
          .to(handOver.sink())
          .run(system);
      screens.add(handOver.source());
    }
    Source<Frame, NotUsed> all = screens.getFirst();
    for (Source<Frame, NotUsed> screen : screens.subList(1, CAMERAS)) {
      all = all.merge(screen);
    }
    return all;
  }

  private VideoWall() {}
}
