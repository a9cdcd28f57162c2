package org.bufferyard.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.scenario.ClaimsSpec.Turn;

/** Reads who is in the foreground when: {@code CLIENT TIME}, or {@code CLIENT PHASE}. */
final class TurnsReader {
  static final String TURNS = "turns";
  private static final String EVERY = "every";
  private static final int TURNS_MAX = 1_024;

  private final Fields foreground;
  private final List<String> clients;
  private final List<String> phases;

  TurnsReader(Fields foreground, List<String> clients, List<String> phases) {
    this.foreground = foreground;
    this.clients = clients;
    this.phases = phases;
  }

  List<Turn> turns() {
    List<Turn> turns = new ArrayList<>();
    for (String text : foreground.words(TURNS)) {
      Turn turn = turn(text);
      if (!turns.isEmpty() && !mayFollow(turns.getLast(), turn)) {
        throw foreground.fault(
            TURNS, text, "later than the turn before it, and times or phases throughout");
      }
      turns.add(turn);
    }
    if (turns.size() > TURNS_MAX) {
      throw foreground.fault(TURNS, turns.size(), "at most " + TURNS_MAX + " turns");
    }
    return turns;
  }

  private static boolean mayFollow(Turn before, Turn turn) {
    boolean timed = before.phase().isEmpty();
    return timed == turn.phase().isEmpty() && (!timed || before.atNanos() < turn.atNanos());
  }

  private Turn turn(String text) {
    String[] words = text.strip().split("\\s+", 2);
    if (!clients.contains(words[0])) {
      throw foreground.fault(TURNS, text, "a client " + ClaimsReader.known(clients));
    }
    String when = words.length < 2 ? "" : words[1];
    if (phases.contains(when)) {
      return new Turn(words[0], 0, when);
    }
    return switch (Quantity.timeNanos(when, 0, ScenarioReader.DURATION_NANOS_MAX)) {
      case Outcome.Done<Long>(Long nanos) -> new Turn(words[0], nanos, "");
      case Outcome.Refused<Long> refused ->
          throw foreground.fault(
              TURNS,
              text,
              "a client and a time, for example "
                  + words[0]
                  + " 200 ms"
                  + (phases.isEmpty()
                      ? ""
                      : ", or one of the phases " + String.join(", ", phases)));
    };
  }

  /** After which time the turns begin anew; 0: they do not. */
  long every(List<Turn> turns) {
    long every = foreground.nanos(EVERY, 0, 0, ScenarioReader.DURATION_NANOS_MAX);
    boolean timed = !turns.isEmpty() && turns.getLast().phase().isEmpty();
    if (every > 0 && (!timed || every <= turns.getLast().atNanos())) {
      throw foreground.fault(EVERY, every + " ns", "more than the time of the last turn");
    }
    return every;
  }
}
