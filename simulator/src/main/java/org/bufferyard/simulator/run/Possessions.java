package org.bufferyard.simulator.run;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Step;
import org.jspecify.annotations.Nullable;

/** A program's buffers by their keys, and the steps that wait for one. Owned by the program. */
final class Possessions {
  private final LinkedHashMap<Integer, Possession> byKey = new LinkedHashMap<>();
  private int parked;

  Possession of(int key) {
    return byKey.computeIfAbsent(key, Possession::new);
  }

  Collection<Possession> all() {
    return Collections.unmodifiableCollection(byKey.values());
  }

  /** The handle of a buffer that a step has not been parked for. */
  Session.Grant grant(int key) {
    Session.Grant grant = of(key).grant;
    if (grant == null) {
      throw new IllegalStateException("no handle yet, buffer=" + key);
    }
    return grant;
  }

  @Nullable Possession byHandle(Handle handle) {
    for (Possession each : byKey.values()) {
      if (each.grant != null && each.grant.handle().equals(handle)) {
        return each;
      }
    }
    return null;
  }

  /** The first buffer of the step that there is no handle for. */
  @Nullable Possession missing(Action action) {
    for (int key : StepBuffers.keys(action)) {
      Possession possession = of(key);
      if (!possession.held()) {
        possession.refused |= possession.released;
        return possession;
      }
    }
    return null;
  }

  /** Of all buffers of the job that there are handles for. */
  long pages(Action.Submit submit) {
    long pages = 0;
    for (int key : StepBuffers.keys(submit)) {
      Session.Grant grant = of(key).grant;
      pages += grant == null ? 0 : grant.sizePages();
    }
    return pages;
  }

  boolean anyParked() {
    return parked > 0;
  }

  /** Until the handle has come, or is known not to come. */
  void park(Step step, Possession missing) {
    parked++;
    missing.parked.addLast(step);
  }

  /** Tries again what waits for it; what waits for something else then is parked anew. */
  void unpark(Possession possession, Consumer<Step> again) {
    int due = possession.parked.size();
    for (int i = 0; i < due; i++) {
      parked--;
      again.accept(possession.parked.removeFirst());
    }
  }

  /** Nothing waits any more. */
  void dropParked(Consumer<Step> dropped) {
    for (Possession possession : byKey.values()) {
      possession.parked.forEach(dropped);
      parked -= possession.parked.size();
      possession.parked.clear();
    }
  }
}
