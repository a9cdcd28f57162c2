package org.bufferyard.simulator.scenario;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.fault.FaultText;

/**
 * One object of a scenario file, read key by key. Every key read is noted; {@link #close} refuses
 * the others, so that a key is legal exactly where the reader asks for it.
 */
final class Fields {
  /** Names in a scenario: they appear in reports, so they are short and plain. */
  static final String NAME_FORM = "[A-Za-z][A-Za-z0-9_-]{0,31}";

  private final String file;
  private final String path;
  private final ConfigObject object;
  private final TreeSet<String> asked = new TreeSet<>();

  Fields(String file, String path, ConfigObject object) {
    this.file = file;
    this.path = path;
    this.object = object;
  }

  boolean has(String key) {
    asked.add(key);
    ConfigValue value = object.get(key);
    return value != null && value.valueType() != ConfigValueType.NULL;
  }

  Fields section(String key) {
    if (has(key)) {
      return fields(key);
    }
    return new Fields(file, join(key), ConfigFactory.empty().root());
  }

  /** The named sections below {@code key}, in order of name. */
  Map<String, Fields> sections(String key, int countMax) {
    Fields parent = section(key);
    TreeMap<String, Fields> sections = new TreeMap<>();
    for (String name : new TreeSet<>(parent.object.keySet())) {
      if (!name.matches(NAME_FORM)) {
        throw parent.fault(name, name, "a name of 1 to 32 letters, digits, _ and -");
      }
      sections.put(name, parent.fields(name));
    }
    if (sections.size() > countMax) {
      throw fault(key, sections.size(), "at most " + countMax + " entries");
    }
    return sections;
  }

  private Fields fields(String key) {
    has(key);
    if (object.get(key) instanceof ConfigObject section) {
      return new Fields(file, join(key), section);
    }
    throw fault(key, shown(key), "a section { ... }");
  }

  String text(String key, String missing) {
    return has(key) ? scalar(key) : missing;
  }

