package org.bufferyard.actors.session;

import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Session.ExportSpec;
import org.bufferyard.allocator.Refusal;

/** What a session checks before it makes a buffer, for tests elsewhere. */
public final class ExportCheckDoor {
  /** Of an export that is to be refused. */
  public static Refusal refusal(ExportSpec spec, Topology topology) {
    Refusal refusal = ExportCheck.refusal(spec, topology);
    if (refusal == null) {
      throw new AssertionError("not refused: " + spec);
    }
    return refusal;
  }

  private ExportCheckDoor() {}
}
