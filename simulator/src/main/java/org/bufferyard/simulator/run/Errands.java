package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;
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
  /** What the program may do with a buffer it was given: everything but hand it on. */
  private static final int IMPORT_RIGHTS = Rights.MAP | Rights.PIN | Rights.CPU;

  private static final double CPU_BYTES_PER_NANO = 8;

  private final ProgramActor.Stage stage;
  private final ProgramActor.Client me;
  private final ActorRef<Session.Reply> sessionReplies;
  private final DeviceCounter counter;
  private final LinkedHashMap<Integer, Possession> possessions = new LinkedHashMap<>();

  /** What was asked of a device, and when. */
  private record Asked(Action action, long atNanos) {}

  private final LinkedHashMap<Long, Asked> jobs = new LinkedHashMap<>();
  private final Score score = new Score();
  private int sessionRequests;
  private int parked;
  private long tokens;
  private boolean dead;

  Errands(
      ProgramActor.Stage stage,
      ProgramActor.Client me,
      ActorRef<Session.Reply> sessionReplies,
      ActorRef<Device.Reply> deviceReplies) {
    this.stage = stage;
    this.me = me;
    this.sessionReplies = sessionReplies;
    this.counter = new DeviceCounter(stage.devices(), me.id(), deviceReplies);
  }

  int outstanding() {
    return jobs.size() + sessionRequests;
  }

  boolean anyParked() {
    return parked > 0;
  }

  Program.Done report(List<String> failure) {
    return score.report(me.id(), failure);
  }

  void perform(Step step) {
    Possession missing = missing(step.action());
    if (missing != null && missing.refused) {
      skip(step);
    } else if (missing != null) {
      parked++;
      missing.parked.addLast(step);
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
      possessions.values().forEach(this::closeForIt);
    }
  }

  private void closeForIt(Possession possession) {
    Session.Grant grant = possession.grant;
    possession.releaseWanted = true;
    if (grant != null && !possession.released) {
      possession.released = true;
      possession.devices.forEach(device -> counter.forget(device, grant.buffer()));
      sessionRequests++;
      me.session().tell(new Session.Release(grant.handle(), sessionReplies));
    }
  }

  /** Does wrong what it has just done right: a handle that is closed is closed again. */
  void mischief(Step step, boolean closesTwice) {
    if (closesTwice && step.action() instanceof Action.Release release) {
      Session.Grant grant = possession(release.buffer()).grant;
      if (grant != null && possession(release.buffer()).released) {
        sessionRequests++;
        me.session().tell(new Session.Release(grant.handle(), sessionReplies));
      }
    }
  }

  /** The first buffer of the step that there is no handle for. */
  private @Nullable Possession missing(Action action) {
    for (int key : StepBuffers.keys(action)) {
      Possession possession = possession(key);
      if (!possession.held()) {
        possession.refused |= possession.released;
        return possession;
      }
    }
    return null;
  }

  private Possession possession(int key) {
    return possessions.computeIfAbsent(key, Possession::new);
  }

  private Session.Grant grant(int key) {
    Session.Grant grant = possession(key).grant;
    if (grant == null) {
      throw new IllegalStateException("no handle yet, buffer=" + key);
    }
    return grant;
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
      case Action.Release release -> release(possession(release.buffer()));
    }
  }

  private void export(Action.Export export) {
    Possession possession = possession(export.buffer());
    possession.export = export;
    possession.exporter = true;
    sessionRequests++;
    List<Integer> preferred =
        export.preference().regions().stream()
            .map(name -> stage.topology().named(name))
            .filter(region -> region >= 0)
            .toList();
    me.session()
        .tell(
            new Session.Export(
                new Session.ExportSpec(
                    export.buffer(),
                    export.name(),
                    export.sizeBytes(),
                    preferred,
                    export.preference().priority(),
                    export.preference().contiguous()),
                sessionReplies));
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
      uses.add(DeviceCounter.use(grant(use.buffer()), use));
    }
    ask(submit);
    counter.submit(submit.device(), tokens, uses, submit.busyNanos());
  }

  private void attach(Action.Attach attach) {
    busy(attach.buffer(), attach.device());
    ask(attach);
    counter.attach(attach.device(), tokens, grant(attach.buffer()));
  }

  private void ask(Action action) {
    jobs.put(++tokens, new Asked(action, stage.clock().nowNanos()));
  }

  /** The device may be working for this client on the buffer from here on. */
  private Possession busy(int key, String device) {
    Possession possession = possession(key);
    possession.busy++;
    possession.devices.add(device);
    return possession;
  }

  private void forget(int key, String device) {
    counter.forget(device, grant(key).buffer());
  }

  private void cpu(int key, DmaDirection direction, long firstPage, long pages) {
    Possession possession = possession(key);
    possession.busy++;
    possession.everUsed = true;
    sessionRequests++;
    long holdNanos = (long) (Pages.toBytes(pages) / CPU_BYTES_PER_NANO);
    me.session()
        .tell(
            new Session.CpuAccess(
                grant(key).handle(), direction, firstPage, pages, holdNanos, sessionReplies));
  }

  /** There is nothing to undo where the pin was refused. */
  private void unpin(Action.Unpin unpin) {
    if (!possession(unpin.buffer()).unpinned.remove(unpin.device())) {
      pin(unpin, unpin.buffer(), unpin.device(), false);
    }
  }

  private void pin(Action action, int key, String device, boolean pin) {
    busy(key, device);
    ask(action);
    counter.pin(device, tokens, grant(key), pin);
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
    sessionRequests++;
    me.session().tell(new Session.Release(grant.handle(), sessionReplies));
  }

  void onDevice(Device.Reply reply) {
    Asked asked = jobs.remove(reply.token());
    Action action = asked == null ? null : asked.action();
    switch (reply) {
      case Device.JobDone done -> jobDone(asked);
      case Device.JobRefused refused -> {
        score.jobRefused(refused.refusal(), isFrame(action));
        if (action instanceof Action.Submit submit) {
          score.noRoom(refused.refusal().errno(), submit.device(), pages(submit));
        }
        if (action instanceof Action.Pin pin) {
          possession(pin.buffer()).unpinned.add(pin.device());
        }
      }
      case Device.PinDone pinned -> {}
      case Device.AttachDone attached -> {}
    }
    if (action != null) {
      StepBuffers.keys(action).forEach(key -> settled(possession(key)));
    }
  }

  /** Of all buffers of the job. */
  private long pages(Action.Submit submit) {
    long pages = 0;
    for (Use use : StepBuffers.merged(submit.uses())) {
      Session.Grant grant = possession(use.buffer()).grant;
      pages += grant == null ? 0 : grant.sizePages();
    }
    return pages;
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
      case Session.Shared shared -> sessionRequests--;
      case Session.Released released -> sessionRequests--;
      case Session.Revoked revoked -> sessionRequests--;
      case Session.OfferDone offered -> sessionRequests--;
      case Session.Reclaimed reclaimed -> sessionRequests--;
      case Session.Mmapped mapped -> sessionRequests--;
      case Session.Munmapped unmapped -> sessionRequests--;
      case Session.Vmapped mapped -> sessionRequests--;
      case Session.Vunmapped unmapped -> sessionRequests--;
      case Session.CpuDone done -> {
        sessionRequests--;
        score.verified(done.pagesVerified());
        possessions.values().stream()
            .filter(each -> each.grant != null && each.grant.handle().equals(done.handle()))
            .findFirst()
            .ifPresent(this::settled);
      }
      case Session.Refused refused -> onRefused(refused);
    }
  }

  private void onExported(Session.Grant grant) {
    sessionRequests--;
    Possession possession = possession((int) grant.cookie());
    granted(possession.key, grant);
    Action.Export export = possession.export;
    if (export == null) {
      return;
    }
    for (String name : export.sharedWith()) {
      ProgramActor.Client other = stage.clients().get(name);
      if (other != null && !possession.released) {
        sessionRequests++;
        me.session()
            .tell(
                new Session.Share(
                    grant.handle(), other.session(), other.id(), IMPORT_RIGHTS, sessionReplies));
      }
    }
  }

  private void granted(int key, Session.Grant grant) {
    Possession possession = possession(key);
    possession.grant = grant;
    if (dead) {
      closeForIt(possession);
      return;
    }
    unpark(possession);
  }

  private void unpark(Possession possession) {
    int due = possession.parked.size();
    for (int i = 0; i < due; i++) {
      parked--;
      perform(possession.parked.removeFirst());
    }
  }

  private void onRefused(Session.Refused refused) {
    sessionRequests--;
    score.refused(refused.refusal());
    if (refused.cookie() < 0) {
      return;
    }
    Possession possession = possession((int) refused.cookie());
    if (refused.kind() == RequestKind.EXPORT) {
      possession.refused = true;
      unpark(possession);
    } else if (refused.kind() == RequestKind.CPU_ACCESS) {
      settled(possession);
    }
  }

  /** What waits for a buffer that is not coming is skipped. */
  void dropParked() {
    for (Possession possession : possessions.values()) {
      possession.parked.forEach(this::skip);
      parked -= possession.parked.size();
      possession.parked.clear();
    }
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
    for (Map.Entry<Integer, Possession> entry : possessions.entrySet()) {
      Possession possession = entry.getValue();
      if (outstanding() >= ProgramActor.OUTSTANDING_MAX) {
        return false;
      }
      if (possession.held() && !possession.releaseWanted) {
        verifyThenRelease(possession);
      }
    }
    return outstanding() == 0;
  }

  /** By this client, or perhaps by those it shares it with. */
  private static boolean wasUsed(Possession possession) {
    Action.Export export = possession.export;
    return possession.everUsed || (export != null && !export.sharedWith().isEmpty());
  }

  private void verifyThenRelease(Possession possession) {
    Session.Grant grant = possession.grant;
    if (possession.exporter && wasUsed(possession) && grant != null) {
      cpu(possession.key, DmaDirection.FROM_DEVICE, 0, grant.sizePages());
      possession.releaseWanted = true;
    } else {
      release(possession);
    }
  }
}