  int integer(String key, int missing, int min, int max) {
    if (!has(key)) {
      return missing;
    }
    String text = scalar(key);
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max && !text.startsWith("+")) {
        return value;
      }
    } catch (NumberFormatException notWhole) {
      // Told below, with the range.
    }
    throw fault(key, text, "a whole number, " + min + " to " + max);
  }

  boolean flag(String key, boolean missing) {
    if (!has(key)) {
      return missing;
    }
    return switch (scalar(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw fault(key, shown(key), "true or false");
    };
  }

  <E extends Enum<E>> E word(String key, E missing, E[] legal) {
    if (!has(key)) {
      return missing;
    }
    String text = scalar(key);
    List<String> names = new ArrayList<>();
    for (E constant : legal) {
      String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(text)) {
        return constant;
      }
      names.add(name);
    }
    throw fault(key, text, "one of " + String.join(", ", names));
  }

  /** One of {@code legal}, or {@code missing} where the key is absent. */
  String name(String key, String missing, List<String> legal) {
    String text = text(key, missing);
    if (has(key) && !legal.contains(text)) {
      throw fault(key, text, legal.isEmpty() ? "absent" : "one of " + String.join(", ", legal));
    }
    return text;
  }

  /** A list of distinct names out of {@code legal}; {@code --set} writes it with commas. */
  List<String> names(String key, List<String> legal) {
    List<String> names = has(key) ? strings(key) : List.of();
    for (int i = 0; i < names.size(); i++) {
      if (!legal.contains(names.get(i)) || names.indexOf(names.get(i)) != i) {
        throw fault(key, names.get(i), "distinct names out of " + String.join(", ", legal));
      }
    }
    return names;
  }

  /** A list of texts; {@code --set} writes it with commas. */
  List<String> words(String key) {
    return has(key) ? strings(key) : List.of();
  }

  private List<String> strings(String key) {
    if (object.get(key) instanceof ConfigList list) {
      return list.stream().map(item -> String.valueOf(item.unwrapped())).toList();
    }
    String text = scalar(key).strip();
    return text.isEmpty() ? List.of() : Arrays.asList(text.split("\\s*,\\s*", -1));
  }

  long sizeBytes(String key, long missing, long min, long max) {
    return quantity(key, missing, text -> Quantity.sizeBytes(text, min, max));
  }

  long nanos(String key, long missing, long min, long max) {
    return quantity(key, missing, text -> Quantity.timeNanos(text, min, max));
  }

  long bytesPerSecond(String key, long missing, long min, long max) {
    return quantity(
        key,
        missing,
        text -> {
          String perSecond = text.strip();
          if (!perSecond.endsWith("/s")) {
            throw fault(key, text, "a rate, for example 12 GiB/s");
          }
          return Quantity.sizeBytes(perSecond.substring(0, perSecond.length() - 2), min, max);
        });
  }

  private long quantity(String key, long missing, Function<String, Outcome<Long>> parse) {
    if (!has(key)) {
      return missing;
    }
    return switch (parse.apply(scalar(key))) {
      case Outcome.Done<Long>(Long value) -> value;
      case Outcome.Refused<Long>(var refusal) ->
          throw new ScenarioFault(where(key) + ": " + refusal.reason());
    };
  }

  /** A size in whole pages, or a percentage of {@code footprintBytes}, rounded up to pages. */
  long regionBytes(String key, long footprintBytes, long maxBytes) {
    require(key);
    return quantity(key, 0, text -> Quantity.regionBytes(text, footprintBytes, maxBytes));
  }

  /** This section as a fault of the catalogue, by its name. */
  FaultSpec fault(String name, List<String> keys) {
    Map<String, String> pairs = new TreeMap<>();
    for (String key : keys) {
      if (has(key)) {
        pairs.put(key, scalar(key));
      }
    }
    close();
    return switch (FaultText.of(name, pairs)) {
      case Outcome.Done<FaultSpec>(FaultSpec spec) -> spec;
      case Outcome.Refused<FaultSpec>(var refusal) ->
          throw new ScenarioFault(file + ": " + path + ": " + refusal.reason());
    };
  }

  /** Refuses an absent key. */
  void require(String key) {
    if (!has(key)) {
      throw new ScenarioFault(where(key) + ": is missing");
    }
  }

  /** Refuses every key that nothing asked for. */
  void close() {
    for (String key : new TreeSet<>(object.keySet())) {
      if (!asked.contains(key)) {
        throw new ScenarioFault(
            where(key) + ": unknown key; legal here: " + String.join(", ", asked));
      }
    }
  }

  ScenarioFault fault(String key, Object value, String legal) {
    return new ScenarioFault(
        where(key) + ": " + ScenarioFault.echo(value) + " is not legal; legal: " + legal);
  }

  private String scalar(String key) {
    ConfigValue value = object.get(key);
    if (value == null
        || value.valueType() == ConfigValueType.OBJECT
        || value.valueType() == ConfigValueType.LIST) {
      throw fault(key, shown(key), "a single value");
    }
    return String.valueOf(value.unwrapped());
  }

  private String shown(String key) {
    ConfigValue value = object.get(key);
    return value == null ? "" : String.valueOf(value.unwrapped());
  }

  /** The key from the root, fit to be shown. */
  private String join(String key) {
    String shown = ScenarioFault.plain(key);
    return path.isEmpty() ? shown : path + "." + shown;
  }

  /** File, line where known, and full key. */
  private String where(String key) {
    ConfigValue value = object.get(key);
    ConfigOrigin origin = value == null ? object.origin() : value.origin();
    if (origin.description().startsWith(ScenarioText.SETTING)) {
      return ScenarioText.SETTING + " " + join(key);
    }
    String line = origin.lineNumber() > 0 ? ":" + origin.lineNumber() : "";
    return file + line + ": " + join(key);
  }
}
