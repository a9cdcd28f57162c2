package org.bufferyard.simulator.run;

import akka.actor.ActorPath;
import org.bufferyard.testkit.Observer;
import org.bufferyard.testkit.Task;
import org.jspecify.annotations.Nullable;

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
