package org.bufferyard.simulator.attack;

import org.bufferyard.simulator.result.RunResult;

/** A trial broke an invariant: the attack has found a fault of the yard, not of a policy. */
public final class BrokenRun extends RuntimeException {
  private final transient Genome genome;
  private final String policy;
  private final long seed;

  BrokenRun(Genome genome, String policy, long seed, RunResult.Violation first) {
    super(first.rule() + ": " + first.text());
    this.genome = genome;
    this.policy = policy;
    this.seed = seed;
  }

  public Genome genome() {
    return genome;
  }

  public String policy() {
    return policy;
  }

  public long seed() {
    return seed;
  }
}
