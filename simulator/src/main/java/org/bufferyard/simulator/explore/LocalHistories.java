package org.bufferyard.simulator.explore;

import akka.actor.ActorPath;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bufferyard.testkit.Observer;
import org.bufferyard.testkit.Task;
import org.jspecify.annotations.Nullable;

/**
 * Names the global state of a run by what each actor has handled so far, in its own order. An actor
 * is a function of that, so two orders of independent steps lead to one name. A message is named by
 * its class and by what its sender had handled when it sent it.
 */
final class LocalHistories implements Observer {
  private static final class Local {
    final long identity;
    long hash;
    final ArrayDeque<Long> mailbox = new ArrayDeque<>();

    Local(String path) {
      identity = mix(path.hashCode());
    }

    long share() {
      return mix(identity ^ hash);
    }
  }

  private final Map<String, Local> actors = new LinkedHashMap<>();
  private long sum;
  private long nowNanos;
  private long sent;

  private Local local(ActorPath path) {
    return actors.computeIfAbsent(path.toStringWithoutAddress(), Local::new);
  }

  @Override
  public void onStep(long step, long now, Task task) {
    nowNanos = now;
    sent = 0;
    if (task.actor() != null) {
      extend(local(task.actor()), 1); // also where it only starts, stops, or hears of a death
    }
  }

  private void extend(Local local, long word) {
    sum -= local.share();
    local.hash = mix(local.hash * 31 + word);
    sum += local.share();
  }

  @Override
  public void onSend(@Nullable ActorPath from, ActorPath to, Object message) {
    long kind = message.getClass().getName().hashCode();
    long sender = from == null ? mix(nowNanos) : local(from).hash + local(from).identity;
    local(to).mailbox.addLast(mix(mix(sender + ++sent) ^ kind));
  }

  @Override
  public void onHandle(ActorPath actor, Object message) {
    Local local = local(actor);
    Long name = local.mailbox.pollFirst();
    extend(local, name == null ? 0 : name);
  }

  /** The state's name. */
  long state() {
    return mix(sum ^ mix(nowNanos));
  }

  /** The finaliser of SplitMix64. */
  private static long mix(long word) {
    long mixed = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
