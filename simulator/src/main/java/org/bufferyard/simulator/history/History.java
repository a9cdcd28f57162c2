package org.bufferyard.simulator.history;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.protocol.BufferId;

/** What clients asked of one buffer and saw, and what it did by itself. Owned by the histories. */
final class History {
  final BufferId buffer;
  final List<Operation> operations = new ArrayList<>();
  private final ReferenceBuffer start;

  History(BufferId buffer, ReferenceBuffer start) {
    this.buffer = buffer;
    this.start = start;
  }

  /** Looks for an order that explains it. */
  Check check() {
    Linearization search = new Linearization(operations);
    return new Check(search.search(start), search.explanation());
  }

  /**
   * What came of a check.
   *
   * @param explanation of what fits nowhere, where there is no order
   */
  record Check(Linearization.Verdict verdict, String explanation) {}
}
