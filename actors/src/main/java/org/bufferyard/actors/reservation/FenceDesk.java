package org.bufferyard.actors.reservation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.bufferyard.actors.fence.Fence;
import org.bufferyard.actors.fence.FenceUnwrap;
import org.bufferyard.actors.fence.ReservedFences;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.ReservationRef;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The explicit side of a reservation's fences: given out as points, taken in from elsewhere, polled
 * for. A point is watched at its home; a fence that its home no longer knows has signalled. Owned
 * by the reservation's actor.
 */
public final class FenceDesk {
  /** Polls that wait at one reservation; one more is refused EAGAIN. */
  public static final int POLLS_MAX = 1024;

  /** Contexts of these fences are numbered upwards; a buffer numbers its own work downwards. */
  private static final long FIRST_CONTEXT = 1;

  /** What the desk needs of its actor. */
  public interface Home {
    /** The reservation's own address. */
    ReservationRef self();

    /** Tells the reservation {@link Reservation.HomeGone} when {@code other} stops. */
    void watch(ReservationRef other);
  }

  /** The fence of a transaction, or a point of another reservation. */
  private static final class Foreign extends Fence {
    final Object origin;

    Foreign(long context, Object origin) {
      super(context, 1);
      this.origin = origin;
    }
  }

  private final String name;
  private final ReservedFences fences;
  private final Home home;
  private final List<Reservation.Poll> polls = new ArrayList<>(0);
  private long nextContext = FIRST_CONTEXT;

  FenceDesk(String name, ReservedFences fences, Home home) {
    this.name = name;
    this.fences = fences;
    this.home = home;
  }

  /** Into the room that came with the token. */
  void add(Reservation.AddFence add) {
    long id = add.header().requestId();
    if (fences.first(FenceUsage.BOOKKEEP, fence -> isOf(fence, add.ticket())) != null) {
      refuse(add, Errno.EALREADY, add.ticket() + " has its fence in " + name);
    } else if (fences.promised() > 0) {
      fences.add(new Foreign(nextContext++, add.ticket()), add.usage());
      add.replyTo().tell(new Reservation.FenceAdded(id));
    } else {
      refuse(add, Errno.EINVAL, add.ticket() + " reserved no slot for it in " + name);
    }
  }

  private static boolean isOf(Fence fence, Object origin) {
    return fence instanceof Foreign foreign && foreign.origin.equals(origin);
  }

  void signal(Ticket ticket, @Nullable Errno error) {
    signalAll(fence -> isOf(fence, ticket), error);
  }

  private void signalAll(Predicate<Fence> matches, @Nullable Errno error) {
    Fence fence = fences.first(FenceUsage.BOOKKEEP, matches);
    while (fence != null) {
      if (error != null) {
        fence.setError(error);
      }
      fence.signal();
      fence = fences.first(FenceUsage.BOOKKEEP, matches);
    }
    fences.dropSignalled();
    answerPolls();
  }

  // --- explicit fences ------------------------------------------------------------------------

  void export(Reservation.ExportFence export) {
    if (!export.read() && !export.write()) {
      refuse(export, Errno.EINVAL, "neither for reading nor for writing");
      return;
    }
    FenceUsage query = export.write() ? FenceUsage.READ : FenceUsage.WRITE;
    List<Reservation.Point> points = new ArrayList<>();
    for (Fence fence : FenceUnwrap.latest(fences.fences(query))) {
      points.add(
          fence instanceof Foreign foreign && foreign.origin instanceof Reservation.Point from
              ? from
              : new Reservation.Point(home.self(), fence.context(), fence.seqno()));
    }
    export
        .replyTo()
        .tell(
            new Reservation.FenceExported(
                export.header().requestId(), new Reservation.Explicit(List.copyOf(points))));
  }

  void importFence(Reservation.ImportFence request) {
    List<Reservation.Point> points = request.fence().points();
    if (!request.read() && !request.write()) {
      refuse(request, Errno.EINVAL, "neither for reading nor for writing");
    } else if (points.size() > Reservation.Explicit.POINTS_MAX) {
      refuse(request, Errno.E2BIG, points.size() + " points");
    } else if (points.size() > fences.spare()) {
      refuse(request, Errno.EAGAIN, name + " has no room for " + points.size() + " more fences");
    } else {
      FenceUsage usage = request.write() ? FenceUsage.WRITE : FenceUsage.READ;
      points.forEach(point -> importPoint(point, usage));
      request.replyTo().tell(new Reservation.FenceImported(request.header().requestId()));
    }
  }

