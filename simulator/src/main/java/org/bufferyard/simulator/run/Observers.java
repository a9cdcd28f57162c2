package org.bufferyard.simulator.run;

import akka.actor.ActorPath;
import org.bufferyard.actors.sanitizer.Sanitizer;
import org.bufferyard.testkit.Observer;
import org.bufferyard.testkit.Task;
import org.jspecify.annotations.Nullable;

/** Who is shown what a run does. */
final class Observers {
  /** Shows everything to the sanitizer. */
  record Shown(Sanitizer sanitizer) implements Observer {
    @Override
    public void onStep(long step, long nowNanos, Task task) {
      sanitizer.onStep(step);
    }

    @Override
    public void onSend(@Nullable ActorPath from, ActorPath to, Object message) {
      sanitizer.onSend(from, to, message);
    }

    @Override
    public void onHandle(ActorPath actor, Object message) {
      sanitizer.onHandle(actor, message);
    }
  }

  /** Shows everything to two observers. */
  record Both(Observer first, Observer second) implements Observer {
    @Override
    public void onStep(long step, long nowNanos, Task task) {
      first.onStep(step, nowNanos, task);
      second.onStep(step, nowNanos, task);
    }

    @Override
    public void onSend(@Nullable ActorPath from, ActorPath to, Object message) {
      first.onSend(from, to, message);
      second.onSend(from, to, message);
    }

    @Override
    public void onHandle(ActorPath actor, Object message) {
      first.onHandle(actor, message);
      second.onHandle(actor, message);
    }
  }

  private Observers() {}
}
