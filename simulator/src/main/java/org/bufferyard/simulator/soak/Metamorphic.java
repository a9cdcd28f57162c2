package org.bufferyard.simulator.soak;

import java.util.List;
import java.util.function.UnaryOperator;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.run.Trial;
import org.jspecify.annotations.Nullable;

/** Runs a drawn world and another that is related to it, and compares what comes of them. */
public final class Metamorphic {
  private static final List<Relation> RELATIONS = List.of(Relation.values());

  /** The relation that a seed is for, so that seeds take turns. */
  public static Relation relationOf(long seed) {
    return RELATIONS.get((int) Math.floorMod(seed, (long) RELATIONS.size()));
  }

  /**
   * Why the relation does not hold for the world of this seed; null if it does.
   *
   * @param change made to either run, as a test of the relations may have it
   */
  public static @Nullable String check(
      long seed, List<String> policies, Relation relation, UnaryOperator<Trial.Plan> change) {
    SoakPlan plan = new SoakPlan(null, List.of(), List.of(), policies);
    if (!(SoakCase.of(plan, seed) instanceof Outcome.Done<SoakCase>(SoakCase drawn))) {
      throw new IllegalStateException("seed draws no world, seed=" + seed);
    }
    // What is said of clients by name and in bytes would not be related.
    SoakCase base = relation.base(drawn.on(drawn.scenario().unmanaged()));
    SoakCase other = relation.other(base);
    Trial.Outcome first = Trial.run(change.apply(base.plan()));
    Trial.Outcome second = Trial.run(change.apply(relation.otherPlan(other)));
    String text = text(first, second, relation);
    return text == null
        ? null
        : "seed " + seed + ": it does not hold that " + relation.text() + ": " + text;
  }

  private static @Nullable String text(
      Trial.Outcome first, Trial.Outcome second, Relation relation) {
    if (!first.clean()) {
      return "the one world fails: " + first.violations().getFirst().text();
    }
    return second.clean()
        ? relation.differs(first, second)
        : "the other world fails: " + second.violations().getFirst().text();
  }

  private Metamorphic() {}
}
