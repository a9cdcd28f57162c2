package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.ReservationRef;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Gets a job whose buffers are mapped its place at each of them. With all tokens in hand it asks
 * for all uses at once: between two jobs the order is then the same at every buffer, so that they
 * never wait in a circle for each other's fences. A job that finds a mapping gone lets go of
 * everything but its ticket and its holds, and begins again. Owned by the device.
 */
final class GrantDesk implements LockDesk.Sequel {
  /** What becomes of the job. */
  interface Sequel {
    /** All uses are granted. */
    void ready(Job job);

    /** A mapping is gone: map again. */
    void prepareAgain(Job job);

    void refused(Job job, Refusal refusal);
  }

  private final Post post;
  private final LockDesk locks;
  private final BondDesk bonds;
  private final Sequel sequel;
  private final LongSupplier clock;

  /**
   * A desk that works with these.
   *
   * @param locks makes the desk of tokens, which answers this one
   */
  GrantDesk(
      Post post,
      BondDesk bonds,
      Sequel sequel,
      LongSupplier clock,
      Function<LockDesk.Sequel, LockDesk> locks) {
    this.post = post;
    this.locks = locks.apply(this);
    this.bonds = bonds;
    this.sequel = sequel;
    this.clock = clock;
  }

  void onReply(Reservation.Reply reply) {
    locks.onReply(reply);
  }

  /** The buffer is freed, and with it the tokens and fences that it answered for. */
  void gone(ActorRef<?> buffer, Refusal refusal) {
    locks.gone(buffer, refusal);
  }

  void onReservationGone(ReservationRef gone) {
    locks.onGone(gone);
  }

  int openCount() {
    return locks.openCount();
  }

  /** What a job that wants tokens waits for: theirs, or its turn among the device's jobs. */
  List<String> awaited(Job job) {
    Job first = locks.locking();
    if (job.transaction == null) {
      return first == null ? List.of() : List.of(first.ticket.toString());
    }
    return job.transaction.awaited().stream().map(Job.Lock::toString).toList();
  }

  void begin(Job job) {
    if (job.needsTokens()) {
      job.phase = Job.Phase.LOCKING;
      locks.lock(job);
    } else {
      askAll(job);
    }
  }

  @Override
  public void locked(Job job) {
    for (Device.Use use : job.uses) {
      if (!bonds.of(job.submit, use).usable()) {
        locks.release(job);
        startAgain(job);
        return;
      }
    }
    askAll(job);
    locks.commit(job);
  }

  @Override
  public void notLocked(Job job, Refusal refusal) {
    sequel.refused(job, refusal);
  }

  private void askAll(Job job) {
    job.phase = Job.Phase.USING;
    job.usesAskedNanos = clock.getAsLong();
    job.inPlaceNanos = 0;
    for (int use = 0; use < job.uses.size(); use++) {
      post.use(bonds.of(job.submit, job.uses.get(use)), job, use, clock.getAsLong());
    }
  }

  void onGranted(Importer.UseGranted granted) {
    Post.Sent sent = post.answered(granted.requestId());
    if (sent == null || sent.job() == null) {
      return;
    }
    Job job = sent.job();
    if (job.refused) {
      sent.bond().ref.tell(new Buffer.LetGo(job.ticket));
    } else if (sent.round() == job.round) {
      Bond bond = sent.bond();
      bond.inUse++;
      job.inPlaceNanos = Math.max(job.inPlaceNanos, granted.inPlaceSinceNanos());
      job.grant(
          sent.use(), new Job.Granted(bond, bond.liveTable(), granted.expected(), granted.stamp()));
      if (job.allGranted()) {
        sequel.ready(job);
      }
    }
  }

  /** Back off: drop the fences and the places, keep the ticket, map again. */
  void onStale(long requestId) {
    Post.Sent sent = post.answered(requestId);
    Job job = sent == null ? null : sent.job();
    if (sent == null || job == null || job.refused || sent.round() != job.round) {
      return;
    }
    sent.bond().stale = true;
    for (Device.Use use : job.uses) {
      use.ref().tell(new Buffer.BackOff(job.ticket));
    }
    locks.signal(job, Errno.ECANCELED);
    startAgain(job);
  }

  private void startAgain(Job job) {
    for (Job.Granted granted : job.granted()) {
      bonds.endUse(granted.bond());
    }
    job.giveUpGrants();
    for (Device.Use use : job.uses) {
      bonds.leave(bonds.of(job.submit, use), job);
    }
    sequel.prepareAgain(job);
  }

  void onUseRefused(Post.Sent sent, Refusal refusal) {
    if (sent.job() != null && sent.round() == sent.job().round) {
      sequel.refused(sent.job(), refusal);
    }
  }

  /** The job has been on the engine: its fence signals, with an error if it did not get through. */
  void signalled(Job job, @Nullable Errno error) {
    locks.signal(job, error);
  }

  /** The job's fence signals: null if it has run, the reason why it never will otherwise. */
  void signal(Job job, @Nullable Errno error) {
    if (error != null) {
      locks.release(job);
    }
    locks.signal(job, error);
  }
}
