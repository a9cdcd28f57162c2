package org.bufferyard.actors.reservation;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import org.bufferyard.actors.fence.ReservedFences;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.ReservationRef;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * A reservation that several buffers share: one token and one set of fences for all of them, as the
 * buffers of one address space have. What each buffer's own pages wait for stays with the buffer.
 * Whoever shows the handle it was made with may use it. Ends with {@link Reservation.Close}.
 */
public final class ReservationActor {
  /**
   * A shared reservation.
   *
   * @param name in refusals and in the wait-for graph
   * @param handle opens it
   */
  public static Behavior<Reservation.Command> create(String name, Handle handle) {
    return Behaviors.setup(context -> new ReservationActor(context, name, handle).serving());
  }

  private final ActorContext<Reservation.Command> context;
  private final String name;
  private final Handle handle;
  private final ReservedFences fences = new ReservedFences();
  private final ReservationDesk desk;

  private ReservationActor(ActorContext<Reservation.Command> context, String name, Handle handle) {
    this.context = context;
    this.name = name;
    this.handle = handle;
    this.desk = new ReservationDesk(name, fences, new Door());
  }

  private final class Door implements FenceDesk.Home {
    private final ReservationRef self = new ReservationRef.Shared(context.getSelf());

    @Override
    public ReservationRef self() {
      return self;
    }

    @Override
    public void watch(ReservationRef other) {
      context.watchWith(other.actor(), new Reservation.HomeGone(other));
    }
  }

  private Behavior<Reservation.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          if (command instanceof Reservation.Close(var shown) && shown.equals(handle)) {
            desk.close(new Refusal(Errno.ENODEV, name + " is gone"));
            return Behaviors.stopped();
          }
          if (command instanceof Reservation.Request request && !opens(request.header())) {
            Refusal refusal =
                new Refusal(Errno.EBADF, request.header().handle() + " does not open " + name);
            request.replyTo().tell(new Reservation.Refused(request.header().requestId(), refusal));
          } else {
            desk.handle(command);
          }
          return Behaviors.same();
        });
  }

  private boolean opens(Header header) {
    return header.handle().equals(handle);
  }
}
