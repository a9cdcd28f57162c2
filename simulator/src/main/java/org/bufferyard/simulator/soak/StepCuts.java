package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.bufferyard.testkit.NamedRandom;

/** Leaves steps out of a tape, and uses and pages out of steps, and does what is left sooner. */
final class StepCuts {
  private static final String FIRST_DEVICE = "importer-0";

  /** With more steps than these, two at once are too many to try. */
  private static final int PAIRED_MAX = 48;

  private static final List<Integer> HANDFULS = List.of(8, 6, 4, 3);
  private static final int HANDFULS_EACH = 60;

  private final Search search;
  private final RandomGenerator random;

  /**
   * Cuts in the search's best tape.
   *
   * @param way seeds which steps are tried together
   */
  StepCuts(Search search, int way) {
    this.search = search;
    this.random = NamedRandom.stream(way, "handfuls");
  }

  void cut() {
    clients().forEach(this::drop);
    clients().forEach(this::dropUses);
    onOneDevice();
    smaller();
    sooner();
  }

  /** What one device does another does as well, or not. */
  private void onOneDevice() {
    TreeSet<String> devices = new TreeSet<>();
    search.best().steps().values().stream()
        .flatMap(List::stream)
        .map(step -> device(step.action()))
        .filter(device -> !device.isEmpty())
        .forEach(devices::add);
    devices.remove(FIRST_DEVICE);
    for (String device : devices) {
      search.keepInSomeOrder(
          changed(step -> new Step(step.atNanos(), moved(step.action(), device))));
    }
  }

  private static String device(Action action) {
    return switch (action) {
      case Action.Submit submit -> submit.device();
      case Action.Attach attach -> attach.device();
      case Action.Unmap unmap -> unmap.device();
      case Action.Pin pin -> pin.device();
      case Action.Unpin unpin -> unpin.device();
      case Action.Export none -> "";
      case Action.CpuAccess none -> "";
      case Action.Release none -> "";
    };
  }

  private static Action moved(Action action, String device) {
    if (!device(action).equals(device)) {
      return action;
    }
    return switch (action) {
      case Action.Submit submit ->
          new Action.Submit(FIRST_DEVICE, submit.uses(), submit.busyNanos());
      case Action.Attach attach -> new Action.Attach(attach.buffer(), FIRST_DEVICE);
      case Action.Unmap unmap -> new Action.Unmap(unmap.buffer(), FIRST_DEVICE);
      case Action.Pin pin -> new Action.Pin(pin.buffer(), FIRST_DEVICE);
      case Action.Unpin unpin -> new Action.Unpin(unpin.buffer(), FIRST_DEVICE);
      default -> action;
    };
  }

  private List<String> clients() {
    return List.copyOf(search.best().steps().keySet());
  }

  private List<Step> steps(String client) {
    return search.best().steps().getOrDefault(client, List.of());
  }

  private Tape withSteps(String client, List<Step> steps) {
    Map<String, List<Step>> changed = new LinkedHashMap<>(search.best().steps());
    changed.put(client, steps);
    return search.best().withSteps(changed);
  }

  private void drop(String client) {
    for (int block = Math.max(1, steps(client).size() / 2); block > 0; block /= 2) {
      for (int from = 0; from < steps(client).size(); ) {
        List<Step> fewer = new ArrayList<>(steps(client));
        int to = Math.min(from + block, fewer.size());
        fewer.subList(from, to).clear();
        if (!search.keepIfFails(withSteps(client, fewer), to - from)) {
          from = to;
        }
      }
    }
  }

  /** Two steps of which neither can go alone, as one that undoes the other. */
  void cutPairs() {
    for (String client : clients()) {
      for (String other : clients()) {
        if (search.best().stepCount() <= PAIRED_MAX) {
          dropPairs(client, other);
        }
      }
    }
  }

