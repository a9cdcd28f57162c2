package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * An importer on the host: owns its attachments and the mappings it caches. A lease of a cached
 * mapping is answered without visiting the buffer. Bounded by {@link ImporterPlan#LEASES_MAX} and
 * {@link ImporterPlan#WAITERS_MAX} an attachment; it looks for what is overdue a few times in a
 * lease's time.
 */
public final class ImporterActor {
  public sealed interface Command {}

  /** Makes the importer a user of the buffer; a second time gives the same attachment. */
  public record Attach(SharedBuffer buffer, Answer<BufferAttachment> answer) implements Command {}

  public record Map(
      BufferAttachment attachment, DmaDirection direction, LeaseTerms terms, Answer<Mapping> answer)
      implements Command {}

  /** As {@link Map}, for an actor: request and answer in one object, as most maps are. */
  record MapFor(
      BufferAttachment attachment,
      DmaDirection direction,
      long token,
      ActorRef<? super LeaseReply> replyTo)
      implements Command, Answer<Mapping> {
    @Override
    public void done(Mapping lease) {
      replyTo.tell(new LeaseReply.Mapped(token, lease));
    }

    @Override
    public void refused(Refusal refusal) {
      replyTo.tell(new LeaseReply.Refused(token, refusal));
    }

    @Override
    public ActorRef<?> owner() {
      return replyTo;
    }

    /** Named when somebody asks: {@link Mapping#place}. */
    @Override
    public Object place() {
      return replyTo;
    }

    LeaseTerms terms() {
      return attachment.importer().terms();
    }
  }

  /** Answered when all are mapped; if one is refused, none stays mapped. */
  public record MapBatch(
      List<BufferAttachment> attachments,
      DmaDirection direction,
      LeaseTerms terms,
      Answer<List<Mapping>> answer)
      implements Command {}

  public record Pin(BufferAttachment attachment, boolean pinned, Answer<Void> answer)
      implements Command {}

  public record Detach(BufferAttachment attachment) implements Command {}

  /**
   * No new leases, all else is refused; answered when the open ones have ended.
   *
   * @param graceNanos after which they are reclaimed
   */
  public record Close(long graceNanos, Refusal why, ActorRef<Quiet> replyTo) implements Command {}

  /** Nobody can touch memory through the importer any more. */
  public record Quiet(String importer) {}

  /** The yard is open. */
  public record Open(ImporterPlan plan) implements Command {}

  public record Sample(ActorRef<Books> replyTo) implements Command {}

  /** What an importer has at one moment, and has done. */
  public record Books(
      String importer,
      int attachments,
      int openLeases,
      int waiting,
      long granted,
      long reclaimed) {}

  record FromBuffer(Importer.Event event) implements Command {}

  record FromPath(Iommu.Command command) implements Command {}

  record Idle(MappingGate gate) implements Command {}

  record Quiesced(MappingGate gate) implements Command {}

  record Crowd(MappingGate gate) implements Command {}

  record SetsTaken() implements Command {}

  record Sweep() implements Command {}

  record Retry() implements Command {}

  record GraceOver() implements Command {}

  record BufferGone(ActorRef<Buffer.Command> buffer) implements Command {}

  record OwnerGone(ActorRef<?> owner) implements Command {}

  record ListenerGone() implements Command {}

  /** Sweeps in one lease time. */
  private static final long SWEEPS = 4;

  /** Most requests that wait for the yard to open. */
  private static final int WAITING_MAX = 4096;

  /**
   * An importer, to be told {@link Open}.
   *
   * @param listener the application's actor it belongs to: when that dies, all is detached; or null
   */
  public static Behavior<Command> create(@Nullable ActorRef<? super ImporterNotice> listener) {
    return Behaviors.withStash(
        WAITING_MAX,
        waiting ->
            Behaviors.receive(
                (context, command) -> {
                  if (command instanceof Open(var plan)) {
                    return waiting.unstashAll(new ImporterActor(context, plan, listener).serving());
                  }
                  if (command instanceof Close close) {
                    close.replyTo().tell(new Quiet("an importer of no yard"));
                    return waiting.unstashAll(refusing(close.why()));
                  }
                  waiting.stash(command);
                  return Behaviors.same();
                }));
  }

  private static Behavior<Command> refusing(Refusal why) {
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Attach attach -> attach.answer().refused(why);
            case MapFor map -> map.refused(why);
            case Map map -> map.answer().refused(why);
            case MapBatch batch -> batch.answer().refused(why);
            case Pin pin -> pin.answer().refused(why);
            case Close close -> close.replyTo().tell(new Quiet("a closed importer"));
            case Command nothingToAnswer -> {}
          }
          return Behaviors.same();
        });
  }

  private final ActorContext<Command> context;
  private final ImporterPlan plan;
  private final LeaseDesk leases;
  private final BondDesk bonds;
  private @Nullable Close closing;

  private ImporterActor(
      ActorContext<Command> context,
      ImporterPlan plan,
      @Nullable ActorRef<? super ImporterNotice> listener) {
    this.context = context;
    this.plan = plan;
    BufferPost post =
        new BufferPost(
            plan,
            context.messageAdapter(Importer.Event.class, FromBuffer::new),
            context.messageAdapter(Iommu.Command.class, FromPath::new));
    this.leases = new LeaseDesk(context, plan, listener);
    this.bonds = new BondDesk(context, plan, post, leases, listener);
    if (listener != null) {
      context.watchWith(listener, new ListenerGone());
    }
    sweepLater();
  }

  private Behavior<Command> serving() {
    return Behaviors.receive(
        (same, command) -> {
          handle(command);
          return closing != null && bonds.quiet() ? quiet(closing) : Behaviors.same();
        },
        (same, signal) -> {
          if (signal instanceof PostStop) {
            bonds.died();
          }
          return Behaviors.unhandled();
        });
  }

  private void handle(Command command) {
    switch (command) {
      case MapFor map -> bonds.map(map.attachment(), map.direction(), map.terms(), map);
      case Map map -> bonds.map(map.attachment(), map.direction(), map.terms(), map.answer());
      case MapBatch batch -> MapBatchDesk.serve(batch, bonds);
      case Idle(var gate) -> bonds.onIdle(gate);
      case Quiesced(var gate) -> bonds.onQuiesced(gate);
      case Crowd(var gate) -> bonds.onCrowd(gate);
      case SetsTaken taken -> leases.gatherSets();
      case FromBuffer(var event) -> bonds.onEvent(event);
      case FromPath(var request) -> bonds.onPath(request);
      case Attach attach -> bonds.attach(attach.buffer(), attach.answer());
      case Pin pin -> bonds.pin(pin);
      case Detach detach -> bonds.detach(detach.attachment());
      case Sweep sweep -> onSweep();
      case Retry retry -> bonds.retry();
      case BufferGone(var buffer) -> bonds.bufferGone(buffer);
      case OwnerGone(var owner) -> leases.ownerGone(owner, bonds.all());
      case ListenerGone gone -> bonds.detachAll();
      case Close close -> onClose(close);
      case GraceOver over -> leases.reclaimAll(bonds.all(), plan.name() + " has closed");
      case Sample sample -> sample.replyTo().tell(bonds.books());
      case Open open -> throw new IllegalStateException(plan.name() + " is open already");
    }
  }

  private void onSweep() {
    leases.tellUses();
    leases.reclaimOverdue(bonds.all());
    bonds.cancelOverdue();
    sweepLater();
  }

  private void sweepLater() {
    long nanos = Math.max(1, plan.terms().leaseNanos() / SWEEPS);
    context.scheduleOnce(clock().toScheduler(nanos), context.getSelf(), new Sweep());
  }

  private void onClose(Close close) {
    closing = close;
    bonds.close(close.why());
    context.scheduleOnce(
        clock().toScheduler(Math.max(1, close.graceNanos())), context.getSelf(), new GraceOver());
  }

  private Behavior<Command> quiet(Close close) {
    close.replyTo().tell(new Quiet(plan.name()));
    return refusing(close.why());
  }

  private ModelClock clock() {
    return plan.yard().environment().clock();
  }
}
