package org.bufferyard.simulator.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bufferyard.simulator.run.Checkpoint;
import org.bufferyard.simulator.scenario.Scenario;
import org.jspecify.annotations.Nullable;

/**
 * A run that is done again up to a snapshot, found to be the same there, and then goes on. One that
 * is not the same ends there.
 */
public final class Resumption implements Checkpoint {
  private static final int NAMED_MAX = 3;

  private final Snapshot snapshot;
  private boolean verified;
  private @Nullable String fault;

  public Resumption(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Why the run cannot be done again, known before it starts: its scenario is another one. */
  public static Optional<String> changed(Snapshot snapshot, Scenario scenario) {
    List<String> names = Snapshot.differing(snapshot.scenario(), Snapshot.parts(scenario));
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of("the scenario has changed since: " + shown(names));
  }

  @Override
  public boolean reached(long event, long nanos) {
    return event >= snapshot.moment().event();
  }

  @Override
  public boolean at(Moment now) {
    fault = compare(snapshot.moment(), now);
    verified = fault == null;
    return verified;
  }

  /** The run was found to be the same. */
  public boolean verified() {
    return verified;
  }

  /** Why it was not; that it ended before, if it never came to the snapshot's event. */
  public String fault() {
    return fault == null ? "the run ends before event " + count(snapshot.moment().event()) : fault;
  }

  private static @Nullable String compare(Moment then, Moment now) {
    int differs = Arrays.mismatch(then.picks(), now.picks());
    if (differs >= 0) {
      return "choice %s of its %s was another one"
          .formatted(count(differs + 1L), count(then.picks().length));
    }
    List<String> names = Snapshot.differing(then.parts(), now.parts());
    if (!names.isEmpty()) {
      return "at event %s the state is not what was saved: %s"
          .formatted(count(then.event()), shown(fieldsFirst(names)));
    }
    if (then.eventHash() != now.eventHash() || then.nanos() != now.nanos()) {
      return "at event %s the hash is %x at %d ns, saved were %x at %d ns"
          .formatted(
              count(then.event()), now.eventHash(), now.nanos(), then.eventHash(), then.nanos());
    }
    return null;
  }

  /** What differs says more than in which actors. */
  private static List<String> fieldsFirst(List<String> names) {
    return names.stream()
        .sorted((a, b) -> Boolean.compare(a.startsWith("/"), b.startsWith("/")))
        .toList();
  }

  private static String shown(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(NAMED_MAX, names.size())));
    int more = names.size() - NAMED_MAX;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
