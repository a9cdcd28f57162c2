package org.bufferyard.simulator.fault;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.jspecify.annotations.Nullable;

/** Reads {@code NAME[:key=value,...]}. A refusal names the fault, the key, the value. */
public final class FaultText {
  private static final int PERCENT_MAX = 100;
  private static final int TEXT_MAX = 200;
  private static final long TIME_NANOS_MAX = 3_600_000_000_000L;
  private static final String SCOPE_FORM = "[A-Za-z0-9_-]{1,64}";

  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    Fault(String text) {
      super(text, null, false, false);
    }
  }

  /** Reads one fault as it is typed. */
  public static Outcome<FaultSpec> parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    try {
      FaultKind kind = kind(name);
      return Outcome.done(
          spec(kind, colon < 0 ? new LinkedHashMap<>() : pairs(kind, text.substring(colon + 1))));
    } catch (Fault fault) {
      return Outcome.refused(Errno.EINVAL, String.valueOf(fault.getMessage()));
    }
  }

  /** Reads one fault of a scenario file: its name, and the texts of its keys. */
  public static Outcome<FaultSpec> of(String name, Map<String, String> pairs) {
    try {
      return Outcome.done(spec(kind(name), pairs));
    } catch (Fault fault) {
      return Outcome.refused(Errno.EINVAL, String.valueOf(fault.getMessage()));
    }
  }

  private static FaultKind kind(String name) throws Fault {
    FaultKind kind = FaultKind.of(name);
    if (kind == null) {
      throw new Fault(
          "fault '"
              + shown(name)
              + "' is unknown; known: "
              + String.join(", ", FaultKind.labels()));
    }
    return kind;
  }

  private static Map<String, String> pairs(FaultKind kind, String text) throws Fault {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new Fault(
            "fault " + kind.label() + ": '" + shown(pair) + "' is not key=value; keys: " + keys());
      }
      if (pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip())
          != null) {
        throw new Fault(
            "fault " + kind.label() + ": " + shown(pair.substring(0, equals)) + " is given twice");
      }
    }
    return pairs;
  }

  private static FaultSpec spec(FaultKind kind, Map<String, String> pairs) throws Fault {
    FaultSpec usual = FaultSpec.usual(kind);
    for (String key : pairs.keySet()) {
      if (!FaultSpec.KEYS.contains(key)) {
        throw new Fault(
            "fault " + kind.label() + ": key '" + shown(key) + "' is unknown; keys: " + keys());
      }
    }
    String scope = pairs.getOrDefault("scope", "");
    if (!scope.isEmpty() && !scope.matches(SCOPE_FORM)) {
      throw illegal(kind, "scope", scope, "a name");
    }
    return new FaultSpec(
        kind,
        permille(kind, pairs.get("probability"), usual.permille()),
        number(kind, "interval", pairs.get("interval"), usual.interval()),
        number(kind, "count", pairs.get("count"), usual.count()),
        scope,
        nanos(kind, pairs.get("time"), usual.timeNanos()));
  }

  private static String keys() {
    return String.join(", ", FaultSpec.KEYS);
  }

  private static int permille(FaultKind kind, @Nullable String text, int missing) throws Fault {
    if (text == null) {
      return missing;
    }
    if (text.matches("[0-9]{1,3}(\\.[0-9])?\\s*%")) {
      double percent = Double.parseDouble(text.replace("%", "").strip());
      if (percent <= PERCENT_MAX) {
        return (int) Math.round(percent * 10);
      }
    }
    throw illegal(kind, "probability", text, "0 % to 100 %, in tenths");
  }

  private static long number(FaultKind kind, String key, @Nullable String text, long missing)
      throws Fault {
    if (text == null) {
      return missing;
    }
    if (text.matches("[1-9][0-9]{0,17}")) {
      return Long.parseLong(text);
    }
    throw illegal(kind, key, text, "a whole number from 1");
  }

  private static long nanos(FaultKind kind, @Nullable String text, long missing) throws Fault {
    if (text == null) {
      return missing;
    }
    if (missing == 0) {
      throw new Fault("fault " + kind.label() + ": takes no time; keys: " + keys());
    }
    String[] parts = text.strip().split("(?<=[0-9])\\s*(?=[a-z])", 2);
    long unit =
        switch (parts.length == 2 ? parts[1] : "") {
          case "ns" -> 1;
          case "us" -> 1_000;
          case "ms" -> 1_000_000;
          case "s" -> 1_000_000_000;
          default -> 0;
        };
    if (unit > 0 && parts[0].matches("[0-9]{1,13}")) {
      long count = Long.parseLong(parts[0]);
      if (count <= TIME_NANOS_MAX / unit) {
        return count * unit;
      }
    }
    throw illegal(kind, "time", text, "a time of at most 3600 s, for example 5ms");
  }

  private static Fault illegal(FaultKind kind, String key, String value, String legal) {
    return new Fault(
        "fault " + kind.label() + ": " + key + " '" + shown(value) + "' is not " + legal);
  }

  private static String shown(String text) {
    return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "..." : text;
  }

  private FaultText() {}
}