  /** Own points are among the fences already, at their own usage; others are watched at home. */
  private void importPoint(Reservation.Point point, FenceUsage usage) {
    boolean known = fences.first(usage, fence -> isOf(fence, point)) != null || isOwn(point, usage);
    if (!known) {
      fences.addBeside(new Foreign(nextContext++, point), usage);
      home.watch(point.home());
      point.home().tell(new Reservation.Watch(point.context(), point.seqno(), home.self()));
    }
  }

  private boolean isOwn(Reservation.Point point, FenceUsage usage) {
    return point.home().equals(home.self())
        && (fences.first(usage, fence -> isAt(fence, point.context(), point.seqno())) != null
            || fences.first(
                    FenceUsage.BOOKKEEP, fence -> isAt(fence, point.context(), point.seqno()))
                == null);
  }

  private static boolean isAt(Fence fence, long context, long seqno) {
    return fence.context() == context && fence.seqno() == seqno;
  }

  void watch(Reservation.Watch watch) {
    Fence fence =
        fences.first(FenceUsage.BOOKKEEP, each -> isAt(each, watch.context(), watch.seqno()));
    Reservation.Point point = new Reservation.Point(home.self(), watch.context(), watch.seqno());
    boolean joined =
        fence != null
            && fence.addCallback(
                    done ->
                        watch.watcher().tell(new Reservation.PointSignalled(point, done.error())))
                == null;
    if (!joined) {
      watch
          .watcher()
          .tell(new Reservation.PointSignalled(point, fence == null ? null : Errno.EAGAIN));
    }
  }

  void pointSignalled(Reservation.PointSignalled signalled) {
    signalAll(fence -> isOf(fence, signalled.point()), signalled.error());
  }

  /** Whoever would have signalled them has died without. */
  void homeGone(ReservationRef gone) {
    signalAll(
        fence ->
            fence instanceof Foreign foreign
                && foreign.origin instanceof Reservation.Point point
                && point.home().equals(gone),
        Errno.EIO);
  }

  /** Nobody waits for ever: what has not signalled by now has failed. */
  public void expire() {
    signalAll(fence -> fence instanceof Foreign, Errno.ETIMEDOUT);
  }

  // --- polls ----------------------------------------------------------------------------------

  void poll(Reservation.Poll poll) {
    if (polls.size() >= POLLS_MAX) {
      refuse(poll, Errno.EAGAIN, name + " has " + POLLS_MAX + " polls");
      return;
    }
    polls.add(poll);
    answerPolls();
  }

  void answerPolls() {
    for (Iterator<Reservation.Poll> each = polls.iterator(); each.hasNext(); ) {
      Reservation.Poll poll = each.next();
      if (fences.signalled(poll.write() ? FenceUsage.READ : FenceUsage.WRITE)) {
        each.remove();
        poll.replyTo().tell(new Reservation.Ready(poll.header().requestId()));
      }
    }
  }

  boolean cancel(ClientId client, long requestId, Errno errno) {
    return end(
        poll -> poll.header().requestId() == requestId && poll.header().client().equals(client),
        new Refusal(errno, "given up while it waited at " + name));
  }

  void clientGone(ClientId client) {
    end(
        poll -> poll.header().client().equals(client),
        new Refusal(Errno.ECANCELED, client + " is gone"));
  }

  void close(Refusal refusal) {
    end(poll -> true, refusal);
  }

  private boolean end(Predicate<Reservation.Poll> matches, Refusal refusal) {
    boolean any = false;
    for (Iterator<Reservation.Poll> each = polls.iterator(); each.hasNext(); ) {
      Reservation.Poll poll = each.next();
      if (matches.test(poll)) {
        each.remove();
        poll.replyTo().tell(new Reservation.Refused(poll.header().requestId(), refusal));
        any = true;
      }
    }
    return any;
  }

  private static void refuse(Reservation.Request request, Errno errno, String reason) {
    request
        .replyTo()
        .tell(new Reservation.Refused(request.header().requestId(), new Refusal(errno, reason)));
  }
}
