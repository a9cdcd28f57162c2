package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Step;

/**
 * Leaves clients out of a tape, gives one's steps to another, and lets none share what nobody
 * needs.
 */
final class ClientCuts {
  private final Search search;

  ClientCuts(Search search) {
    this.search = search;
  }

  void cut() {
    clients().forEach(this::drop);
    for (String client : clients()) {
      for (String other : clients()) {
        if (!client.equals(other) && steps().containsKey(client)) {
          giveTo(client, other);
        }
      }
    }
    clients().forEach(this::shareLess);
  }

  private List<String> clients() {
    return List.copyOf(steps().keySet());
  }

  private Map<String, List<Step>> steps() {
    return search.best().steps();
  }

  private void drop(String client) {
    Map<String, List<Step>> fewer = new LinkedHashMap<>(steps());
    List<Step> dropped = fewer.remove(client);
    if (!fewer.isEmpty() && dropped != null) {
      fewer.replaceAll((name, steps) -> sharing(steps, with -> without(with, client)));
      search.keepIfFails(search.best().withSteps(fewer), dropped.size());
    }
  }

  /** One client does what two did. */
  private void giveTo(String client, String other) {
    Map<String, List<Step>> fewer = new LinkedHashMap<>(steps());
    List<Step> moved = fewer.remove(client);
    List<Step> kept = fewer.get(other);
    if (moved == null || kept == null) {
      return;
    }
    List<Step> both = new ArrayList<>(kept);
    both.addAll(moved);
    both.sort(Comparator.comparingLong(Step::atNanos));
    fewer.put(other, both);
    fewer.replaceAll((name, steps) -> sharing(steps, with -> moved(with, name, client, other)));
    search.keepInSomeOrder(search.best().withSteps(fewer));
  }

  private static List<String> moved(List<String> with, String giver, String client, String other) {
    return with.stream()
        .map(each -> each.equals(client) ? other : each)
        .filter(each -> !each.equals(giver))
        .distinct()
        .toList();
  }

  private void shareLess(String client) {
    Map<String, List<Step>> fewer = new LinkedHashMap<>(steps());
    fewer.replaceAll((name, steps) -> sharing(steps, with -> without(with, client)));
    if (!fewer.equals(steps()) && !search.keepIfFails(search.best().withSteps(fewer))) {
      steps().forEach((name, steps) -> shareLess(name, steps.size(), client));
    }
  }

  private void shareLess(String giver, int size, String client) {
    for (int at = 0; at < size; at++) {
      List<Step> changed = new ArrayList<>(steps().getOrDefault(giver, List.of()));
      List<Step> one = sharing(changed.subList(at, at + 1), with -> without(with, client));
      if (!changed.get(at).equals(one.getFirst())) {
        changed.set(at, one.getFirst());
        Map<String, List<Step>> fewer = new LinkedHashMap<>(steps());
        fewer.put(giver, changed);
        search.keepInSomeOrder(search.best().withSteps(fewer));
      }
    }
  }

  private static List<String> without(List<String> with, String client) {
    return with.stream().filter(each -> !each.equals(client)).toList();
  }

  private static List<Step> sharing(List<Step> steps, UnaryOperator<List<String>> change) {
    return steps.stream().map(step -> new Step(step.atNanos(), sharing(step, change))).toList();
  }

  private static Action sharing(Step step, UnaryOperator<List<String>> change) {
    return step.action() instanceof Action.Export export
        ? new Action.Export(
            export.buffer(),
            export.sizeBytes(),
            export.name(),
            export.preference(),
            change.apply(export.sharedWith()))
        : step.action();
  }
}