  private void dropPairs(String client, String other) {
    for (int one = 0; one < steps(client).size(); one++) {
      for (int two = client.equals(other) ? one + 1 : 0; two < steps(other).size(); two++) {
        Map<String, List<Step>> fewer = new LinkedHashMap<>(search.best().steps());
        fewer.replaceAll((name, steps) -> new ArrayList<>(steps));
        without(fewer, other, two);
        without(fewer, client, one);
        if (search.keepIfFails(search.best().withSteps(fewer))) {
          two--;
        }
      }
    }
  }

  /** Some steps at once, where one alone shifts what comes after it. */
  void cutHandfuls() {
    for (int size : HANDFULS) {
      for (int attempt = 0; attempt < HANDFULS_EACH; attempt++) {
        if (search.best().stepCount() > size) {
          Map<String, List<Step>> fewer = new LinkedHashMap<>(search.best().steps());
          fewer.replaceAll((name, steps) -> new ArrayList<>(steps));
          List<String> clients = clients();
          for (int dropped = 0; dropped < size; dropped++) {
            String client = clients.get(random.nextInt(clients.size()));
            without(fewer, client, random.nextInt(1 + steps(client).size()));
          }
          search.keepIfFails(search.best().withSteps(fewer));
        }
      }
    }
  }

  private static void without(Map<String, List<Step>> steps, String client, int at) {
    List<Step> mine = steps.get(client);
    if (mine != null && at < mine.size()) {
      mine.remove(at);
    }
  }

  private void dropUses(String client) {
    for (int at = 0; at < steps(client).size(); at++) {
      if (steps(client).get(at).action() instanceof Action.Submit submit) {
        dropUses(client, at, submit);
      }
    }
  }

  private void dropUses(String client, int at, Action.Submit submit) {
    List<Use> uses = new ArrayList<>(submit.uses());
    for (int use = uses.size() - 1; use >= 0 && uses.size() > 1; use--) {
      List<Use> fewer = new ArrayList<>(uses);
      fewer.remove(use);
      List<Step> changed = new ArrayList<>(steps(client));
      changed.set(
          at, new Step(changed.get(at).atNanos(), new Action.Submit(submit.device(), fewer, 0)));
      if (search.keepInSomeOrder(withSteps(client, changed))) {
        uses = fewer;
      }
    }
  }

  /** Buffers of fewer pages. */
  private void smaller() {
    long pages = 0;
    for (String client : clients()) {
      for (Step step : steps(client)) {
        if (step.action() instanceof Action.Export export) {
          pages = Math.max(pages, Pages.ofBytes(export.sizeBytes()));
        }
      }
    }
    for (long fewer = 1; fewer < pages; fewer++) {
      long most = fewer;
      if (search.keepIfFails(changed(step -> new Step(step.atNanos(), cut(step.action(), most))))) {
        return;
      }
    }
  }

  private static Action cut(Action action, long pages) {
    return switch (action) {
      case Action.Export export ->
          new Action.Export(
              export.buffer(),
              Math.min(export.sizeBytes(), Pages.toBytes(pages)),
              export.name(),
              export.preference(),
              export.sharedWith());
      case Action.Submit submit ->
          new Action.Submit(
              submit.device(),
              submit.uses().stream().map(use -> cut(use, pages)).toList(),
              submit.busyNanos());
      case Action.CpuAccess cpu ->
          new Action.CpuAccess(cpu.buffer(), cpu.direction(), 0, Math.min(cpu.pages(), pages));
      default -> action;
    };
  }

  private static Use cut(Use use, long pages) {
    return new Use(use.buffer(), use.direction(), 0, Math.min(use.pages(), pages));
  }

  /** All at once, or in half the time, where that will do. */
  private void sooner() {
    if (!search.keepIfFails(changed(step -> new Step(0, step.action())))) {
      search.keepIfFails(changed(step -> new Step(step.atNanos() / 2, step.action())));
    }
  }

  private Tape changed(UnaryOperator<Step> change) {
    Map<String, List<Step>> all = new LinkedHashMap<>(search.best().steps());
    all.replaceAll((client, steps) -> steps.stream().map(change).toList());
    return search.best().withSteps(all);
  }
}
