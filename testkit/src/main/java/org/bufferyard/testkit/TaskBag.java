package org.bufferyard.testkit;

import java.util.Arrays;

/** An unordered array of tasks with removal in constant time. Not thread-safe. */
final class TaskBag {
  private static final int CAPACITY_MIN = 64;

  private Task[] tasks = new Task[CAPACITY_MIN];
  private int size;

  void add(Task task) {
    if (size == tasks.length) {
      tasks = Arrays.copyOf(tasks, size * 2);
    }
    tasks[size++] = task;
  }

  Task get(int index) {
    return tasks[index];
  }

  /** Removes the task at the index; the last one takes its place. */
  @SuppressWarnings("NullAway") // slots at or above size are never read
  Task remove(int index) {
    Task removed = tasks[index];
    tasks[index] = tasks[--size];
    tasks[size] = null;
    return removed;
  }

  int size() {
    return size;
  }
}
