package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bufferyard.simulator.run.Deeds;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.scenario.Contents;
import org.bufferyard.simulator.scenario.DeviceSpec;
import org.bufferyard.simulator.scenario.RegionSpec;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.testkit.Strategy;
import org.jspecify.annotations.Nullable;

/**
 * Two worlds of which it is known how what happens in them compares, whatever happens: the oracle
 * where nothing says what the right outcome is. Without faults, whose occasions would differ.
 */
public enum Relation {
  /** More room, and nothing is refused for want of it. */
  MORE_ROOM("with room for everything nothing is refused for want of room") {
    @Override
    SoakCase other(SoakCase base) {
      return base.on(Variants.roomy(base.scenario()));
    }

    @Override
    @Nullable String differs(Trial.Outcome base, Trial.Outcome other) {
      long refused = other.deeds().stream().mapToLong(Deeds::wantedRoom).sum();
      return refused > 0 ? refused + " refused for want of room" : null;
    }
  },

  UNWATCHED("who watches changes nothing") {
    @Override
    Trial.Plan otherPlan(SoakCase other) {
      return other.plan().unchecked();
    }

    @Override
    @Nullable String differs(Trial.Outcome base, Trial.Outcome other) {
      return sameHash(base, other);
    }
  },

  RENAMED("names of devices, clients and buffers change nothing") {
    @Override
    SoakCase base(SoakCase drawn) {
      return drawn.in(Strategy.fifo());
    }

    @Override
    SoakCase other(SoakCase base) {
      return Variants.renamed(base);
    }

    @Override
    @Nullable String differs(Trial.Outcome base, Trial.Outcome other) {
      return sameCourse(base, other);
    }
  },

  REORDERED("the order of the devices' numbers changes nothing that is asked and done") {
    @Override
    SoakCase base(SoakCase drawn) {
      return drawn.on(Variants.roomy(drawn.scenario())).in(Strategy.fifo());
    }

    @Override
    SoakCase other(SoakCase base) {
      Scenario scenario = base.scenario();
      return base.on(Variants.withDevices(scenario, scenario.devices().reversed()));
    }

    @Override
    @Nullable String differs(Trial.Outcome base, Trial.Outcome other) {
      // Two jobs of one instant are told apart by their devices' numbers: which of them is first
      // may decide whether a step still finds its buffer, and with it whether a job is submitted.
      List<Deeds> due = new ArrayList<>();
      List<Deeds> done = new ArrayList<>();
      for (int client = 0; client < base.deeds().size(); client++) {
        Deeds one = base.deeds().get(client);
        if (client < other.deeds().size() && one.skipped() == other.deeds().get(client).skipped()) {
          due.add(one);
          done.add(other.deeds().get(client));
        }
      }
      return sameDeeds(due, done);
    }
  },

  IDLE_DEVICES("devices that do nothing change nothing for others") {
    @Override
    SoakCase base(SoakCase drawn) {
      return drawn.in(Strategy.fifo());
    }

    @Override
    SoakCase other(SoakCase base) {
      List<DeviceSpec> more = new ArrayList<>(base.scenario().devices());
      more.addFirst(base.scenario().devices().getFirst().named("an-idle-one"));
      more.addLast(base.scenario().devices().getFirst().named("idle-too"));
      return base.on(Variants.withDevices(base.scenario(), more));
    }

    @Override
    @Nullable String differs(Trial.Outcome base, Trial.Outcome other) {
      return sameDeeds(base, other);
    }
  },

  DOUBLED("twice the size of everything, at twice the rates, is the same") {
    @Override
    SoakCase base(SoakCase drawn) {
      return drawn.on(Variants.roomy(Variants.withoutBounce(drawn.scenario()))).in(Strategy.fifo());
    }

    @Override
    SoakCase other(SoakCase base) {
      return Variants.doubled(base);
    }

    @Override
    @Nullable String differs(Trial.Outcome base, Trial.Outcome other) {
      return sameDeeds(base, other, deeds -> Variants.withPages(deeds, 2 * deeds.pagesVerified()));
    }
  },

  OTHER_POLICY("where nothing is evicted the policy changes nothing") {
    @Override
    SoakCase base(SoakCase drawn) {
      return drawn.on(Variants.roomy(drawn.scenario()));
    }

    @Override
    SoakCase other(SoakCase base) {
      Scenario scenario = base.scenario();
      String policy = scenario.policy().equals("lru") ? "fifo" : "lru";
      return base.on(
          scenario.on(
              scenario.regions(),
              scenario.links(),
              scenario.devices(),
              policy,
              scenario.contents()));
    }

    @Override
    @Nullable String differs(Trial.Outcome base, Trial.Outcome other) {
      return sameHash(base, other);
    }
  },

  OTHER_STORE("real bytes take the same course as tags") {
    @Override
    SoakCase other(SoakCase base) {
      Scenario scenario = base.scenario();
      return base.on(
          scenario.on(
              scenario.regions(),
              scenario.links(),
              scenario.devices(),
              scenario.policy(),
              Contents.BYTES));
    }

    @Override
    @Nullable String differs(Trial.Outcome base, Trial.Outcome other) {
      return sameHash(base, other);
    }
  },

  OTHER_ORDER("who goes first changes nothing that is asked and done") {
    @Override
    SoakCase base(SoakCase drawn) {
      return Variants.calm(drawn);
    }

    @Override
    SoakCase other(SoakCase base) {
      return base.in(Strategy.uniform());
    }

    @Override
    @Nullable String differs(Trial.Outcome base, Trial.Outcome other) {
      return sameDeeds(base, other);
    }
  };

  private final String text;

  Relation(String text) {
    this.text = text;
  }

  /** The relation in words. */
  public String text() {
    return text;
  }

  /** What a drawn world has to be like for the relation to hold. */
  SoakCase base(SoakCase drawn) {
    return drawn;
  }

  /** The world to compare it with. */
  SoakCase other(SoakCase base) {
    return base;
  }

  Trial.Plan otherPlan(SoakCase other) {
    return other.plan();
  }

  /** Why the relation does not hold; null if it does. */
  abstract @Nullable String differs(Trial.Outcome base, Trial.Outcome other);

  /** The region specs with sizes multiplied. */
  static List<RegionSpec> scaled(List<RegionSpec> regions, int factor) {
    return regions.stream().map(region -> region.ofSize(region.sizeBytes() * factor)).toList();
  }

  private static @Nullable String sameHash(Trial.Outcome base, Trial.Outcome other) {
    return base.eventHash() == other.eventHash()
        ? null
        : base.steps() + " events, then " + other.steps() + " of another hash";
  }

  private static @Nullable String sameCourse(Trial.Outcome base, Trial.Outcome other) {
    boolean same = base.steps() == other.steps() && base.endNanos() == other.endNanos();
    return same
        ? sameDeeds(base, other)
        : String.format(
            java.util.Locale.ROOT,
            "%d events to %d ns, then %d to %d ns",
            base.steps(),
            base.endNanos(),
            other.steps(),
            other.endNanos());
  }

  private static @Nullable String sameDeeds(Trial.Outcome base, Trial.Outcome other) {
    return sameDeeds(base, other, UnaryOperator.identity());
  }

  private static @Nullable String sameDeeds(
      Trial.Outcome base, Trial.Outcome other, UnaryOperator<Deeds> expected) {
    return sameDeeds(base.deeds().stream().map(expected).toList(), other.deeds());
  }

  private static @Nullable String sameDeeds(List<Deeds> due, List<Deeds> done) {
    return due.equals(done) ? null : due + ", then " + done;
  }
}
