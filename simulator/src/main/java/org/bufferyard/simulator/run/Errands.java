package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.jspecify.annotations.Nullable;

/**
 * Does a program's steps and keeps count of what is unanswered. A step about a buffer whose handle
 * has not come yet is parked until it comes. Owned by the program.
 */
final class Errands {
  private final ProgramActor.Stage stage;
  private final ProgramActor.Client me;
  private final SessionCounter session;
  private final DeviceCounter counter;
  private final Possessions possessions = new Possessions();

  /** What was asked of a device, and when. */
  private record Asked(Action action, long atNanos) {}

  private final LinkedHashMap<Long, Asked> jobs = new LinkedHashMap<>();
  private final Score score = new Score();
  private long tokens;
  private boolean dead;

  Errands(
      ProgramActor.Stage stage,
      ProgramActor.Client me,
      ActorRef<Session.Reply> sessionReplies,
      ActorRef<Device.Reply> deviceReplies) {
    this.stage = stage;
    this.me = me;
    this.session = new SessionCounter(me.session(), sessionReplies);
    this.counter = new DeviceCounter(stage.devices(), me.id(), deviceReplies);
  }

  int outstanding() {
    return jobs.size() + session.unanswered();
  }

  boolean anyParked() {
    return possessions.anyParked();
  }

  Program.Done report(List<String> failure) {
    return score.report(me.id(), failure);
  }

  void perform(Step step) {
    Possession missing = possessions.missing(step.action());
    if (missing != null && missing.refused) {
      skip(step);
    } else if (missing != null) {
      possessions.park(step, missing);
    } else {
      act(step.action());
    }
  }

  /**
   * The client ends here with jobs in flight, and its handles are closed for it, as a kernel closes
   * a dead process's files: those it has, and those that are yet to come. Steps that are left are
   * not done; further calls change nothing.
   */
  void die() {
    dropParked();
    if (!dead) {
      dead = true;
      possessions.all().forEach(this::closeForIt);
    }
  }

  private void closeForIt(Possession possession) {
    Session.Grant grant = possession.grant;
    possession.releaseWanted = true;
    if (grant != null && !possession.released) {
      possession.released = true;
      possession.devices.forEach(device -> counter.forget(device, grant.buffer()));
      session.release(grant);
    }
  }

  /** Does wrong what it has just done right: a handle that is closed is closed again. */
  void mischief(Step step, boolean closesTwice) {
    if (closesTwice && step.action() instanceof Action.Release release) {
      Session.Grant grant = possessions.of(release.buffer()).grant;
      if (grant != null && possessions.of(release.buffer()).released) {
        session.release(grant);
      }
    }
  }

  private void act(Action action) {
    switch (action) {
      case Action.Export export -> export(export);
      case Action.Submit submit -> submit(submit);
      case Action.Attach attach -> attach(attach);
      case Action.Unmap unmap -> forget(unmap.buffer(), unmap.device());
      case Action.CpuAccess access ->
          cpu(access.buffer(), access.direction(), access.firstPage(), access.pages());
      case Action.Pin pin -> pin(pin, pin.buffer(), pin.device(), true);
      case Action.Unpin unpin -> unpin(unpin);
      case Action.Release release -> release(possessions.of(release.buffer()));
    }
  }

  private void export(Action.Export export) {
    Possession possession = possessions.of(export.buffer());
    possession.export = export;
    possession.exporter = true;
    List<Integer> preferred =
        export.preference().regions().stream()
            .map(name -> stage.topology().named(name))
            .filter(region -> region >= 0)
            .toList();
    session.export(export, preferred);
  }

  private void skip(Step step) {
    score.skipped();
    if (isFrame(step.action())) {
      score.frame(true);
    }
  }

  private void submit(Action.Submit submit) {
    if (submit.isFrame()) {
      score.frame(false);
    }
    List<Device.Use> uses = new ArrayList<>();
    for (Use use : StepBuffers.merged(submit.uses())) {
      busy(use.buffer(), submit.device()).everUsed = true;
      uses.add(DeviceCounter.use(possessions.grant(use.buffer()), use));
    }
    ask(submit);
    counter.submit(submit.device(), tokens, uses, submit.busyNanos());
  }

  private void attach(Action.Attach attach) {
    busy(attach.buffer(), attach.device());
    ask(attach);
    counter.attach(attach.device(), tokens, possessions.grant(attach.buffer()));
  }

  private void ask(Action action) {
    jobs.put(++tokens, new Asked(action, stage.clock().nowNanos()));
  }

  /** The device may be working for this client on the buffer from here on. */
  private Possession busy(int key, String device) {
    Possession possession = possessions.of(key);
    possession.busy++;
    possession.devices.add(device);
    return possession;
  }

  private void forget(int key, String device) {
    counter.forget(device, possessions.grant(key).buffer());
  }

  private void cpu(int key, DmaDirection direction, long firstPage, long pages) {
    Possession possession = possessions.of(key);
    possession.busy++;
    possession.everUsed = true;
    session.cpuAccess(possessions.grant(key), direction, firstPage, pages);
  }

  /** There is nothing to undo where the pin was refused. */
  private void unpin(Action.Unpin unpin) {
    if (!possessions.of(unpin.buffer()).unpinned.remove(unpin.device())) {
      pin(unpin, unpin.buffer(), unpin.device(), false);
    }
  }

