package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.ReservationRef;
import org.bufferyard.actors.protocol.Tally;
import org.bufferyard.actors.token.Transaction;
import org.bufferyard.actors.token.Transaction.Step;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Takes the tokens of a job's reservations, all or none, and puts its fence into shared ones. A job
 * holds tokens for as long as messages take (one job of the device at a time): whatever takes
 * longer (room, moves, fences) is waited for before or afterwards. Owned by the device.
 */
final class LockDesk {
  /** What becomes of it. */
  interface Sequel {
    void locked(Job job);

    void notLocked(Job job, Refusal refusal);
  }

  /**
   * A request on its way.
   *
   * @param attempt of the transaction; -1 for a fence
   */
  private record Asked(Job job, Job.Lock lock, int attempt) {}

  private static final int FENCE = -1;

  /** Request ids of different devices for one client must differ, and from those of the post. */
  private static final int DEVICE_SHIFT = 40;

  private static final long OF_LOCKS = 1L << (DEVICE_SHIFT - 1);

  private final DevicePlan plan;
  private final ActorRef<Reservation.Reply> self;
  private final Tally tally;
  private final Sequel sequel;
  private final LinkedHashMap<Long, Asked> open = new LinkedHashMap<>();

  /** One job of a device at a time, so that they need not back off from each other. */
  private @Nullable Job locking;

  /** Its other jobs, oldest first: they hold no token meanwhile. */
  private final TreeSet<Job> next = new TreeSet<>(Comparator.comparing((Job job) -> job.ticket));

  private long counter;

  /** Makes sure that the end of a reservation is heard of. */
  private final Consumer<ReservationRef> watch;

  LockDesk(
      DevicePlan plan,
      ActorRef<Reservation.Reply> self,
      Tally tally,
      Consumer<ReservationRef> watch,
      Sequel sequel) {
    this.watch = watch;
    this.plan = plan;
    this.self = self;
    this.tally = tally;
    this.sequel = sequel;
  }

  int openCount() {
    return open.size();
  }

  /** The job that takes tokens now; those behind it wait for it. */
  @Nullable Job locking() {
    return locking;
  }

  /** Answered by {@link Sequel}, unless the job is released first. */
  void lock(Job job) {
    next.add(job);
    lockNext();
  }

  private void lockNext() {
    while (locking == null && !next.isEmpty()) {
      Job job = next.removeFirst();
      locking = job;
      Transaction<Job.Lock> transaction = new Transaction<>(true, true);
      job.transaction = transaction;
      act(job, transaction.lock(job.locks()));
    }
  }

  /** The job takes tokens no more. */
  private void end(Job job) {
    job.transaction = null;
    next.remove(job);
    if (job.equals(locking)) {
      locking = null;
      lockNext();
    }
  }

  private void act(Job job, List<Step<Job.Lock>> steps) {
    for (Step<Job.Lock> step : steps) {
      switch (step) {
        case Step.Claim<Job.Lock>(var lock, var attempt, var holding, var mayWait) -> {
          watch.accept(lock.ref());
          int slots = lock.ref() instanceof ReservationRef.Shared ? 1 : 0;
          lock.ref()
              .tell(
                  new Reservation.Reserve(
                      lock.header(next(new Asked(job, lock, attempt))),
                      job.ticket,
                      holding,
                      mayWait,
                      slots,
                      self));
        }
        case Step.Release<Job.Lock>(var lock) ->
            lock.ref().tell(new Reservation.Unreserve(job.ticket));
        case Step.Locked<Job.Lock>() -> sequel.locked(job);
        case Step.Failed<Job.Lock>(var refusal) -> {
          end(job);
          sequel.notLocked(job, refusal);
        }
      }
    }
  }

  private long next(Asked asked) {
    long id = ((plan.id().value() + 1L) << DEVICE_SHIFT) | OF_LOCKS | ++counter;
    tally.requested(RequestKind.RESERVE);
    open.put(id, asked);
    return id;
  }

  void onReply(Reservation.Reply reply) {
    Asked asked = open.remove(reply.requestId());
    if (asked == null) {
      return;
    }
    switch (reply) {
      case Reservation.Refused(var id, var refusal) -> onRefused(asked, refusal);
      case Reservation.Reserved reserved -> {
        tally.answered(RequestKind.RESERVE);
        Transaction<Job.Lock> transaction = asked.job.transaction;
        if (transaction != null) {
          act(asked.job, transaction.granted(asked.lock, asked.attempt));
        }
      }
      case Reservation.FenceAdded added -> tally.answered(RequestKind.RESERVE);
      case Reservation.Reply other ->
          throw new IllegalStateException("nobody asked for this: " + other);
    }
  }

  private void onRefused(Asked asked, Refusal refusal) {
    if (refusal.errno() == Errno.EDEADLK || refusal.errno() == Errno.ECANCELED) {
      tally.backedOff(RequestKind.RESERVE);
    } else {
      tally.refused(RequestKind.RESERVE, refusal.errno());
    }
    refused(asked, refusal);
  }

  /** A reservation has ended: what was on its way there will not be answered by it. */
  void onGone(ReservationRef gone) {
    gone(gone.actor(), new Refusal(Errno.ENODEV, gone.actor().path().name() + " is gone"));
  }

  /** Whoever answered for these tokens is gone. */
  void gone(ActorRef<?> owner, Refusal refusal) {
    for (Map.Entry<Long, Asked> entry : List.copyOf(open.entrySet())) {
      boolean its = entry.getValue().lock().ref().actor().equals(owner);
      if (its && open.remove(entry.getKey()) != null) {
        onRefused(entry.getValue(), refusal);
      }
    }
  }

  private void refused(Asked asked, Refusal refusal) {
    Transaction<Job.Lock> transaction = asked.job.transaction;
    if (asked.attempt == FENCE) {
      sequel.notLocked(asked.job, refusal);
    } else if (transaction != null) {
      act(asked.job, transaction.refused(asked.lock, asked.attempt, refusal));
    }
  }

  /**
   * The job has its place everywhere. The token of a private reservation went with that; a shared
   * one gets the job's fence first.
   */
  void commit(Job job) {
    for (Job.Lock lock : job.sharedLocks()) {
      lock.ref()
          .tell(
              new Reservation.AddFence(
                  lock.header(next(new Asked(job, lock, FENCE))),
                  job.ticket,
                  job.writes() ? FenceUsage.WRITE : FenceUsage.READ,
                  self));
      lock.ref().tell(new Reservation.Unreserve(job.ticket));
    }
    end(job);
  }

  /** Gives up what the job holds and waits for. */
  void release(Job job) {
    Transaction<Job.Lock> transaction = job.transaction;
    if (transaction != null) {
      act(job, transaction.finish());
    }
    end(job);
  }

  /** The job's fence in shared reservations signals; it may have none. */
  void signal(Job job, @Nullable Errno error) {
    for (Job.Lock lock : job.sharedLocks()) {
      lock.ref().tell(new Reservation.SignalFence(job.ticket, error));
    }
  }
}
