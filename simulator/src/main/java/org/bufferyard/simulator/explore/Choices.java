package org.bufferyard.simulator.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.bufferyard.testkit.Strategy;
import org.bufferyard.testkit.Task;
import org.jspecify.annotations.Nullable;

/**
 * Follows given choices, then takes the first of what is ready, and writes down at each choice what
 * else there was. Only the yard's actors, its devices and its clients are chosen among; whatever
 * else is ready runs first. For one run.
 */
final class Choices {
  /**
   * A point where the run could have gone otherwise.
   *
   * @param state its name before the choice
   * @param options tasks that were ready
   * @param picked which of them ran
   */
  record Point(long state, int options, int picked) {}

  private final int[] given;
  private final LongSupplier state;
  final List<Point> points = new ArrayList<>();

  Choices(int[] given, LongSupplier state) {
    this.given = given.clone();
    this.state = state;
  }

  Strategy strategy() {
    return random -> new Picker();
  }

  private static boolean ofTheYard(Task task) {
    if (task.actor() == null) {
      return false;
    }
    String name = task.toString();
    return name.startsWith("/user/") && !name.contains("StreamSupervisor");
  }

  private final class Picker implements Strategy.Picker {
    private final List<Task> yard = new ArrayList<>();
    private final List<Task> others = new ArrayList<>();

    @Override
    public void ready(Task task) {
      (ofTheYard(task) ? yard : others).add(task);
    }

    @Override
    public @Nullable Task next() {
      if (!others.isEmpty()) {
        return others.removeFirst();
      }
      return switch (yard.size()) {
        case 0 -> null;
        case 1 -> yard.removeFirst();
        default -> choose();
      };
    }

    private Task choose() {
      int at = points.size();
      int pick = at < given.length ? Math.min(given[at], yard.size() - 1) : 0;
      points.add(new Point(state.getAsLong(), yard.size(), pick));
      return yard.remove(pick);
    }

    @Override
    public int size() {
      return yard.size() + others.size();
    }
  }
}
