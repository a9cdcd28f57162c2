package org.bufferyard.simulator.mutants;

import akka.actor.ActorPath;
import akka.actor.ActorRefWithCell;
import akka.actor.ActorSystem;
import akka.actor.InternalActorRef;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Extents;
import org.bufferyard.testkit.Courier;
import org.jspecify.annotations.Nullable;

/** A courier that knows what goes on in each buffer, for mutants to act on. */
abstract class Spy implements Courier {
  /** One buffer, as its messages show it. */
  static final class Seen {
    final BufferId id;
    final ActorRef<Buffer.Command> ref;
    final List<Ticket> fences = new ArrayList<>();
    final Map<Long, Buffer.Request> asked = new HashMap<>();
    final Map<Integer, Importer.Mapped> mapped = new HashMap<>();
    final Map<Integer, Integer> pins = new HashMap<>();
    int region = -1;
    Extents extents = Extents.NONE;
    long generation;
    boolean moving;

    Seen(BufferId id, ActorRef<Buffer.Command> ref) {
      this.id = id;
      this.ref = ref;
    }
  }

  private final Map<String, Seen> byPath = new HashMap<>();
  private final Map<BufferId, Seen> byId = new HashMap<>();

  /** Messages to be delivered before the next one to the actor of this name. */
  final Map<String, ArrayDeque<Object>> before = new HashMap<>();

  @Nullable ActorRef<Migration.Command> migration;

  // what single mutants keep in mind
  final Map<String, Iommu.Dma> lastDma = new HashMap<>();
  Buffer.@Nullable PrepareMove lastPrepare;
  @Nullable Extents early;
  final Set<Object> delayed = new HashSet<>();

  @Nullable Seen of(BufferId id) {
    return byId.get(id);
  }

  @Nullable Seen at(ActorPath path) {
    return byPath.get(path.name());
  }

  /** What becomes of the message; the same for as it is. */
  abstract @Nullable Object mutate(ActorPath to, Object message);

  @Override
  public final @Nullable Object carry(@Nullable ActorPath from, ActorPath to, Object message) {
    Object mutated = mutate(to, message);
    note(to, message);
    ArrayDeque<Object> first = before.remove(to.name());
    if (first == null || mutated == null) {
      if (first != null) {
        before.put(to.name(), first);
      }
      return mutated;
    }
    List<Object> all = new ArrayList<>(first);
    if (mutated instanceof Courier.Several(var several)) {
      all.addAll(several);
    } else {
      all.add(mutated);
    }
    return new Courier.Several(all);
  }

  private void note(ActorPath to, Object message) {
    switch (message) {
      case Session.Created created -> {
        Seen seen = new Seen(created.buffer(), created.ref());
        byPath.put(created.ref().path().name(), seen);
        byId.put(created.buffer(), seen);
      }
      case Region.Reserve reserve -> migration = reserve.replyTo();
      case Buffer.Command command -> told(at(to), command);
      case Importer.Event event -> says(of(event.buffer()), event);
      case Migration.Busy busy -> stopped(of(busy.buffer()));
      default -> {}
    }
  }

  private static void stopped(@Nullable Seen seen) {
    if (seen != null) {
      seen.moving = false;
    }
  }

  private static void told(@Nullable Seen seen, Buffer.Command command) {
    if (seen == null) {
      return;
    }
    switch (command) {
      case Buffer.Request request -> seen.asked.put(request.header().requestId(), request);
      case Buffer.Placed placed -> settle(seen, placed.region(), placed.extents());
      case Buffer.Landed landed -> settle(seen, landed.region(), landed.extents());
      case Buffer.PrepareMove prepare -> seen.moving = true;
      case Buffer.MoveFailed failed -> seen.moving = false;
      case Buffer.Signal signal -> seen.fences.remove(signal.ticket());
      case Buffer.BackOff backOff -> seen.fences.remove(backOff.ticket());
      case Buffer.LetGo letGo -> seen.fences.remove(letGo.ticket());
      default -> {}
    }
  }

  private static void settle(Seen seen, int region, Extents extents) {
    seen.region = region;
    seen.extents = extents;
    seen.generation++;
    seen.moving = false;
  }

  private static void says(@Nullable Seen seen, Importer.Event event) {
    if (seen == null) {
      return;
    }
    switch (event) {
      case Importer.UseGranted granted -> {
        if (seen.asked.get(granted.requestId()) instanceof Buffer.Use use) {
          seen.fences.add(use.ticket());
        }
      }
      case Importer.Attached attached -> seen.pins.put(attached.attachment(), 0);
      case Importer.Pinned pinned -> {
        if (seen.asked.get(pinned.requestId()) instanceof Buffer.Pin pin) {
          seen.pins.merge(pin.attachment(), 1, Integer::sum);
        }
      }
      case Importer.Unpinned unpinned -> {
        if (seen.asked.get(unpinned.requestId()) instanceof Buffer.Unpin unpin) {
          seen.pins.merge(unpin.attachment(), -1, Integer::sum);
        }
      }
      case Importer.Mapped mapped -> seen.mapped.put(mapped.attachment(), mapped);
      default -> {}
    }
  }

  /** A mutant's own way with some messages; null answers for "as it is" are the message itself. */
  interface Change {
    @Nullable Object apply(Spy spy, ActorPath to, Object message);
  }

  static Spy of(Change change) {
    return new Spy() {
      @Override
      @Nullable Object mutate(ActorPath to, Object message) {
        return change.apply(this, to, message);
      }
    };
  }

  /** Where what is told is told to nobody. */
  static <T> ActorRef<T> nobody(ActorRef<T> anybody) {
    return Adapter.toTyped(((InternalActorRef) Adapter.toClassic(anybody)).provider().ignoreRef());
  }

  /** Delivers the message after a while of model time. */
  static void later(ActorRef<Buffer.Command> to, Buffer.Command message, Duration delay) {
    akka.actor.ActorRef classic = Adapter.toClassic(to);
    ActorSystem system = ((ActorRefWithCell) classic).underlying().system();
    system.scheduler().scheduleOnce(delay, () -> to.tell(message), system.dispatcher());
  }

  /** Keeps the message back until the next one to the same IOMMU. */
  void later(ActorPath to, Iommu.Command message) {
    before.computeIfAbsent(to.name(), name -> new ArrayDeque<>()).add(message);
  }
}
