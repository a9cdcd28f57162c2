package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.yard.Regions;
import org.bufferyard.actors.yard.Yard;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.Reach;

/**
 * A program that prints how many jobs a second get through a yard on Akka's own dispatchers, with 1
 * and with 64 buffers each, where devices share no buffers and where all use the same. Run it with
 * the class path of the tests and the options of the build.
 */
final class SubmissionRate {
  private static final int DEVICES = 16;
  private static final int IN_FLIGHT = 4;
  private static final int POOL = 128;
  private static final int WARMUP_JOBS = 2_000;
  private static final int JOBS = 6_000;
  private static final ClientId CLIENT = new ClientId(0);

  private SubmissionRate() {}

  public static void main(String[] arguments) throws Exception {
    for (int pass = 1; pass <= 2; pass++) {
      measure(1, false);
      measure(64, false);
      measure(64, true);
    }
  }

  private static void measure(int buffersPerJob, boolean shared) throws Exception {
    ActorSystem<Object> system =
        ActorSystem.create(
            Behaviors.setup(context -> new Driver(context, buffersPerJob, shared).running()),
            "rate",
            ConfigFactory.parseString("akka.scheduler.tick-duration = 1ms, akka.loglevel = OFF")
                .withFallback(ConfigFactory.load()));
    system.getWhenTerminated().toCompletableFuture().get();
  }

  /** Keeps some jobs in flight at every device until enough are done. */
  private static final class Driver {
    private final ActorContext<Object> context;
    private final int buffersPerJob;
    private final boolean shared;
    private final RandomGenerator random = new SplittableRandom(1);
    private final List<ActorRef<Device.Command>> devices = new ArrayList<>();
    private final List<Session.Grant> grants = new ArrayList<>();
    private final PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.TAGS);
    private final ActorRef<Session.Command> session;
    private int submitted;
    private int done;
    private int books;
    private long backOffs;
    private long startNanos;

    Driver(ActorContext<Object> context, int buffersPerJob, boolean shared) {
      this.context = context;
      this.buffersPerJob = buffersPerJob;
      this.shared = shared;
      memory.addMemory(0, 1 << 16);
      Topology topology =
          new Topology(
              List.of(new Topology.RegionPlace("VRAM", 0, 1 << 16, Topology.NONE, false)),
              List.of());
      Environment environment =
          new Environment(
              ModelClock.scaled(System::nanoTime, 1),
              name -> new SplittableRandom(name.hashCode()),
              Faults.NONE,
              topology,
              YardSettings.defaults(),
              memory,
              context.getSystem().ignoreRef());
      Yard yard =
          Yard.open(
              context,
              environment,
              new Regions(topology, "lru", environment.randomness()),
              List.of(),
              8);
      for (int device = 0; device < DEVICES; device++) {
        DevicePlan plan =
            new DevicePlan(
                new DeviceId(device),
                DeviceDemand.direct("gpu", DmaConstraints.UNLIMITED, new Reach("VRAM", 1)),
                new BusPath.Direct(),
                true,
                1L << 50,
                IN_FLIGHT);
        devices.add(
            context.spawn(DeviceActor.create(environment, plan, yard.regions()), "d" + device));
      }
      session = yard.openSession(context, CLIENT, 1);
    }

    Behavior<Object> running() {
      for (int buffer = 0; buffer < (shared ? POOL : POOL * DEVICES); buffer++) {
        session.tell(
            new Session.Export(
                new Session.ExportSpec(buffer, "b", Pages.SIZE_BYTES, List.of(), 0, false),
                context.getSelf().unsafeUpcast()));
      }
      return Behaviors.receiveMessage(this::onMessage);
    }

    private Behavior<Object> onMessage(Object message) {
      switch (message) {
        case Session.Exported exported -> onExported(exported.grant());
        case Device.JobDone job -> onDone((int) job.token());
        case Device.Books each -> {
          backOffs += each.counts().backOffs();
          if (++books == DEVICES) {
            report();
            return Behaviors.stopped();
          }
        }
        default -> throw new IllegalStateException("unexpected: " + message);
      }
      return Behaviors.same();
    }

    private void onExported(Session.Grant grant) {
      grants.add(grant);
      if (grants.size() == (shared ? POOL : POOL * DEVICES)) {
        for (int i = 0; i < DEVICES * IN_FLIGHT; i++) {
          submit(i % DEVICES);
        }
      }
    }

    private void submit(int device) {
      int first = shared ? 0 : device * POOL;
      List<Session.Grant> pool = new ArrayList<>(grants.subList(first, first + POOL));
      List<Device.Use> uses = new ArrayList<>();
      for (int i = 0; i < buffersPerJob; i++) {
        Collections.swap(pool, i, i + random.nextInt(pool.size() - i));
        Session.Grant grant = pool.get(i);
        DmaDirection direction = i == 0 ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
        uses.add(new Device.Use(grant.handle(), grant.buffer(), grant.ref(), direction, 0, 1));
      }
      submitted++;
      devices
          .get(device)
          .tell(new Device.Submit(CLIENT, 1, device, uses, 0, context.getSelf().unsafeUpcast()));
    }

    private void onDone(int device) {
      done++;
      if (done == WARMUP_JOBS) {
        startNanos = System.nanoTime();
      }
      if (done < WARMUP_JOBS + JOBS) {
        submit(device);
      } else if (done == WARMUP_JOBS + JOBS) {
        devices.forEach(each -> each.tell(new Device.CloseBooks(context.getSelf().unsafeUpcast())));
      }
    }

    private void report() {
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      System.out.printf(
          "%2d buffers a job, %-8s  %7.0f jobs/s  %9.0f buffers/s  %.2f EDEADLK a job%n",
          buffersPerJob,
          shared ? "the same" : "its own",
          JOBS / seconds,
          JOBS * (double) buffersPerJob / seconds,
          backOffs / (double) submitted);
      memory.close();
    }
  }
}
