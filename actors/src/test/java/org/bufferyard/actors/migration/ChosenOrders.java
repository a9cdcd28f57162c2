package org.bufferyard.actors.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bufferyard.testkit.Exhaustive;
import org.bufferyard.testkit.Strategy;
import org.bufferyard.testkit.Task;
import org.jspecify.annotations.Nullable;

/** Every order of what some actors handle, the others at once. */
final class ChosenOrders {
  /** The actors named by the choices of the check, once armed; all others at once. */
  static Strategy of(Set<String> names, Exhaustive.Choices choices, boolean[] armed) {
    return random ->
        new Strategy.Picker() {
          private final List<Task> ready = new ArrayList<>();

          @Override
          public void ready(Task task) {
            ready.add(task);
          }

          @Override
          public @Nullable Task next() {
            for (int i = 0; i < ready.size(); i++) {
              if (!armed[0] || !chosen(names, ready.get(i))) {
                return ready.remove(i);
              }
            }
            return ready.isEmpty()
                ? null
                : ready.remove(ready.size() > 1 ? choices.below(ready.size()) : 0);
          }

          @Override
          public int size() {
            return ready.size();
          }
        };
  }

  private static boolean chosen(Set<String> names, Task task) {
    return task.actor() != null && names.contains(task.actor().name());
  }

  private ChosenOrders() {}
}
