package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.fault.Firings;

/**
 * Leaves out of a tape what its world need not have: faults, devices, management, time, and room
 * for buffers that are not there any more. The books of each device are asked for at the end, so
 * each costs events even where nothing happens.
 */
final class WorldCuts {
  private static final String DEVICES = "workload.devices=";
  private static final String BUFFERS = "workload.buffers=";
  private static final String DURATION = "duration=";
  private static final String SHORT = DURATION + "1 ms";
  private static final int OCCASIONS_MAX = 40;
  private static final String MANAGEMENT = "manage.";
  private static final String REGION = "regions.";
  private static final String SIZE = ".size=";
  private static final int PAGE_KIB = 4;
  private static final int ROOM_PAGES_MAX = 6;

  /** Devices that the swarm adds, by what their settings begin with. */
  private static final List<String> EXTRA_DEVICES =
      List.of("devices.fixed.", "devices.plain.", "devices.legacy.", "devices.dock.");

  private final Search search;

  WorldCuts(Search search) {
    this.search = search;
  }

  void cutFaults() {
    dropFirings();
    hurryFirings();
    dropFaults();
  }

  private void dropFirings() {
    for (int block = Math.max(1, firings().all().size()); block > 0; block /= 2) {
      for (int from = 0; from < firings().all().size(); ) {
        Firings all = firings();
        int to = Math.min(from + block, all.all().size());
        if (!search.keepInSomeOrder(search.best().withFirings(all.without(from, to)))) {
          from = to;
        }
      }
    }
  }

  private Firings firings() {
    return search.best().firings();
  }

  /** The sooner a fault comes, the less has to come before it. */
  private void hurryFirings() {
    for (int at = 0; at < firings().all().size(); at++) {
      long last = Math.min(firings().all().get(at).occasion() - 1, OCCASIONS_MAX);
      for (long occasion = 1; occasion <= last; occasion++) {
        if (search.keepIfFails(search.best().withFirings(firings().with(at, occasion)))) {
          break;
        }
      }
    }
  }

  /** A fault that never happens need not be named. */
  private void dropFaults() {
    World world = search.best().world();
    List<FaultSpec> needed = new ArrayList<>();
    for (FaultSpec fault : world.faults()) {
      if (firings().all().stream().anyMatch(firing -> firing.kind() == fault.kind())) {
        needed.add(fault);
      }
    }
    if (needed.size() < world.faults().size()) {
      search.keepIfFails(
          search.best().withWorld(new World(world.scenario(), world.settings(), needed)));
    }
  }

  void cut() {
    for (String setting : List.copyOf(settings())) {
      if (setting.startsWith(DEVICES)) {
        lower(setting, DEVICES);
      } else if (setting.startsWith(BUFFERS)) {
        lower(setting, BUFFERS);
      } else if (setting.startsWith(DURATION) && !setting.equals(SHORT)) {
        search.keepIfFails(withSetting(setting, SHORT));
      }
    }
    EXTRA_DEVICES.forEach(this::dropWhatBegins);
    dropWhatBegins(MANAGEMENT);
    for (String setting : List.copyOf(settings())) {
      if (setting.startsWith(MANAGEMENT)) {
        dropWhatBegins(setting);
      }
    }
  }

  private List<String> settings() {
    return search.best().world().settings();
  }

  /** The least number that will do. */
  private void lower(String setting, String key) {
    int number = Integer.parseInt(setting.substring(key.length()));
    for (int fewer = 1; fewer < number; fewer++) {
      if (search.keepInSomeOrder(withSetting(setting, key + fewer))) {
        return;
      }
    }
  }

  /** In less room fewer buffers are in each other's way. */
  void cutRoom(Runnable cuts) {
    for (String setting : List.copyOf(settings())) {
      if (setting.startsWith(REGION) && setting.contains(SIZE)) {
        String key = setting.substring(0, setting.indexOf('=') + 1);
        for (int pages = 1; pages <= ROOM_PAGES_MAX; pages++) {
          String smaller = key + PAGE_KIB * pages + " KiB";
          if (settings().contains(setting)) {
            search.detour(withSetting(setting, smaller), cuts);
          }
        }
      }
    }
  }

  private void dropWhatBegins(String words) {
    List<String> fewer = settings().stream().filter(each -> !each.startsWith(words)).toList();
    if (fewer.size() < settings().size()) {
      search.keepInSomeOrder(search.best().withWorld(search.best().world().saying(fewer)));
    }
  }

  private Tape withSetting(String old, String other) {
    List<String> changed =
        settings().stream().map(each -> each.equals(old) ? other : each).toList();
    return search.best().withWorld(search.best().world().saying(changed));
  }
}