  private void pin(Action action, int key, String device, boolean pin) {
    busy(key, device);
    ask(action);
    counter.pin(device, tokens, possessions.grant(key), pin);
  }

  /** A handle is closed once nothing that was asked with it is under way. */
  private void release(Possession possession) {
    possession.releaseWanted = true;
    Session.Grant grant = possession.grant;
    if (possession.busy > 0 || possession.released || grant == null) {
      return;
    }
    possession.released = true;
    for (String device : possession.devices) {
      counter.forget(device, grant.buffer());
    }
    session.release(grant);
  }

  void onDevice(Device.Reply reply) {
    Asked asked = jobs.remove(reply.token());
    Action action = asked == null ? null : asked.action();
    switch (reply) {
      case Device.JobDone done -> jobDone(asked);
      case Device.JobRefused refused -> {
        score.jobRefused(refused.refusal(), isFrame(action));
        if (action instanceof Action.Submit submit) {
          score.noRoom(refused.refusal().errno(), submit.device(), possessions.pages(submit));
        }
        if (action instanceof Action.Pin pin) {
          possessions.of(pin.buffer()).unpinned.add(pin.device());
        }
      }
      case Device.PinDone pinned -> {}
      case Device.AttachDone attached -> {}
    }
    if (action != null) {
      StepBuffers.keys(action).forEach(key -> settled(possessions.of(key)));
    }
  }

  private void jobDone(@Nullable Asked asked) {
    if (asked != null) {
      score.jobDone(isLate(asked.action()), stage.clock().nowNanos() - asked.atNanos());
    }
  }

  private static boolean isFrame(@Nullable Action action) {
    return action instanceof Action.Submit submit && submit.isFrame();
  }

  private boolean isLate(@Nullable Action action) {
    return action instanceof Action.Submit submit && stage.clock().nowNanos() > submit.dueNanos();
  }

  private void settled(Possession possession) {
    possession.busy--;
    if (possession.releaseWanted) {
      release(possession);
    }
  }

  void onSession(Session.Reply reply) {
    switch (reply) {
      case Session.Exported exported -> onExported(exported.grant());
      case Session.Imported imported -> granted((int) imported.grant().cookie(), imported.grant());
      case Session.CpuDone done -> onCpuDone(done);
      case Session.Refused refused -> onRefused(refused);
      case Session.Shared nothing -> session.answered();
      case Session.Released nothing -> session.answered();
      case Session.Revoked nothing -> session.answered();
      case Session.OfferDone nothing -> session.answered();
      case Session.Reclaimed nothing -> session.answered();
      case Session.Mmapped nothing -> session.answered();
      case Session.Munmapped nothing -> session.answered();
      case Session.Vmapped nothing -> session.answered();
      case Session.Vunmapped nothing -> session.answered();
    }
  }

  private void onCpuDone(Session.CpuDone done) {
    session.answered();
    score.verified(done.pagesVerified());
    Possession possession = possessions.byHandle(done.handle());
    if (possession != null) {
      settled(possession);
    }
  }

  private void onExported(Session.Grant grant) {
    session.answered();
    Possession possession = possessions.of((int) grant.cookie());
    granted(possession.key, grant);
    Action.Export export = possession.export;
    if (export == null) {
      return;
    }
    for (String name : export.sharedWith()) {
      ProgramActor.Client other = stage.clients().get(name);
      if (other != null && !possession.released) {
        session.share(grant, other);
      }
    }
  }

  private void granted(int key, Session.Grant grant) {
    Possession possession = possessions.of(key);
    possession.grant = grant;
    if (dead) {
      closeForIt(possession);
      return;
    }
    possessions.unpark(possession, this::perform);
  }

  private void onRefused(Session.Refused refused) {
    session.answered();
    score.refused(refused.refusal());
    if (refused.cookie() < 0) {
      return;
    }
    Possession possession = possessions.of((int) refused.cookie());
    if (refused.kind() == RequestKind.EXPORT) {
      possession.refused = true;
      possessions.unpark(possession, this::perform);
    } else if (refused.kind() == RequestKind.CPU_ACCESS) {
      settled(possession);
    }
  }

  /** What waits for a buffer that is not coming is skipped. */
  void dropParked() {
    possessions.dropParked(this::skip);
  }

  /**
   * Verifies and releases what is left, a bounded number at a time; returns whether nothing is left
   * and nothing is unanswered.
   */
  boolean wrapUp() {
    if (!jobs.isEmpty()) {
      return false;
    }
    score.scriptDone(stage.clock().nowNanos());
    for (Possession possession : possessions.all()) {
      if (outstanding() >= ProgramActor.OUTSTANDING_MAX) {
        return false;
      }
      if (possession.held() && !possession.releaseWanted) {
        verifyThenRelease(possession);
      }
    }
    return outstanding() == 0;
  }

  private void verifyThenRelease(Possession possession) {
    Session.Grant grant = possession.grant;
    if (possession.exporter && possession.wasUsed() && grant != null) {
      cpu(possession.key, DmaDirection.FROM_DEVICE, 0, grant.sizePages());
      possession.releaseWanted = true;
    } else {
      release(possession);
    }
  }
}
