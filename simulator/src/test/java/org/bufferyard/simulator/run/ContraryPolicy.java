package org.bufferyard.simulator.run;

import java.util.TreeSet;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;
import org.bufferyard.allocator.policy.cache.LruPolicy;

/** Least recently used first, lets nothing in that may go elsewhere, and notes who asked. */
public final class ContraryPolicy implements EvictionPolicy {
  static final String NAME = "contrary";

  /** Of all regions of all runs since it was cleared. */
  static final TreeSet<String> FACTS = new TreeSet<>();

  public static final class Provider implements PolicyProvider {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "lru that declines whatever it may";
    }

    @Override
    public EvictionPolicy create(PolicyContext context) {
      return new ContraryPolicy(context);
    }
  }

  private final EvictionPolicy order;
  private final Residents residents;

  private ContraryPolicy(PolicyContext context) {
    order = new LruPolicy(context);
    residents = context.residents();
  }

  private static void note(String fact) {
    synchronized (FACTS) {
      FACTS.add(fact);
    }
  }

  @Override
  public Admission admission(Demand demand) {
    note("declined");
    return demand.mustReside() ? Admission.ADMIT : Admission.SPILL;
  }

  @Override
  public void admitted(int id, long nowNanos) {
    note("owner " + residents.owner(id));
    order.admitted(id, nowNanos);
  }

  @Override
  public void used(int id, long nowNanos) {
    order.used(id, nowNanos);
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    order.removed(id, reason, nowNanos);
  }

  @Override
  public void pinned(int id) {
    order.pinned(id);
  }

  @Override
  public void unpinned(int id, long nowNanos) {
    order.unpinned(id, nowNanos);
  }

  @Override
  public void begin(Demand demand) {
    note("asked by " + demand.owner());
    order.begin(demand);
  }

  @Override
  public int victim(Demand demand) {
    return order.victim(demand);
  }
}
