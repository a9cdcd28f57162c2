package org.bufferyard.testkit;

import akka.actor.ActorPath;
import akka.dispatch.Mailbox;
import java.util.IdentityHashMap;

/**
 * Gives each runnable its task, with a name that no counter of the JVM can change.
 *
 * <p>Akka numbers some of its own actors by JVM-wide counters ({@code StreamSupervisor-3}), so
 * digits are left out of paths outside {@code /user} and of stream supervisors inside it. Lambdas
 * are named by the class that holds them. Path names are hashed once per actor. Not thread-safe;
 * owned by the step loop.
 */
final class Identity {
  private static final String COUNTED = "StreamSupervisor-";
  private static final ClassValue<Long> CLASS_IDENTITY =
      new ClassValue<>() {
        @Override
        protected Long computeValue(Class<?> type) {
          return SplitMix64.hash(className(type));
        }
      };

  /** Looked up by key only; its order is never seen. */
  private final IdentityHashMap<Mailbox, Task> actors = new IdentityHashMap<>();

  Task of(Runnable work) {
    if (!(work instanceof Mailbox mailbox)) {
      return new Task(work, null, CLASS_IDENTITY.get(work.getClass()));
    }
    Task known = actors.get(mailbox);
    return known != null ? known : remember(mailbox);
  }

  /**
   * Drops the name of a stopped actor, so that a long run does not keep every actor it ever had.
   */
  void ran(Task task) {
    if (task.work() instanceof Mailbox mailbox && mailbox.isClosed()) {
      actors.remove(mailbox);
    }
  }

  int actorsKnown() {
    return actors.size();
  }

  private Task remember(Mailbox mailbox) {
    ActorPath path = mailbox.actor().self().path();
    Task task = new Task(mailbox, path, SplitMix64.hash(stableName(path)));
    actors.put(mailbox, task);
    return task;
  }

  /** The path is the guardian's or one below it. */
  static boolean isUsers(ActorPath path) {
    return pathOf(path).startsWith("/user");
  }

  static String pathOf(ActorPath path) {
    return path.toStringWithoutAddress();
  }

  static String className(Class<?> type) {
    String name = type.getName();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : name.substring(0, lambda) + "$$Lambda";
  }

  /** The path, without the numbers that depend on what else this JVM has done. */
  static String stableName(ActorPath path) {
    String name = pathOf(path);
    if (!isUsers(path)) {
      return name.replaceAll("[0-9]+", "#");
    }
    return name.contains(COUNTED) ? name.replaceAll(COUNTED + "[0-9]+", COUNTED + "#") : name;
  }
}
