package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.fault.FaultKind;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.fault.FaultText;
import org.bufferyard.simulator.fault.Firings;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Preference;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.jspecify.annotations.Nullable;

/** Reads the text of a tape. A refusal names the line and what is wrong with it. */
public final class TapeReader {
  /** Longer texts are refused unread. */
  public static final int TEXT_CHARS_MAX = 16 << 20;

  private static final int PICKS_MAX = 8_000_000;
  private static final int STEPS_MAX = 1_000_000;
  private static final int SHOWN_MAX = 80;

  private static final class Bad extends RuntimeException {
    private static final long serialVersionUID = 1;

    Bad(String text) {
      super(text, null, false, false);
    }
  }

  private @Nullable Long seed;
  private @Nullable String scenario;
  private final List<String> settings = new ArrayList<>();
  private final List<FaultSpec> faults = new ArrayList<>();
  private final List<Firings.Firing> firings = new ArrayList<>();
  private final Map<String, List<Step>> steps = new LinkedHashMap<>();
  private @Nullable List<Step> client;
  private int[] picks = new int[64];
  private int pickCount;
  private int stepCount;
  private Tape.@Nullable Expected expected;

  private TapeReader() {}

  /** The tape in {@code text}; {@code name} is shown in refusals. */
  public static Outcome<Tape> read(String name, String text) {
    TapeReader reader = new TapeReader();
    int line = 0;
    try {
      if (text.length() > TEXT_CHARS_MAX) {
        throw new Bad("longer than " + TEXT_CHARS_MAX + " characters");
      }
      for (String each : text.lines().toList()) {
        line++;
        reader.line(line, each);
      }
      return Outcome.done(reader.tape());
    } catch (Bad bad) {
      String where = line > 0 ? name + ":" + line : name;
      return Outcome.refused(Errno.EINVAL, where + ": " + bad.getMessage());
    }
  }

  private Tape tape() {
    if (seed == null || scenario == null || expected == null) {
      throw new Bad(
          "the tape ends without a line "
              + (seed == null ? "seed" : scenario == null ? "scenario" : "expect"));
    }
    return new Tape(
        seed,
        new World(scenario, settings, faults),
        steps,
        new Firings(firings),
        Arrays.copyOf(picks, pickCount),
        expected);
  }

  private void line(int number, String text) {
    if (number == 1) {
      if (!text.equals(TapeText.HEAD)) {
        throw new Bad("not a tape: begins with '" + shown(text) + "', not " + TapeText.HEAD);
      }
      return;
    }
    if (expected != null) {
      throw new Bad("goes on after the line expect");
    }
    int space = text.indexOf(' ');
    String word = space < 0 ? text : text.substring(0, space);
    String rest = space < 0 ? "" : text.substring(space + 1);
    switch (word) {
      case "seed" -> seed = number(rest, 0, Long.MAX_VALUE);
      case "scenario" -> scenario = rest;
      case "set" -> settings.add(rest);
      case "fault" -> faults.add(done(FaultText.parse(rest)));
      case "fires" -> firings.add(firing(rest.split(" ", -1)));
      case "client" -> client(rest);
      case "at" -> step(rest.split(" ", -1));
      case "picks" -> picks(rest.split(" ", -1));
      case "expect" -> expected = expected(rest.split(" ", -1));
      default -> throw new Bad("'" + shown(text) + "' is no line of a tape");
    }
  }

