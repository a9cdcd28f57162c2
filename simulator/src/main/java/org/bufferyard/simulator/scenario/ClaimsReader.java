package org.bufferyard.simulator.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.actors.environment.Claims;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.scenario.ClaimsSpec.Bounds;
import org.bufferyard.simulator.workload.WorkloadSpec;

/** Reads what {@code manage} says of clients: shares, the foreground, budgets. */
final class ClaimsReader {
  private static final int SHARES_MAX = 64;
  private static final int NAMES_SHOWN = 16;
  private static final String FOREGROUND = "foreground";
  private static final String BACKGROUND = "background";
  private static final String BUDGET = "wddm-budget";

  private final Fields manage;
  private final List<String> clients;
  private final RegionSpec nearest;
  private final Map<String, Bounds> own = new LinkedHashMap<>();
  private final Map<String, Fields> ownFields = new LinkedHashMap<>();

  private ClaimsReader(Fields manage, List<String> clients, RegionSpec nearest) {
    this.manage = manage;
    this.clients = clients;
    this.nearest = nearest;
  }

  /**
   * The claims in the section.
   *
   * @param nearest the region that they are of
   */
  static ClaimsSpec read(Fields manage, WorkloadSpec workload, RegionSpec nearest) {
    return new ClaimsReader(manage, workload.clientNames(), nearest).read(workload.phaseNames());
  }

  private ClaimsSpec read(List<String> phases) {
    readShares();
    Fields inFront = part(FOREGROUND);
    Fields behind = part(BACKGROUND);
    Bounds foreground = bounds(inFront);
    Bounds background = bounds(behind);
    TurnsReader turns = new TurnsReader(inFront, clients, phases);
    List<ClaimsSpec.Turn> read = turns.turns();
    long every = turns.every(read);
    inFront.close();
    behind.close();
    checkParts(inFront, foreground, behind, background, read);
    Claims.Rule budget = manage.word(BUDGET, Claims.Rule.NONE, Claims.Rule.values());
    int percent = manage.integer("wddm-foreground-percent", 75, 1, 99);
    boolean needed = !foreground.equals(Bounds.NONE) || budget == Claims.Rule.FOREGROUND;
    if (needed && read.isEmpty()) {
      inFront.require(TurnsReader.TURNS);
    }
    List<ClaimsSpec.Share> shares = new ArrayList<>();
    own.forEach((client, bounds) -> shares.add(new ClaimsSpec.Share(client, bounds)));
    long trim =
        manage.has("trim")
            ? manage.nanos("trim", 0, 100_000, ScenarioReader.DURATION_NANOS_MAX)
            : 0;
    return new ClaimsSpec(shares, foreground, background, read, every, budget, percent, trim);
  }

  /** Clients can be told apart only where they have names. */
  private Fields part(String key) {
    if (manage.has(key) && clients.isEmpty()) {
      throw manage.fault(key, "", "absent for this workload");
    }
    return manage.section(key);
  }

  private void readShares() {
    long minSum = 0;
    long lowSum = 0;
    for (var entry : manage.sections("shares", SHARES_MAX).entrySet()) {
      Fields fields = entry.getValue();
      if (!clients.contains(entry.getKey())) {
        throw manage.fault("shares", entry.getKey(), known(clients));
      }
      Bounds bounds = bounds(fields);
      minSum += bounds.minBytes();
      lowSum += bounds.lowBytes();
      checkSum(fields, "min", minSum);
      checkSum(fields, "low", lowSum);
      own.put(entry.getKey(), bounds);
      ownFields.put(entry.getKey(), fields);
      fields.close();
    }
  }

  static String known(List<String> clients) {
    List<String> shown = clients.subList(0, Math.min(NAMES_SHOWN, clients.size()));
    return clients.isEmpty()
        ? "absent for this workload"
        : "of " + String.join(", ", shown) + (shown.size() < clients.size() ? ", ..." : "");
  }

  private static Bounds bounds(Fields fields) {
    long low = fields.sizeBytes("low", 0, 0, ScenarioReader.REGION_BYTES_MAX);
    long min = fields.sizeBytes("min", 0, 0, ScenarioReader.REGION_BYTES_MAX);
    long max =
        fields.sizeBytes("max", Long.MAX_VALUE, Pages.SIZE_BYTES, ScenarioReader.REGION_BYTES_MAX);
    if (fields.has("low") && min > low) {
      throw fields.fault("min", min + " B", "at most low, which is " + low + " B");
    }
    String promise = fields.has("low") ? "low" : "min";
    if (Math.max(min, low) > max) {
      throw fields.fault(
          "max", max + " B", "at least " + promise + ", which is " + Math.max(min, low) + " B");
    }
    return new Bounds(min, Math.max(low, min), max);
  }

  private void checkSum(Fields fields, String key, long sum) {
    if (sum > nearest.sizeBytes()) {
      throw fields.fault(
          key,
          "a sum of " + sum + " B",
          "together at most " + nearest.name() + ", which has " + nearest.sizeBytes() + " B");
    }
  }

  /** Whoever is in front, what all may count on is there, and nobody is promised above its max. */
  private void checkParts(
      Fields inFront,
      Bounds foreground,
      Fields behind,
      Bounds background,
      List<ClaimsSpec.Turn> turns) {
    own.forEach((client, bounds) -> checkMax(client, bounds, BACKGROUND, background));
    long lowBehind = 0;
    for (String client : clients) {
      lowBehind += Math.max(lowOf(client), background.lowBytes());
    }
    if (background.lowBytes() > 0) {
      checkSum(behind, behind.has("low") ? "low" : "min", lowBehind);
    }
    for (ClaimsSpec.Turn turn : turns) {
      String client = turn.client();
      checkMax(client, own.getOrDefault(client, Bounds.NONE), FOREGROUND, foreground);
      long others = lowBehind - Math.max(lowOf(client), background.lowBytes());
      if (foreground.lowBytes() > 0) {
        String key = inFront.has("low") ? "low" : "min";
        checkSum(inFront, key, others + Math.max(lowOf(client), foreground.lowBytes()));
      }
    }
  }

  private long lowOf(String client) {
    return own.getOrDefault(client, Bounds.NONE).lowBytes();
  }

  private void checkMax(String client, Bounds bounds, String part, Bounds ofPart) {
    Fields fields = ownFields.get(client);
    if (fields != null && ofPart.lowBytes() > bounds.maxBytes()) {
      throw fields.fault(
          "max",
          bounds.maxBytes() + " B",
          "at least manage." + part + "'s low, which is " + ofPart.lowBytes() + " B");
    }
    if (fields != null && bounds.lowBytes() > ofPart.maxBytes()) {
      throw fields.fault(
          fields.has("low") ? "low" : "min",
          bounds.lowBytes() + " B",
          "at most manage." + part + ".max, which is " + ofPart.maxBytes() + " B");
    }
  }
}