  private static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(var refusal) -> throw new Bad(refusal.reason());
    };
  }

  private static String shown(String text) {
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
  }

  private static long number(String text, long min, long max) {
    try {
      if (text.matches("-?[0-9]{1,19}")) {
        long value = Long.parseLong(text);
        if (value >= min && value <= max) {
          return value;
        }
      }
    } catch (NumberFormatException tooLong) {
      // Told below, with the range.
    }
    throw new Bad("'" + shown(text) + "' is not a number from " + min + " to " + max);
  }

  private static int small(String text, int min) {
    return (int) number(text, min, Integer.MAX_VALUE);
  }

  private static void words(String[] words, int min, int max) {
    if (words.length < min || words.length > max) {
      throw new Bad("has " + words.length + " words where " + min + " belong");
    }
  }

  private static Firings.Firing firing(String... words) {
    words(words, 2, 2);
    FaultKind kind = FaultKind.of(words[0]);
    if (kind == null) {
      throw new Bad("fault '" + shown(words[0]) + "' is unknown");
    }
    return new Firings.Firing(kind, number(words[1], 1, Long.MAX_VALUE));
  }

  private void client(String name) {
    if (!name.matches("[A-Za-z0-9_-]{1,64}") || steps.containsKey(name)) {
      throw new Bad("'" + shown(name) + "' is no client, or is there already");
    }
    List<Step> fresh = new ArrayList<>();
    steps.put(name, fresh);
    client = fresh;
  }

  private void step(String... words) {
    List<Step> to = client;
    if (to == null || words.length < 3) {
      throw new Bad("a step has a client above it, a time, an action and a buffer");
    }
    if (++stepCount > STEPS_MAX) {
      throw new Bad("more than " + STEPS_MAX + " steps");
    }
    try {
      to.add(new Step(number(words[0], 0, Long.MAX_VALUE), action(words)));
    } catch (IllegalArgumentException outOfRange) {
      throw new Bad(String.valueOf(outOfRange.getMessage()));
    }
  }

  private static Action action(String... words) {
    return switch (words[1]) {
      case "export" ->
          new Action.Export(
              small(words[2], 0),
              number(words.length > 3 ? words[3] : "", 1, Long.MAX_VALUE),
              "buffer " + words[2],
              Preference.NONE,
              List.of(Arrays.copyOfRange(words, 4, words.length)));
      case "submit" -> submit(words);
      case "attach" -> new Action.Attach(small(words[2], 0), device(words));
      case "unmap" -> new Action.Unmap(small(words[2], 0), device(words));
      case "pin" -> new Action.Pin(small(words[2], 0), device(words));
      case "unpin" -> new Action.Unpin(small(words[2], 0), device(words));
      case "release" -> {
        words(words, 3, 3);
        yield new Action.Release(small(words[2], 0));
      }
      case "cpu" -> {
        words(words, 6, 6);
        yield new Action.CpuAccess(
            small(words[2], 0),
            direction(words[3]),
            number(words[4], 0, Long.MAX_VALUE),
            number(words[5], 1, Long.MAX_VALUE));
      }
      default -> throw new Bad("'" + shown(words[1]) + "' is no action");
    };
  }

  private static String device(String... words) {
    words(words, 4, 4);
    return words[3];
  }

  private static Action submit(String... words) {
    if (words.length < 5) {
      throw new Bad("a job has a device, a time and a use");
    }
    List<Use> uses = new ArrayList<>();
    for (String word : Arrays.copyOfRange(words, 4, words.length)) {
      String[] parts = word.split("[:+]", -1);
      words(parts, 4, 4);
      uses.add(
          new Use(
              small(parts[0], 0),
              direction(parts[1]),
              number(parts[2], 0, Long.MAX_VALUE),
              number(parts[3], 1, Long.MAX_VALUE)));
    }
    return new Action.Submit(words[2], uses, number(words[3], 0, Long.MAX_VALUE));
  }

  private static DmaDirection direction(String text) {
    for (DmaDirection direction : DmaDirection.values()) {
      if (direction.name().equals(text)) {
        return direction;
      }
    }
    throw new Bad("'" + shown(text) + "' is none of " + Arrays.toString(DmaDirection.values()));
  }

  private void picks(String... words) {
    for (String word : words) {
      int star = word.indexOf('*');
      int pick = (int) number(star < 0 ? word : word.substring(0, star), -1, Integer.MAX_VALUE);
      int run = star < 0 ? 1 : (int) number(word.substring(star + 1), 1, PICKS_MAX);
      if (pickCount + run > PICKS_MAX) {
        throw new Bad("more than " + PICKS_MAX + " picks");
      }
      if (pickCount + run > picks.length) {
        picks = Arrays.copyOf(picks, Math.max(picks.length * 2, pickCount + run));
      }
      Arrays.fill(picks, pickCount, pickCount + run, pick);
      pickCount += run;
    }
  }

  private static Tape.Expected expected(String... words) {
    words(words, 6, 6);
    for (Trial.Verdict verdict : Trial.Verdict.values()) {
      if (verdict.name().equals(words[0])
          && words[2].equals("events")
          && words[4].equals("hash")
          && words[5].matches("[0-9a-f]{16}")) {
        return new Tape.Expected(
            verdict,
            words[1].equals("-") ? "" : words[1],
            number(words[3], 0, Long.MAX_VALUE),
            Long.parseUnsignedLong(words[5], 16));
      }
    }
    throw new Bad("is not: expect VERDICT RULE events N hash H");
  }
}
